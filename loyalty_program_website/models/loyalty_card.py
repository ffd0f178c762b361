from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _search_portal_entries(self, domain=Domain.TRUE, **search):
        """Return what this member did, never what others of a pool did.

        :param Domain domain: which of them; no condition on the card needed
        :param search: order, limit and offset of the search
        """
        return self._get_entries_sudo().search(
            self._get_portal_entries_domain() & domain, **search
        )

    def _count_portal_entries(self, domain):
        return self._get_entries_sudo().search_count(
            self._get_portal_entries_domain() & domain
        )

    def _get_portal_entries_domain(self):
        """Return what concerns the member: on a stamp card, purchases with stamps."""
        own = self._get_own_entries_domain()
        # sudo: how a balance is shown is the programme's word.
        if self.sudo().program_id.shows_stamps:
            own &= Domain("points", "!=", 0)
        return own

    def _get_entries_sudo(self):
        self.ensure_one()
        # sudo: customers cannot read the ledger. Controllers call this for the card
        # that they found by the signed-in customer, and every search is bound to it.
        return self.env["loyalty.ledger.entry"].sudo()

    def _describe_portal_expiry(self):
        """Return which points are the next to expire, as a sentence."""
        self.ensure_one()
        # sudo: how points are written is the programme's word.
        program = self.sudo().program_id
        return self.env._(
            "%(points)s expire on %(day)s",
            points=program._format_portal_points(self.expiring_points),
            day=format_date(self.env, self.expiring_on),
        )

    def _get_portal_sharing(self):
        """Return what the member's page tells about sharing points.

        :return: ``pool`` (empty without one), ``words`` (who shares, a sentence),
            ``may_leave``, ``may_spend`` and ``invitations``
        :rtype: dict
        """
        self.ensure_one()
        # sudo: customers cannot read pools; of this one only name and size leave.
        card_sudo = self.sudo()
        pool = card_sudo._get_pool()
        return {
            "pool": pool,
            "words": pool and self._describe_portal_sharing(pool),
            "may_leave": pool.kind == "household",
            "may_spend": card_sudo._may_spend(),
            "invitations": card_sudo.pool_member_ids.filtered(
                lambda member: member.state == "invited" and not pool
            ),
        }

    def _describe_portal_sharing(self, pool):
        others = pool.member_count - 1
        if others <= 0:
            return self.env._("You share these points in “%(pool)s”.", pool=pool.name)
        if others == 1:
            return self.env._(
                "You share these points with one other member of “%(pool)s”.",
                pool=pool.name,
            )
        return self.env._(
            "You share these points with %(others)s others in “%(pool)s”.",
            others=others,
            pool=pool.name,
        )
