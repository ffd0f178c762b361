from odoo.fields import Command

from .common import LoyaltyWebsiteCommon
from odoo.addons.loyalty_program.tests.stock_common import has_suite


class StockTooShop(LoyaltyWebsiteCommon):
    """A webshop with or without the suite: a test asks the same of both."""

    @classmethod
    def _create_program(cls, **values):
        if has_suite(cls):
            return super()._create_program(**values)
        reward = {"discount_mode": "per_order", "discount": 5, "required_points": 100}
        return cls.env["loyalty.program"].create(
            {
                "program_type": "loyalty",
                "trigger": "auto",
                "applies_on": "both",
                "portal_visible": True,
                "rule_ids": [Command.create({"reward_point_mode": "money"})],
                "reward_ids": [Command.create(reward)],
                **values,
            }
        )

    @classmethod
    def _create_card(cls, partner):
        if has_suite(cls):
            return super()._create_card(partner)
        values = {"program_id": cls.program.id, "partner_id": partner.id}
        return cls.env["loyalty.card"].create(values)

    def _give_points(self, card, points, key="test:gift", **values):
        if has_suite(self):
            super()._give_points(card, points, key, **values)
        else:
            card.points += points
