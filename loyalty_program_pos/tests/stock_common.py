from odoo.fields import Command

from .common import TillCase
from odoo.addons.loyalty_program.tests.stock_common import has_suite


class StockTooTill(TillCase):
    """A till with or without the suite: a test asks the same of both."""

    @classmethod
    def _give_rights(cls):
        if has_suite(cls):
            super()._give_rights()

    @classmethod
    def _make_program(cls, **values):
        if has_suite(cls):
            return super()._make_program(**values)
        reward = {"discount_mode": "per_order", "discount": 5, "required_points": 100}
        return cls.env["loyalty.program"].create(
            {
                "name": "Members",
                "program_type": "loyalty",
                "trigger": "auto",
                "applies_on": "both",
                "currency_id": cls.till.currency_id.id,
                "rule_ids": [Command.create({"reward_point_mode": "money"})],
                "reward_ids": [Command.create(reward)],
                **values,
            }
        )

    @classmethod
    def _make_card(cls, partner):
        if has_suite(cls):
            return super()._make_card(partner)
        values = {"program_id": cls.program.id, "partner_id": partner.id}
        return cls.env["loyalty.card"].create(values)

    def _give(self, points, card=None):
        if has_suite(self):
            super()._give(points, card)
        else:
            (card or self.card).points += points

    def _confirm(self, order, *, card, points, **values):
        """Tell the points of a sale, as the till does in a call of its own."""
        return order.with_user(self.cashier).confirm_coupon_programs(
            {
                str(card.id): {
                    "points": points,
                    "program_id": card.program_id.id,
                    "coupon_id": card.id,
                    **values,
                }
            }
        )
