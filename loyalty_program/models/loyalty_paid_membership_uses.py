from odoo import models
from odoo.fields import Domain

from .loyalty_tier_multiplier import BONUS


class LoyaltyPaidMembership(models.Model):
    """What a paid membership has given: the reason not to give all the money back."""

    _inherit = "loyalty.paid.membership"

    def _get_uses(self):
        uses = super()._get_uses()
        if orders := self._get_discounted_documents("sale.order.line"):
            uses.append(
                self.env._("percentage off %(orders)s", orders=", ".join(orders))
            )
        if points := self._get_bonus_points():
            uses.append(self.env._("%(points)s points on top", points=f"{points:g}"))
        return uses

    def _get_discounted_documents(self, model):
        """Return the names of the documents that the tier made cheaper.

        :param str model: of the documents' lines, with ``order_id`` and ``reward_id``
        """
        self.ensure_one()
        programs = self.tier_id.with_context(
            active_test=False
        ).benefit_ids.discount_program_id
        # sudo: whoever books a credit note need not see the other orders.
        lines = self.env[model].sudo()
        found = lines.search(
            [
                ("order_id.partner_id", "=", self.partner_id.id),
                ("order_id.state", "not in", ("draft", "sent", "cancel")),
                ("reward_id.program_id", "in", programs.ids),
                ("create_date", ">=", self.create_date),
            ]
        )
        return found.order_id.mapped("name")

    def _get_bonus_points(self):
        """Return the points that the tier's multiplier gave and that still stand."""
        # sudo: the ledger's own trail decides, whoever asks.
        ledger = self.env["loyalty.ledger.entry"].sudo()
        given = ledger.search(
            Domain("member_card_id.partner_id", "=", self.partner_id.id)
            & Domain("program_id", "=", self.program_id.id)
            & Domain("entry_type", "=", "bonus")
            & Domain("key", "=like", f"%{BONUS}")
            & Domain("posted_at", ">=", self.create_date)
        )
        undone = ledger.search([("reverses_id", "in", given.ids)])
        return sum(given.mapped("points")) + sum(undone.mapped("points"))
