from odoo.fields import Command

from .common import LoyaltyCase


class BenefitCase(LoyaltyCase):
    """Silver gives 5 %, Gold 10 %; a member of each, at the top of the tier."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tiers = cls.program.tier_ids.sorted("threshold")
        cls.bronze, cls.silver_tier, cls.gold_tier, cls.platinum = tiers
        cls.five = cls._make_benefit(cls.silver_tier, 5)
        cls.ten = cls._make_benefit(cls.gold_tier, 10)
        cls.silver = cls._make_tier_member("Sara Silver", 150)
        cls.gold = cls._make_tier_member("Gina Gold", 500)

    @classmethod
    def _make_benefit(cls, tier, percent, **values):
        return cls.env["loyalty.tier.benefit"].create(
            {"tier_id": tier.id, "kind": "discount", "discount": percent, **values}
        )

    @classmethod
    def _make_tier_member(cls, name, spent):
        """Return a member who has spent so much before, without any discount."""
        card = cls._make_member(name)
        cls._make_order(card.partner_id, spent).sudo().action_confirm()
        return card.partner_id

    @classmethod
    def _quote(cls, partner, *lines, **values):
        """Return a quotation that the plain salesperson makes in the back office."""
        commands = [
            Command.create(
                {"product_id": cls.product.id, "tax_ids": [Command.clear()]}
                | (line if isinstance(line, dict) else {"price_unit": line})
            )
            for line in lines or (100,)
        ]
        orders = cls.env["sale.order"].with_user(cls.salesperson)
        return orders.create(
            {"partner_id": partner.id, "order_line": commands, **values}
        )

    @classmethod
    def _make_promotion(cls, discount, mode="percent", **values):
        """Return a promotion of Odoo's own on the whole order."""
        reward = {"discount": discount, "discount_mode": mode, **values}
        return cls.env["loyalty.program"].create(
            {
                "name": f"Promotion {discount}",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [Command.create({"minimum_qty": 0})],
                "reward_ids": [Command.create(reward)],
            }
        )

    def _claim_promotion(self, order, promotion):
        """Claim a promotion as the wizard does; return what stock says."""
        order._update_programs_and_rewards()
        card = order.coupon_point_ids.coupon_id.filtered(
            lambda card: card.program_id == promotion
        )
        status = order._apply_program_reward(
            promotion.reward_ids.with_env(order.env), card
        )
        order._update_programs_and_rewards()
        return status
