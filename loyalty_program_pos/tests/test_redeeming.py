import logging

from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestRedeeming(TillCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls.program.reward_ids.sorted("required_points")[0]

    def test_a_reward_costs_what_the_programme_asks(self):
        self._give(150)
        order = self._sell(
            self.member, self._line(self.record), self._reward_line(self.reward, 5)
        )
        redeem = self._entries(order).filtered(lambda e: e.entry_type == "redeem")
        self.assertEqual(redeem.points, -100)
        self.assertEqual(self.card.points, 150 - 100 + 25)

    def test_the_tills_price_of_a_reward_is_ignored(self):
        self._give(150)
        line = self._reward_line(self.reward, 5, points_cost=1)
        # Odoo gives the name INFO to another level: the number is certain.
        with self.assertLogs("odoo.addons.loyalty_program_pos", logging.INFO):
            self._sell(self.member, self._line(self.record), line)
        self.assertEqual(self.card.points, 150 - 100 + 25)

    def test_a_free_product_costs_its_points_and_earns_none(self):
        self._give(60)
        reward = self.env["loyalty.reward"].create(
            {
                "program_id": self.program.id,
                "reward_type": "product",
                "reward_product_id": self.coffee.id,
                "reward_product_qty": 1,
                "required_points": 20,
            }
        )
        order = self._sell(
            self.member,
            self._line(self.coffee, 3),
            self._reward_line(reward, 8, qty=2),
        )
        earn, redeem = self._entries(order)
        self.assertEqual((earn.points, redeem.points), (4, -40))

    def test_a_discount_per_point_costs_the_money_it_gave(self):
        self._give(60)
        reward = self.env["loyalty.reward"].create(
            {
                "program_id": self.program.id,
                "reward_type": "discount",
                "discount_mode": "per_point",
                "discount": 0.5,
                "discount_applicability": "order",
                "required_points": 1,
            }
        )
        order = self._sell(
            self.member, self._line(self.record), self._reward_line(reward, 10)
        )
        redeem = self._entries(order).filtered(lambda e: e.entry_type == "redeem")
        self.assertEqual(redeem.points, -20)

    def test_two_claims_of_one_reward_cost_twice(self):
        self._give(250)
        self._sell(
            self.member,
            self._line(self.record),
            self._reward_line(self.reward, 5),
            self._reward_line(self.reward, 5),
        )
        self.assertEqual(self.card.points, 250 - 200 + 20)

    def test_a_reward_of_another_currency_is_paid_for_and_nothing_is_earned(self):
        self._give(150)
        self.program.currency_id = self.env.ref("base.JPY")
        order = self._sell(self.member, self._line(self.record))
        self.assertFalse(self._entries(order))
        # No till has such a reward: this one sends it all the same.
        order = self._sell(
            self.member, self._line(self.record), self._reward_line(self.reward, 5)
        )
        self.assertEqual(
            [(e.entry_type, e.points) for e in self._entries(order)],
            [("redeem", -100)],
        )

    def _make_foreign(self, rate):
        """Let the programme count in money of which so many are one of the till's."""
        foreign = self.env["res.currency"].create({"name": "TST", "symbol": "T"})
        self.env["res.currency.rate"].create(
            {
                "currency_id": foreign.id,
                "company_id": self.till.company_id.root_id.id,
                "name": "2020-01-01",
                "rate": rate * self.till.currency_id.rate,
            }
        )
        self.program.currency_id = foreign

    def test_money_of_another_currency_costs_its_worth_in_points(self):
        self._give(5000)
        reward = self.env["loyalty.reward"].create(
            {
                "program_id": self.program.id,
                "reward_type": "discount",
                "discount_mode": "per_point",
                "discount": 0.5,
                "discount_applicability": "order",
                "required_points": 1,
            }
        )
        self._make_foreign(100)
        # 10 of the till's are 1000 of the programme's, at half a unit a point.
        order = self._sell(
            self.member, self._line(self.record), self._reward_line(reward, 10)
        )
        self.assertEqual(self._entries(order).points, -2000)

    def test_what_a_foreign_reward_gives_too_much_is_measured_in_its_money(self):
        self._give(5000)
        self.program.point_value = 1
        self._make_foreign(100)
        # 5 of the programme's are a twentieth of the till's: 1.95 are too much.
        order = self._sell(
            self.member, self._line(self.record), self._reward_line(self.reward, 2)
        )
        self.assertEqual(self._entries(order).points, -100 - 195)
        self.assertEqual(self._entries(order).breakdown["excess"], "1.95")

    def test_somebody_elses_card_is_never_charged(self):
        other = self.env["res.partner"].create({"name": "Otto Other"})
        card = self.program.sudo()._enrol(other, "pos", True)
        self._give(500, card)
        self._sell(
            self.member,
            self._line(self.record),
            self._reward_line(self.reward, 5, card=card),
        )
        self.assertEqual(card.points, 500)
        self.assertEqual(self.card.points, 25 - 100)

    def test_a_reward_that_was_spent_elsewhere_becomes_a_debt(self):
        order = self._sell(
            self.member, self._line(self.record), self._reward_line(self.reward, 5)
        )
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.card.points, 25 - 100)

    def test_a_member_in_debt_may_buy(self):
        self._give(-50)
        validate = (
            self.env["pos.order"].with_user(self.cashier).validate_coupon_programs
        )
        self.assertTrue(validate({str(self.card.id): 30}, [])["successful"])
        self.assertTrue(validate({str(self.card.id): 0}, [])["successful"])

    def test_more_than_the_balance_is_refused_before_payment(self):
        self._give(99)
        validate = (
            self.env["pos.order"].with_user(self.cashier).validate_coupon_programs
        )
        self.assertFalse(validate({str(self.card.id): -100}, [])["successful"])

    def test_a_reward_of_a_programme_that_ended_meanwhile_is_charged(self):
        self._give(150)
        self.program.write({"rule_ids": [Command.clear()], "pos_ok": False})
        self._sell(
            self.member, self._line(self.record), self._reward_line(self.reward, 5)
        )
        self.assertEqual(self.card.points, 50)

    def test_money_beyond_the_reward_costs_points_and_is_reported(self):
        self._give(1000)
        self.program.point_value = 0.05
        order = self._sell(
            self.member, self._line(self.record), self._reward_line(self.reward, 25)
        )
        redeem = self._entries(order).filtered(lambda e: e.entry_type == "redeem")
        self.assertEqual(redeem.points, -(100 + 400))
        self.assertIn("400 points were taken", order.message_ids[0].body)

    def test_a_free_product_gives_no_more_than_its_price(self):
        self._give(1000)
        reward = self.env["loyalty.reward"].create(
            {
                "program_id": self.program.id,
                "reward_type": "product",
                "reward_product_id": self.coffee.id,
                "reward_product_qty": 1,
                "required_points": 20,
            }
        )
        order = self._sell(
            self.member,
            self._line(self.record),
            self._line(self.coffee),
            self._reward_line(reward, 14),
        )
        redeem = self._entries(order).filtered(lambda e: e.entry_type == "redeem")
        self.assertEqual(redeem.points, -(20 + 200))

    def test_a_percentage_gives_no_more_than_its_part_of_the_goods(self):
        self._give(1000)
        reward = self.env["loyalty.reward"].create(
            {
                "program_id": self.program.id,
                "reward_type": "discount",
                "discount_mode": "percent",
                "discount": 10,
                "discount_applicability": "order",
                "required_points": 50,
            }
        )
        order = self._sell(
            self.member, self._line(self.record), self._reward_line(reward, 3)
        )
        self.assertEqual(self._entries(order)[-1].points, -50)
        order = self._sell(
            self.member, self._line(self.record), self._reward_line(reward, 10)
        )
        self.assertEqual(self._entries(order)[-1].points, -(50 + 140))
