from datetime import date, datetime
from decimal import Decimal

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import NOW, LoyaltyCase


@tagged("post_install", "-at_install")
class TestPosting(LoyaltyCase):
    """The one door to the balance."""

    def _assert_refused(self, *postings):
        before = self.env["loyalty.ledger.entry"].search_count([])
        with self.assertRaises(ValidationError):
            self.ledger._post(list(postings))
        self.env.invalidate_all()
        self.assertEqual(self.env["loyalty.ledger.entry"].search_count([]), before)
        self.assertEqual(self.card.points, 0)

    def test_an_entry_says_who_when_where_and_why(self):
        entry = self._post(
            37,
            "earn",
            base_amount=Decimal("37.40"),
            channel="api",
            origin=("res.partner", self.member.id),
            counts_for_tier=True,
            hold_days=14,
            breakdown={"note": "x"},
        )
        self.assertEqual((entry.entry_type, entry.points), ("earn", 37))
        self.assertEqual(entry.base_amount, 37.40)
        self.assertEqual(entry.card_id, self.card)
        self.assertEqual(entry.member_card_id, self.card)
        self.assertEqual(entry.program_id, self.program)
        self.assertEqual(entry.company_id, self.company)
        self.assertEqual(entry.currency_id, self.currency)
        self.assertEqual(entry.occurred_at, datetime.fromisoformat(NOW))
        self.assertEqual(entry.available_on, date(2026, 7, 14))
        self.assertEqual(entry.tier_date, date(2026, 6, 30))
        self.assertEqual(entry.channel, "api")
        self.assertEqual(entry.posted_by_id, self.env.user)
        self.assertEqual(entry.origin_display, self.member.display_name)
        self.assertEqual(entry.breakdown, {"note": "x"})

    def test_the_code_of_a_coupon_is_not_told(self):
        coupons = self.env["loyalty.program"].create(
            {"name": "Five off", "program_type": "coupons"}
        )
        coupon = self.env["loyalty.card"].create(
            {"program_id": coupons.id, "partner_id": self.member.id, "code": "SECRET77"}
        )
        entry = self._post(5, origin=("loyalty.card", coupon.id))
        self.assertEqual(entry.origin_display, "Five off: •••ET77")

    def test_balance_entries_and_lots_tell_the_same(self):
        for points, kind, hold in (
            (100, "earn", 0),
            (50, "earn", 5),
            (-30, "redeem", 0),
            (-90, "redeem", 0),
            (15, "bonus", 0),
            (-7, "adjust", 0),
        ):
            self._post(points, kind, hold_days=hold)
            self.assert_balanced()
        self.assertEqual((self.card.points, self.card.points_pending), (-12, 50))

    def test_the_same_key_never_posts_twice(self):
        first = self._post(40, "earn", key="order-7")
        again = self._post(40, "earn", key="order-7")
        self.assertTrue(first)
        self.assertFalse(again)
        self.assertEqual(self.card.points, 40)

    def test_the_same_key_twice_in_one_call_posts_once(self):
        postings = [self._make_posting(40, "earn", key="order-7") for _ in range(2)]
        self.assertEqual(len(self.ledger._post(postings)), 1)
        self.assertEqual(self.card.points, 40)
        self.assert_balanced()

    def test_a_point_has_no_more_decimals_than_the_programme_says(self):
        self._assert_refused(self._make_posting("1.5"))
        self.program.points_scale = 2
        self._post("1.25")
        self.assertEqual(self.card.points, 1.25)
        with self.assertRaises(ValidationError):
            self._post("1.255")

    def test_points_with_decimals_add_up_exactly(self):
        self.program.points_scale = 2
        self.ledger._post([self._make_posting("0.10") for _ in range(30)])
        self.assertEqual(self.card.points, 3)
        self.assert_balanced()

    def test_a_batch_books_many_cards_at_once(self):
        cards = [self._make_member(f"Member {number}") for number in range(20)]
        entries = self.ledger._post(
            [
                self._make_posting(points, kind, card=card)
                for number, card in enumerate(cards)
                for points, kind in ((10 + number, "earn"), (-5, "redeem"))
            ]
        )
        self.assertEqual(len(entries), 40)
        for number, card in enumerate(cards):
            self.assertEqual(card.points, 5 + number)
            self.assert_balanced(card)

    def test_a_redemption_without_debt_needs_the_points(self):
        self._post(50, "earn")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.ledger._post([self._make_posting(-60, "redeem")], allow_debt=False)
        self.env.invalidate_all()
        self.assertEqual(self.card.points, 50)
        self.ledger._post([self._make_posting(-50, "redeem")], allow_debt=False)
        self.assertEqual(self.card.points, 0)

    def test_nothing_to_post_posts_nothing(self):
        self.assertFalse(self.ledger._post([]))

    def test_two_parts_of_one_earning_are_undone_in_one_call(self):
        earn = self._post(100, "earn", hold_days=5)
        self._post(40)
        self.ledger._post(
            [
                self._make_posting(-part, "earn_reversal", reverses_id=earn.id)
                for part in (70, 30)
            ]
        )
        self.assertEqual((self.card.points, self.card.points_pending), (40, 0))
        self.assert_balanced()

    def test_losses_that_name_one_lot_stand_in_line(self):
        named = self._post(50, "earn", expires_on=date(2026, 12, 31))
        self._post(100, "earn", expires_on=date(2026, 8, 31))
        lot = self.env["loyalty.lot"].search([("entry_id", "=", named.id)])
        self.ledger._post(
            [
                self._make_posting(points, "transfer", lot_id=lot.id)
                for points in (-30, -40, -10)
            ]
        )
        self.assertEqual(self._open_lots(), [(date(2026, 8, 31), 70)])
        uses = self.env["loyalty.lot.use"].search([("lot_id", "=", lot.id)])
        self.assertEqual(sum(uses.mapped("points")), 50)
        self.assert_balanced()

    def test_what_an_undone_earning_lacks_is_paid_by_other_points(self):
        earned = self._post(50, "earn")
        self._post(-50, "redeem")
        self._post(30, "earn")
        self._post(-50, "earn_reversal", reverses_id=earned.id)
        self.assertEqual(self._open_lots(), [(False, -20)])
        self.assert_balanced()

    def test_what_lasts_longest_comes_back_first(self):
        for day in (None, date(2026, 12, 31), date(2026, 8, 31)):
            self._post(30, "earn", expires_on=day)
        spent = self._post(-90, "redeem")
        self._post(40, "redeem_reversal", reverses_id=spent.id)
        self.assertEqual(self._open_lots(), [(date(2026, 12, 31), 10), (False, 30)])
        self._post(50, "redeem_reversal", reverses_id=spent.id)
        self.assertEqual(
            self._open_lots(),
            [
                (date(2026, 8, 31), 30),
                (date(2026, 12, 31), 10),
                (date(2026, 12, 31), 20),
                (False, 30),
            ],
        )
        self.assert_balanced()

    def test_two_parts_of_one_redemption_are_returned_in_one_call(self):
        self._let_expire(12)
        self._post(60, "earn")
        before = self._open_lots()
        redeem = self._post(-100, "redeem")
        self.ledger._post(
            [
                self._make_posting(part, "redeem_reversal", reverses_id=redeem.id)
                for part in (30, 70)
            ]
        )
        self.assert_balanced()
        merged = {}
        for day, rest in self._open_lots():
            merged[day] = merged.get(day, 0) + rest
        self.assertEqual(list(merged.items()), before)
