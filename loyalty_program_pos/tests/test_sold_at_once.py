from functools import partial

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .till_race_common import TillRaceCase


@tagged("post_install", "-at_install")
class TestSoldAtOnce(TillRaceCase):
    """A gift card is sold once and spent once, however many tills and servers ask."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls._commit() as env:
            product = env["product.product"].create(
                {"name": "At once", "type": "service", "taxes_id": []}
            )
            program = env["loyalty.program"].create(
                {
                    "name": "Gift cards at once",
                    "program_type": "gift_card",
                    "applies_on": "future",
                    "trigger": "auto",
                    "rule_ids": [
                        Command.create(
                            {
                                "reward_point_mode": "money",
                                "reward_point_split": True,
                                "product_ids": [Command.set(product.ids)],
                            }
                        )
                    ],
                    "reward_ids": [
                        Command.create(
                            {
                                "discount_mode": "per_point",
                                "discount": 1,
                                "discount_applicability": "order",
                                "required_points": 1,
                            }
                        )
                    ],
                }
            )
            cls.gift_cards, cls.voucher = program.id, product.id

    @classmethod
    def _neutralise(cls):
        super()._neutralise()
        with cls._commit() as env:
            program = env["loyalty.program"].browse(cls.gift_cards)
            cards = program.coupon_ids
            env["loyalty.reservation"].search([("card_id", "in", cards.ids)]).unlink()
            cards.active = False
            program.active = False
            env["product.product"].browse(cls.voucher).active = False

    def _sell_gift_card(self):
        """Return the id of a paid sale of a gift card of 30."""
        (card,) = self._make_members(1)
        sale = self._prepare_sale(card)
        sale["lines"] = [self._prepare_line(self.voucher, 30)]
        sale.update(amount_paid=30, amount_total=30)
        sale["payment_ids"][0][2]["amount"] = 30
        return self._send(sale)

    def _confirm_gift_card(self, order_id, env):
        wish = {"points": 30, "program_id": self.gift_cards, "coupon_id": -1}
        env["pos.order"].browse(order_id).confirm_coupon_programs({"-1": wish})
        return 1

    def test_a_sale_that_two_servers_confirm_makes_one_gift_card(self):
        order = self._sell_gift_card()
        confirm = partial(self._confirm_gift_card, order)
        results, tries = self._race(confirm, confirm)
        self.assertEqual(results, [1, 1])
        self.assertGreater(tries, 2, "they did meet")
        with self._commit() as env:
            cards = env["loyalty.program"].browse(self.gift_cards).coupon_ids
            self.assertEqual(cards.mapped("points"), [30])

    def _make_gift_card(self, points):
        with self._commit() as env:
            values = {"program_id": self.gift_cards, "points": points}
            return env["loyalty.card"].create(values).id

    def _pay_by_gift_card(self, gift_id, order_id):
        """Let a quotation or a cart be paid with the card; return the order's id."""
        with self._commit() as env:
            order = env["sale.order"].browse(order_id)
            gift = env["loyalty.card"].browse(gift_id)
            for card, rewards in order._try_apply_code(gift.code).items():
                order._apply_program_reward(rewards, card)
            self.assertEqual(order.amount_total, 15)
        return order_id

    def test_the_last_money_of_a_gift_card_is_spent_once(self):
        (card,) = self._make_members(1)
        gift = self._make_gift_card(5)
        orders = [self._make_order(card, 20) for _order in range(3)]
        orders += [self._make_cart(card, reward=False) for _cart in range(3)]
        sales = [self._prepare_sale(card) for _sale in range(4)]
        acts = [
            partial(self._confirm, self._pay_by_gift_card(gift, order))
            for order in orders
        ]
        acts += [partial(self._ask, gift, sale, cost=5) for sale in sales]
        results, _tries = self._race(*acts)
        refusals = [each for each in results if isinstance(each, UserError)]
        self.assertEqual((results.count(1), len(refusals)), (1, 9), results)
        for refusal in refusals:
            self.assertNotIn("serialize", str(refusal))
