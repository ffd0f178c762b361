from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestRefundDebt(TillCase):
    """Points that were spent before their goods came back to a till."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write({"debt_policy": "value", "point_value": 0.05})

    def setUp(self):
        super().setUp()
        self.order = self._sell(self.member, self._line(self.record, 3))
        self._spend(60)

    def _spend(self, points):
        with self.env["loyalty.ledger"].sudo()._claim(loss="redeem"):
            self.card.sudo().points -= points

    def _ask(self, qty, user=None):
        orders = self.env["pos.order"].with_user(user or self.cashier)
        return orders.loyalty_check_refund([[self.order.lines.id, qty]])

    def _value_line(self, answer):
        (line,) = answer["lines"]
        product = self.env["product.product"].browse(answer["product_id"])
        return self._line(product, 1, price=line["price"])

    def _refund_with(self, qty, *lines):
        line = self.order.lines
        back = self._line(self.record, -qty, price=30, refunded_orderline_id=line.id)
        return self._sell(self.member, back, *lines)

    def test_nothing_stands_against_a_refund_whose_points_are_there(self):
        answer = self._ask(1)
        self.assertFalse(answer["refused"])
        self.assertFalse(answer["lines"])

    def test_a_till_knows_the_product_and_does_not_offer_it(self):
        product = self.env["loyalty.program"]._find_points_value_product()
        self.assertIn(product, self.till._get_special_products())

    def test_asking_posts_nothing(self):
        before = self._entries(self.order)
        self._ask(3)
        self.assertEqual(self._entries(self.order), before)
        self.assertEqual(self.card.points, 30)

    def test_a_programme_may_refuse_the_refund(self):
        self.program.debt_policy = "refuse"
        answer = self._ask(3)
        self.assertIn("60 points are missing", answer["refused"])
        self.assertFalse(answer["lines"])

    def test_the_value_of_missing_points_is_taken_off(self):
        answer = self._ask(3)
        self.assertFalse(answer["refused"])
        self.assertEqual(answer["lines"][0]["price"], 3)
        self.assertIn("60 points", answer["lines"][0]["name"])
        refund = self._refund_with(3, self._value_line(answer))
        self.assertEqual(self.card.points, 0)
        self.assertEqual(refund.amount_total, -87)
        self.assertEqual(
            self._entries(refund).mapped("entry_type"), ["earn_reversal", "adjust"]
        )

    def test_the_line_of_a_refund_earns_nothing(self):
        self.program.point_value = 1
        refund = self._refund_with(3, self._value_line(self._ask(3)))
        self.assertFalse(
            self._entries(refund).filtered(lambda e: e.entry_type == "earn")
        )

    def test_a_price_that_was_rounded_settles_all(self):
        self.program.point_value = 0.0333
        answer = self._ask(3)
        self.assertEqual(answer["lines"][0]["price"], 1.99)
        self._refund_with(3, self._value_line(answer))
        self.assertEqual(self.card.points, 0)

    def test_no_more_is_taken_off_than_there_is_to_give_back(self):
        self.program.point_value = 2
        answer = self._ask(2)
        # 30 points are missing, 60 to give back.
        self.assertEqual(answer["lines"][0]["price"], 60)
        self.program.point_value = 3
        answer = self._ask(2)
        self.assertEqual(answer["lines"][0]["price"], 60)
        refund = self._refund_with(2, self._value_line(answer))
        self.assertEqual(self.card.points, -10)
        self.assertIn("10 points are owed", refund.message_ids[0].body)

    def test_money_without_a_debt_buys_no_points(self):
        line = self._value_line(self._ask(3))
        self._refund_with(1, line)
        self.assertEqual(self.card.points, 0)

    def test_sent_twice_it_is_settled_once(self):
        values = self._order_values(
            self.member,
            self._line(
                self.record, -3, price=30, refunded_orderline_id=self.order.lines.id
            ),
            self._value_line(self._ask(3)),
        )
        self._sync(values)
        refund = self._sync(values)
        self.assertEqual(self.card.points, 0)
        self.assertEqual(len(self._entries(refund)), 2)

    def test_an_employee_of_no_till_learns_nothing(self):
        employee = new_test_user(self.env, "employee", groups="base.group_user")
        with self.assertRaises(AccessError):
            self._ask(1, employee)
