from odoo.tests import tagged

from .membership_common import MembershipCase


@tagged("post_install", "-at_install")
class TestPaidMembershipUses(MembershipCase):
    """What the tier gave since the payment is a use; what others gave is none."""

    def _give(self, kind, **values):
        return self.env["loyalty.tier.benefit"].create(
            {"tier_id": self.gold.id, "kind": kind, **values}
        )

    def test_an_order_made_cheaper_is_a_use(self):
        self._give("discount", discount=10)
        self._buy(50)
        _order, _invoice, term = self._sell()
        self.assertFalse(term._get_uses())
        order = self._make_order(self.member, 200)
        order._update_programs_and_rewards()
        order.action_confirm()
        self.assertEqual(order.amount_total, 180)
        self.assertIn(order.name, term._get_uses()[0])
        order.sudo()._action_cancel()
        self.assertFalse(term._get_uses())

    def test_points_on_top_are_a_use_until_they_are_taken_back(self):
        self._give("multiplier", factor=1.5)
        _order, _invoice, term = self._sell()
        order = self._buy(100)
        self.assertEqual(term._get_uses(), ["50 points on top"])
        order.sudo()._action_cancel()
        self.assertFalse(term._get_uses())
