from odoo.exceptions import UserError
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

    def test_an_order_at_members_prices_is_a_use(self):
        group = self.env.ref("product.group_product_pricelist")
        self.env.ref("base.group_user").implied_ids += group
        prices = self.env["product.pricelist"].create({"name": "Gold", "sequence": 99})
        self._give("pricelist", pricelist_id=prices.id)
        _order, _invoice, term = self._sell()
        self.assertFalse(term._get_uses())
        order = self._buy(200)
        self.assertEqual(order.pricelist_id, prices)
        self.assertEqual(term._get_uses(), [f"members' prices of {order.name}"])
        self.member.specific_property_product_pricelist = prices
        self.assertFalse(term._get_uses(), "the customer's own list")

    def test_a_gift_of_the_tier_is_a_use(self):
        self._give("entry_gift", gift_points=20)
        _order, invoice, term = self._sell()
        self.assertEqual(term._get_uses(), ["the gift of 06/30/2026"])
        with self.assertRaisesRegex(UserError, "the gift of"):
            self._credit(invoice)

    def test_a_service_that_was_taken_is_a_use_until_it_is_undone(self):
        lounge = self.env["loyalty.entitlement"].create(
            {"name": "Lounge", "program_id": self.program.id}
        )
        self._give("entitlement", entitlement_id=lounge.id)
        _order, _invoice, term = self._sell()
        self.assertFalse(term._get_uses())
        self.card._take_entitlement(lounge)
        self.assertEqual(term._get_uses(), ["Lounge"])
        self.card.entitlement_use_ids.with_user(self.loyalty_user).action_undo()
        self.assertFalse(term._get_uses())

    def test_a_renewal_that_has_not_begun_is_not_used(self):
        self._give("multiplier", factor=1.5)
        _order, _invoice, terms = self._sell(quantity=2)
        self._buy(100)
        with self.assertRaisesRegex(UserError, "50 points on top"):
            terms[0]._check_may_be_refunded()
        self.assertGreater(terms[1].starts_on, terms[0].ends_on)
        terms[1]._check_may_be_refunded()
