from odoo.exceptions import AccessError
from odoo.tests import tagged

from .care_common import CareCase


@tagged("post_install", "-at_install")
class TestForgedDefaults(CareCase):
    """Any client names defaults in its context: what is closed stays closed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls._make_partner("Stan Stranger")

    def test_a_claim_takes_no_order_of_its_fee_from_the_context(self):
        _order, _invoice, plan = self._sell()
        foreign = self._make_order(self.stranger)
        foreign.action_confirm()
        claims = self.env["loyalty.care.claim"].with_user(self.loyalty_user)
        claim = claims.with_context(
            default_fee_order_id=foreign.id,
            default_decided_by_id=self.manager.id,
            default_state="done",
        ).create({"plan_id": plan.id, "description": "Fell into a tree."})
        self.assertFalse(claim.sudo().fee_order_id)
        self.assertFalse(claim.decided_by_id)
        self.assertEqual(claim.state, "new")
        claim.action_cancel()
        self.assertEqual(foreign.state, "sale")

    def test_joining_credits_no_earlier_purchases_by_the_context(self):
        joining = self.env["loyalty.join"].with_user(self.loyalty_user)
        values = {
            "partner_id": self.stranger.id,
            "program_id": self.program.id,
            "consent": True,
        }
        with self.assertRaises(AccessError):
            joining.create({**values, "credit_since": "2026-01-01"})
        with self.assertRaises(AccessError):
            joining.with_context(default_credit_since="2026-01-01").create(values)

    def test_a_line_of_a_confirmed_order_takes_no_points_by_the_context(self):
        self._post(300)
        order = self._buy(50, partner=self.stranger)
        claim = {
            "coupon_id": self.card.id,
            "points_cost": 100,
            "reward_id": self.program.reward_ids[0].id,
        }
        lines = self.env["sale.order.line"].with_user(self.salesperson)
        forged = {f"default_{name}": value for name, value in claim.items()}
        values = {"product_id": self.product.id}
        line = lines.with_context(**forged).create({**values, "order_id": order.id})
        self.assertFalse(line.coupon_id or line.points_cost or line.reward_id)
        with self.assertRaises(AccessError):
            lines.with_context(default_order_id=order.id).create({**values, **claim})
        self.env.invalidate_all()
        self.assertEqual(self.card.points, 300)
