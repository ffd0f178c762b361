from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestSalePaid(LoyaltyCase):
    """What the customer has paid for is never refused for its points."""

    def _pay(self, order, state="done"):
        provider = self.env["payment.provider"].create(
            {"name": "Test", "code": "none", "company_id": self.company.id}
        )
        payment = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
                "reference": f"paid-{order.id}",
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        # Below the model: which providers can authorise is not the question here.
        payment._write({"state": state})
        payment.invalidate_recordset()

    def _two_carts_with_the_same_points(self):
        self._post(100)
        carts = self._make_order(self.member, 20) | self._make_order(self.member, 20)
        for cart in carts:
            self.assertFalse(self._claim_reward(cart))
        return carts

    def test_a_paid_order_is_kept_and_the_difference_is_a_debt(self):
        first, second = self._two_carts_with_the_same_points()
        self._pay(second)
        first.action_confirm()
        paid = second.amount_total
        second.action_confirm()
        self.assertEqual(second.state, "sale")
        self.assertEqual(second.amount_total, paid)
        self.assertEqual(self._story(second), [("redeem", -100), ("earn", 15)])
        self.assertEqual(self.card.points, 100 - 200 + 15 + 15)
        self.assert_balanced()

    def test_an_authorised_payment_counts_as_paid(self):
        first, second = self._two_carts_with_the_same_points()
        self._pay(second, "authorized")
        first.action_confirm()
        second.action_confirm()
        self.assertEqual(self._story(second), [("redeem", -100), ("earn", 15)])

    def test_a_payment_that_failed_does_not(self):
        first, second = self._two_carts_with_the_same_points()
        self._pay(second, "error")
        first.action_confirm()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            second.action_confirm()
        self.env.invalidate_all()
        self.assertEqual(second.state, "draft")

    def test_a_paid_order_with_enough_points_makes_no_debt(self):
        self._post(100)
        order = self._make_order(self.member, 60)
        self._claim_reward(order)
        self._pay(order)
        order.action_confirm()
        self.assertEqual(self.card.points, 55)
