from datetime import timedelta
from fractions import Fraction

from odoo import fields
from odoo.tests import freeze_time, tagged

from .common import TillCase
from odoo.addons.loyalty_program_pos.models import pos_order_refund


@tagged("post_install", "-at_install")
class TestRefund(TillCase):
    def test_a_full_refund_takes_the_points_back(self):
        order = self._sell(self.member, self._line(self.record, 3))
        refund = self._refund(order, 3)
        entry = self._entries(refund)
        self.assertEqual(entry.entry_type, "earn_reversal")
        self.assertEqual(entry.reverses_id, self._entries(order))
        self.assertEqual(entry.points, -90)
        self.assertEqual(entry.base_amount, -90)
        self.assertEqual(self.card.points, 0)

    def test_the_figures_say_what_was_taken_and_given_back(self):
        self._give(100)
        reward = self.program.reward_ids.sorted("required_points")[0]
        order = self._sell(
            self.member, self._line(self.record), self._reward_line(reward, 5)
        )
        back = [
            self._line(
                line.product_id,
                -line.qty,
                price=line.price_unit,
                refunded_orderline_id=line.id,
            )
            for line in order.lines
        ]
        (figures,) = self._sell(self.member, *back).loyalty_result
        self.assertEqual(
            (figures["takenBack"], figures["givenBack"], figures["earned"]),
            (25, 100, 0),
        )
        (figures,) = order.loyalty_result
        self.assertEqual((figures["takenBack"], figures["givenBack"]), (0, 0))

    def test_refunds_in_parts_sum_to_the_whole(self):
        self.record.list_price = 9.99
        order = self._sell(self.member, self._line(self.record, 3))
        self.assertEqual(self.card.points, 29)
        balances = []
        for _part in range(3):
            self._refund(order, 1)
            balances.append(self.card.points)
        # What stays is what the kept goods earn: 19.98, then 9.99.
        self.assertEqual(balances, [19, 9, 0])

    def test_a_refund_of_pending_points_leaves_the_balance_alone(self):
        self._give(10)
        self.program.hold_days = 14
        order = self._sell(self.member, self._line(self.record))
        self._refund(order, 1)
        self.assertEqual((self.card.points, self.card.points_pending), (10, 0))

    def test_an_exchange_earns_for_the_new_goods_only(self):
        order = self._sell(self.member, self._line(self.record))
        line = order.lines[0]
        self._sell(
            self.member,
            self._line(self.record, -1, refunded_orderline_id=line.id),
            self._line(self.coffee),
        )
        self.assertEqual(self.card.points, 4)

    def test_the_refunded_line_takes_its_own_points(self):
        order = self._sell(
            self.member, self._line(self.record), self._line(self.coffee, 5)
        )
        refund = self._refund(order, 2, number=1)
        self.assertEqual(self.card.points, 42)
        self.assertIn("Coffee: 2 of 5 returned.", self._entries(refund).breakdown_text)

    def test_a_refund_at_another_till_on_another_day_takes_the_points_back(self):
        order = self._sell(self.member, self._line(self.record, 2))
        other = self.till.copy({"name": "Second till"})
        other.with_user(self.cashier).open_ui()
        other.current_session_id.set_opening_control(0, "")
        self.program.rule_ids.reward_point_amount = 9
        with freeze_time(fields.Datetime.now() + timedelta(days=5)):
            self._refund(order, 1, session_id=other.current_session_id.id)
        self.assertEqual(self.card.points, 30)

    def test_a_reward_that_comes_back_gives_its_points_again(self):
        self._give(100)
        reward = self.program.reward_ids.sorted("required_points")[0]
        order = self._sell(
            self.member, self._line(self.record, 2), self._reward_line(reward, 5)
        )
        self.assertEqual(self.card.points, 55)
        self._refund(order, 1)
        # One record is left and carries the discount.
        self.assertEqual(self.card.points, 25)
        refund = self._refund(order, 1, number=1)
        self.assertCountEqual(
            self._entries(refund).mapped("entry_type"),
            ["redeem_reversal", "earn_reversal"],
        )
        # The record that is left costs its price again, and earns for it.
        self.assertEqual(self.card.points, 130)

    def test_goods_and_reward_returned_together_leave_what_was_before(self):
        self._give(100)
        reward = self.program.reward_ids.sorted("required_points")[0]
        order = self._sell(
            self.member, self._line(self.record, 2), self._reward_line(reward, 5)
        )
        self._sell(
            self.member,
            *(
                self._line(
                    line.product_id,
                    -line.qty,
                    price=line.price_unit,
                    refunded_orderline_id=line.id,
                )
                for line in order.lines
            ),
        )
        self.assertEqual(self.card.points, 100)

    def test_a_reward_that_comes_back_alone_lets_its_money_earn(self):
        self._give(100)
        reward = self.program.reward_ids.sorted("required_points")[0]
        order = self._sell(
            self.member, self._line(self.record, 2), self._reward_line(reward, 5)
        )
        price = self.record.list_price
        self.assertEqual(self.card.points, 2 * price - 5)
        goods, discount = order.lines

        def give_back(line, quantity):
            back = self._line(
                line.product_id,
                -quantity,
                price=line.price_unit,
                refunded_orderline_id=line.id,
            )
            self._sell(self.member, back)

        give_back(discount, 1)
        self.assertEqual(self.card.points, 100 + 2 * price)
        give_back(goods, 1)
        self.assertEqual(self.card.points, 100 + price)
        give_back(goods, 1)
        self.assertEqual(self.card.points, 100)

    def test_half_of_the_combos_takes_half_of_their_points(self):
        parent = self._line(self.coffee, 2, price=0)
        items = [self._line(self.coffee, 2), self._line(self.record, 2)]
        parents = {
            item[2]["uuid"]: {"combo_parent_id": parent[2]["uuid"]} for item in items
        }
        order = self._sell(
            self.member,
            parent,
            *items,
            relations_uuid_mapping={"pos.order.line": parents},
        )
        self.assertEqual(len(order.lines[0].combo_line_ids), 2)
        self.assertEqual(self.card.points, 68)
        for left in (34, 0):
            back = [
                self._line(
                    line.product_id,
                    -1,
                    price=line.price_unit,
                    refunded_orderline_id=line.id,
                )
                for line in order.lines
            ]
            self._sell(self.member, *back)
            self.assertEqual(self.card.points, left)

    def test_a_refund_after_a_merge_of_contacts_reaches_the_card_that_is_left(self):
        order = self._sell(self.member, self._line(self.record))
        target = self.env["res.partner"].create({"name": "Mira M."})
        card = self.program.sudo()._enrol(target, "pos", True)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([self.member.id, target.id], target, extra_checks=False)
        self.assertEqual(card.points, 30)
        line = order.lines[0]
        self._sell(
            target, self._line(line.product_id, -1, refunded_orderline_id=line.id)
        )
        self.assertEqual(card.points, 0)

    def test_a_debt_from_a_refund_is_written_on_it_where_none_is_wanted(self):
        self.program.debt_policy = "refuse"
        order = self._sell(self.member, self._line(self.record))
        self._give(-20)
        refund = self._refund(order, 1)
        self.assertEqual(refund.state, "paid")
        self.assertEqual(self.card.points, -20)
        self.assertIn("20 points are owed", refund.message_ids[0].body)
        self.assertEqual(self._count_debts(refund), 1)
        # Another look that takes nothing more says nothing more.
        refund._undo_loyalty()
        self.assertEqual(self._count_debts(refund), 1)

    def _count_debts(self, order):
        words = order.message_ids.mapped("body")
        return sum("points are owed" in body for body in words)

    def test_a_debt_is_not_told_where_debts_are_allowed(self):
        self.program.debt_policy = "allow"
        order = self._sell(self.member, self._line(self.record))
        self._give(-20)
        refund = self._refund(order, 1)
        self.assertEqual(self.card.points, -20)
        self.assertEqual(self._count_debts(refund), 0)

    def test_half_of_the_price_given_back_takes_half_of_the_points(self):
        order = self._sell(self.member, self._line(self.record))
        half = {"price_subtotal": -15, "price_subtotal_incl": -15, "discount": 50}
        line = order.lines[0]
        self._sell(
            self.member,
            self._line(self.record, -1, refunded_orderline_id=line.id, **half),
        )
        self.assertEqual(self.card.points, 15)

    def test_a_till_whose_clock_is_ahead_takes_back_now(self):
        order = self._sell(self.member, self._line(self.record))
        ahead = fields.Datetime.now() + timedelta(days=3)
        refund = self._refund(order, 1, date_order=fields.Datetime.to_string(ahead))
        self.assertEqual(self.card.points, 0)
        self.assertLess(self._entries(refund).occurred_at, ahead)

    def test_a_rewards_lines_count_by_their_size(self):
        goods = [
            {"ref": 1, "total": "-9", "quantity": "1"},
            {"ref": 2, "total": "-1", "quantity": "1"},
        ]
        kept = {1: Fraction(0), 2: Fraction(1)}
        self.assertEqual(pos_order_refund._average(goods, kept), Fraction(1, 10))

    def test_a_refund_sent_twice_takes_back_once(self):
        order = self._sell(self.member, self._line(self.record, 2))
        refund = self._refund(order, 1)
        refund.action_pos_order_paid()
        self.assertEqual(self.card.points, 30)
