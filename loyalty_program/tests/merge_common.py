from odoo.fields import Command

from .common import LoyaltyCase


class MergeCase(LoyaltyCase):
    """Contacts that are merged with Odoo's dialog, and split again by a manager."""

    def _merge(self, kept, *gone, **context):
        """Merge contacts; return the records of their cards, the oldest first.

        :param kept: the card whose contact stays; ``gone`` are the others
        """
        partners = kept.partner_id.union(*(card.partner_id for card in gone))
        last = self.env["loyalty.merge"].search([], limit=1).id or 0
        wizards = self.env["base.partner.merge.automatic.wizard"]
        wizards.with_context(**context).create(
            {
                "partner_ids": [Command.set(partners.ids)],
                "dst_partner_id": kept.partner_id.id,
            }
        ).action_merge()
        self.env.invalidate_all()
        return self.env["loyalty.merge"].search([("id", ">", last)], order="id")

    def _split(self, merge):
        merge.with_user(self.manager)._split(self._make_partner("Heir"))
        self.env.invalidate_all()

    def _make_rich(self, name, points, **values):
        """Return a new member who has earned so many points."""
        card = self._make_member(name)
        if points:
            self._post(points, "earn" if points > 0 else "adjust", card, **values)
        return card
