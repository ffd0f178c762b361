from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .credit_note_common import CreditNoteCase


@tagged("post_install", "-at_install")
class TestTierMultiplier(CreditNoteCase):
    """Gold earns one and a half times: the half is a bonus entry of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tiers = cls.program.tier_ids.sorted("threshold")
        cls.bronze, cls.silver = tiers[:2]
        cls.half = cls._make_product("Half", 50)
        cls.ten = cls._make_product("Ten", 10)
        cls.benefit = cls.env["loyalty.tier.benefit"].create(
            {"tier_id": cls.bronze.id, "kind": "multiplier", "factor": 1.5}
        )

    def _deliver(self, order, quantity):
        order.order_line.sudo().qty_delivered = quantity
        self.env.cr.flush()

    def test_the_surplus_is_a_bonus_that_lifts_no_tier(self):
        order = self._buy(100)
        earn, bonus = self._entries(order)
        self.assertEqual((earn.entry_type, earn.points), ("earn", 100))
        self.assertEqual((bonus.entry_type, bonus.points), ("bonus", 50))
        self.assertEqual((bonus.base_amount, bonus.tier_date), (0, False))
        self.assertEqual(bonus.key, f"{earn.key}:bonus")
        self.assertIn("“Bronze” gives 1.5 times the points.", bonus.breakdown_text)
        self.assertIn(
            "150 in all: 100 earned, and 50 as this bonus.", bonus.breakdown_text
        )
        self.assert_balanced()

    def test_the_customer_reads_it(self):
        self.assertEqual(
            self.bronze.benefit_words, "1.5 times the points for every purchase."
        )

    def test_the_quotation_promises_what_is_posted(self):
        order = self._make_order(self.member, 37.5)
        order._update_programs_and_rewards()
        self.assertEqual(order.coupon_point_ids.points, 56)
        order.action_confirm()
        self.assertEqual(self._story(order), [("earn", 37), ("bonus", 19)])

    def test_half_returned_takes_half_of_both(self):
        order = self._buy({"product_id": self.half.id, "product_uom_qty": 2})
        order.order_line.product_uom_qty = 1
        self.assertEqual(self.card.points, 75)
        self.assertEqual(
            self._story(order)[2:], [("earn_reversal", -50), ("earn_reversal", -25)]
        )
        order.order_line.product_uom_qty = 0
        self.assertEqual(self.card.points, 0)
        self.assert_balanced()

    def test_credit_notes_in_turn_sum_exactly_to_the_whole(self):
        order = self._buy_and_invoice(
            {"product_id": self.album.id, "product_uom_qty": 3}
        )
        balances = [self.card.points]
        for _note in range(3):
            self._credit(order, {0: 1})
            balances.append(self.card.points)
        # 99.99 x 1.5 = 149.985: 99 and a bonus of 50.
        self.assertEqual(balances, [149, 99, 49, 0])
        self.assert_balanced()

    def test_a_cancelled_order_gives_both_back_and_may_be_confirmed_again(self):
        order = self._buy(100)
        order.sudo()._action_cancel()
        self.assertEqual(self.card.points, 0)
        order.sudo().action_draft()
        order.action_confirm()
        self.assertEqual(self.card.points, 150)
        self.assert_balanced()

    def test_an_order_that_lifts_the_tier_earns_by_the_one_held_before(self):
        self.env["loyalty.tier.benefit"].create(
            {"tier_id": self.silver.id, "kind": "multiplier", "factor": 3}
        )
        first = self._buy(self.silver.threshold)
        self.assertEqual(self.card.tier_id, self.silver)
        self.assertEqual(
            [points for _type, points in self._story(first)],
            [self.silver.threshold, self.silver.threshold / 2],
        )
        self.assertEqual(self._story(self._buy(10)), [("earn", 10), ("bonus", 20)])

    def test_what_is_added_later_has_the_multiplier_of_the_sale(self):
        order = self._buy({"product_id": self.ten.id})
        self.benefit.factor = 3
        order.order_line.product_uom_qty = 3
        self.assertEqual(
            self._story(order),
            [("earn", 10), ("bonus", 5), ("earn", 20), ("bonus", 10)],
        )
        self.assert_balanced()

    def test_deliveries_in_parts_sum_to_the_whole(self):
        self.program.earn_moment = "delivery"
        order = self._buy({"price_unit": 50 / 3, "product_uom_qty": 3})
        self.benefit.unlink()
        for quantity, whole in ((1, 25), (2, 50), (3, 75)):
            self._deliver(order, quantity)
            self.assertEqual(self.card.points, whole)
        self.assertEqual(
            [points for _type, points in self._story(order)], [16, 9, 17, 8, 17, 8]
        )
        self.assert_balanced()

    def test_the_limit_of_an_order_is_for_both(self):
        self.program.order_cap = 120
        order = self._buy(100)
        self.assertEqual(self._story(order), [("earn", 100), ("bonus", 20)])
        self.assertIn("At most 120 an order.", self._entries(order)[1].breakdown_text)
        self.assertEqual(self._story(self._buy(200)), [("earn", 120)])

    def test_the_limit_of_a_member_is_for_both(self):
        self.program.member_cap = 110
        first = self._buy(40)
        second = self._make_order(self.member, 40)
        second._update_programs_and_rewards()
        self.assertEqual(second.coupon_point_ids.points, 50)
        second.action_confirm()
        self.assertEqual(self._story(second), [("earn", 40), ("bonus", 10)])
        self.assertEqual(self.card.cap_room, 0)
        # What is returned makes room again, the bonus with it.
        first.sudo()._action_cancel()
        self.assertEqual(self._story(self._buy(40)), [("earn", 40), ("bonus", 20)])

    def test_both_wait_for_the_return_window(self):
        self.program.hold_days = 14
        self._buy(100)
        self.assertEqual((self.card.points, self.card.points_pending), (0, 150))
        with freeze_time("2026-07-14 12:00:00"):
            self._run_nightly()
        self.assertEqual((self.card.points, self.card.points_pending), (150, 0))

    def test_past_purchases_were_no_members(self):
        customer = self._make_partner("Petra Past")
        with freeze_time("2026-06-20 10:00:00"):
            self._buy(100, partner=customer)
        card = self.program._enrol(customer, "backoffice", True)
        card._credit_past_purchases(card.joined_on.replace(day=1))
        self.assertEqual(self._story(card=card), [("earn", 100)])

    def test_a_frozen_member_waits_for_the_benefit(self):
        self.card.sudo().member_state = "frozen"
        self.assertEqual(self.card.earn_factor, 1)

    def test_the_tier_of_the_day_counts(self):
        with freeze_time("2026-07-05 10:00:00"):
            self._buy(self.silver.threshold)
        self.assertEqual(self.card.tier_id, self.silver)
        days = [(self.card.joined_on, 1.5), (self.card.tier_since, 1.0)]
        for day, factor in days:
            factors = self.card._get_earn_factors(day)
            self.assertEqual([float(f["factor"]) for f in factors] or [1.0], [factor])

    def test_nothing_smaller_than_one_multiplies(self):
        for factor in (1, 0, -2, 101):
            with self.assertRaises(ValidationError):
                self.benefit.factor = factor

    def test_a_tier_has_one_multiplier(self):
        with self.assertRaises(ValidationError):
            self.benefit.copy()
