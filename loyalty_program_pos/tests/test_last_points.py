from functools import partial

from odoo.exceptions import UserError
from odoo.tests import tagged

from .till_race_common import TillRaceCase

CLIENTS = 16


@tagged("post_install", "-at_install")
class TestLastPoints(TillRaceCase):
    """Tills, sales orders and web carts want the same last points at one instant."""

    def test_sixteen_clients_of_three_channels_and_one_wins(self):
        (card,) = self._make_members(1, points=100)
        orders = [self._make_order(card, 20, reward=True) for _order in range(6)]
        carts = [self._make_cart(card) for _cart in range(5)]
        sales = [self._prepare_sale(card) for _sale in range(5)]
        acts = [partial(self._confirm, order) for order in orders + carts]
        acts += [partial(self._ask, card, sale) for sale in sales]
        self.assertEqual(len(acts), CLIENTS)
        results, _tries = self._race(*acts)
        refusals = [r for r in results if isinstance(r, UserError)]
        self.assertEqual(results.count(1), 1, results)
        self.assertEqual(len(refusals), CLIENTS - 1)
        for refusal in refusals:
            self.assertRegex(str(refusal), "points|reward")
            self.assertNotIn("serialize", str(refusal))
        # The till that was told "yes" finds the points there.
        for sale, result in zip(sales, results[-len(sales) :], strict=True):
            if result == 1:
                self._send(sale)
        # Whoever won bought for 20 with 5 off, which earns 15.
        self.assertEqual(self._get_balance(card), 15)

    def test_the_same_sale_of_two_servers_posts_once(self):
        (card,) = self._make_members(1, points=100)
        sale = self._prepare_sale(card)

        def send(env):
            data = env["pos.order"].sync_from_ui([sale])
            return data["pos.order"][-1]["id"]

        results, _tries = self._race(send, send)
        self.assertEqual(len(set(results)), 1, results)
        self.assertEqual(self._get_balance(card), 15)
