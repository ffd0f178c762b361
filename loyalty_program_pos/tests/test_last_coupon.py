from functools import partial

from odoo.exceptions import UserError
from odoo.tests import tagged

from .till_race_common import TillRaceCase


@tagged("post_install", "-at_install")
class TestLastCoupon(TillRaceCase):
    """Tills, sales orders and web carts want the same coupon at one instant."""

    def _issue(self, card_id):
        with self._commit() as env:
            reward = env["loyalty.reward"].browse(self.reward)
            reward.issues_coupon = True
            return env["loyalty.card"].browse(card_id)._issue_coupon(reward, "pos").id

    def _apply(self, coupon_id, order_id):
        """Enter the code on a quotation or in a cart; return the order's id."""
        with self._commit() as env:
            order = env["sale.order"].browse(order_id)
            code = env["loyalty.card"].browse(coupon_id).code
            for card, rewards in order._try_apply_code(code).items():
                order._apply_program_reward(rewards, card)
            self.assertEqual(order.amount_total, 15)
        return order_id

    def _use(self, coupon_id, order_id):
        """Tell what the sale took of the coupon, as a till does when it was sent."""
        with self._commit() as env:
            program = env["loyalty.card"].browse(coupon_id).program_id
            env["pos.order"].browse(order_id).confirm_coupon_programs(
                {str(coupon_id): {"points": -1, "program_id": program.id}}
            )

    def test_a_coupon_works_once_whoever_is_first(self):
        (card,) = self._make_members(1, points=100)
        coupon = self._issue(card)
        orders = [self._make_order(card, 20) for _order in range(4)]
        carts = [self._make_cart(card, reward=False) for _cart in range(4)]
        sales = [self._prepare_sale(card, coupon) for _sale in range(4)]
        acts = [
            partial(self._confirm, self._apply(coupon, order))
            for order in orders + carts
        ]
        acts += [partial(self._ask, coupon, sale, cost=1) for sale in sales]
        results, _tries = self._race(*acts)
        refusals = [each for each in results if isinstance(each, UserError)]
        self.assertEqual((results.count(1), len(refusals)), (1, 11), results)
        for refusal in refusals:
            self.assertNotIn("serialize", str(refusal))
        # The till that was told "yes" finds the coupon there.
        for sale, result in zip(sales, results[-len(sales) :], strict=True):
            if result == 1:
                self._use(coupon, self._send(sale))
        with self._commit() as env:
            used = env["loyalty.card"].browse(coupon)
            self.assertEqual((used.points, used.coupon_state), (0, "used"))
