from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import NOW, LoyaltyCase
from odoo.addons.loyalty_program.models import loyalty_card_reinstate

NIGHT = "2027-07-01 10:00:00"


@tagged("post_install", "-at_install")
class TestReinstate(LoyaltyCase):
    """Expired points are given back: once, in time, with a reason, by whoever may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._let_expire(12)
        cls.reason = cls.env.ref("loyalty_program.adjustment_reason_goodwill")
        cls.adjuster = cls._make_user(
            "adjuster",
            "loyalty_program.group_loyalty_user,loyalty_program.group_loyalty_adjust",
        )

    def _let_lapse(self, *points):
        with freeze_time(NOW):
            for amount in points:
                self._post(amount, "earn")
        with freeze_time(NIGHT):
            self._run_nightly()
        return self._entries().filtered(lambda entry: entry.entry_type == "expire")

    def _reinstate(self, entries, user=None, card=None, reason=None):
        card = (card or self.card).with_user(user or self.adjuster)
        return card._reinstate(entries, reason or self.reason)

    @freeze_time("2027-07-31 20:00:00")
    def test_points_come_back_with_a_new_expiry_and_their_reason(self):
        expired = self._let_lapse(70, 30)
        entries = self._reinstate(expired)
        self.assertEqual(self._story()[-2:], [("reinstate", 70), ("reinstate", 30)])
        self.assertEqual(self._open_lots(), [(date(2028, 7, 31), p) for p in (70, 30)])
        self.assertEqual(entries.mapped("origin_id"), expired.ids)
        self.assertIn("Goodwill", entries[0].breakdown_text)
        self.assert_balanced()

    def test_it_is_possible_for_so_many_days(self):
        expired = self._let_lapse(100)
        with freeze_time("2027-08-01 10:00:00"), self.assertRaises(UserError):
            self._reinstate(expired)
        with freeze_time("2027-07-31 10:00:00"):
            self.program.reinstate_days = 0
            with self.assertRaises(UserError):
                self._reinstate(expired)
            self.program.reinstate_days = 30
            self._reinstate(expired)
        self.assertEqual(self.card.points, 100)

    @freeze_time(NIGHT)
    def test_what_came_back_does_not_come_back_again(self):
        expired = self._let_lapse(70, 30)
        self._reinstate(expired[0])
        with self.assertRaises(UserError):
            self._reinstate(expired)
        with self.assertRaises(UserError):
            self._reinstate(expired[0])
        self._reinstate(expired[1])
        self.assertEqual(self.card.points, 100)

    @freeze_time(NIGHT)
    def test_only_what_expired_on_the_card_comes_back(self):
        self._let_lapse(70)
        other = self._make_member("Other")
        for entries in (self._entries()[0], self._entries()[:0]):
            with self.assertRaises(UserError):
                self._reinstate(entries)
        with self.assertRaises(UserError):
            self._reinstate(self._entries()[-1], card=other)
        self.assertEqual((self.card.points, other.points), (0, 0))

    @freeze_time(NIGHT)
    def test_only_who_may_adjust_gives_back_and_never_to_oneself(self):
        expired = self._let_lapse(70)
        for user in (self.loyalty_user, self.salesperson):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._reinstate(expired, user)
        self.member.user_ids = self.adjuster
        self.adjuster.partner_id = self.member
        with self.assertRaises(AccessError):
            self._reinstate(expired)
        self._reinstate(expired, self.manager)
        self.assertEqual(self.card.points, 70)

    @freeze_time(NIGHT)
    def test_much_is_given_back_by_a_manager(self):
        expired = self._let_lapse(70, 30)
        self.program.adjust_limit = 99
        with self.assertRaises(AccessError):
            self._reinstate(expired)
        self._reinstate(expired, self.manager)

    @freeze_time(NIGHT)
    def test_much_in_small_steps_is_much_in_a_pool_as_well(self):
        expired = self._let_lapse(70, 30)
        self.program.adjust_limit = 99
        # The database dates entries by the clock on the wall.
        self.patch(loyalty_card_reinstate, "SPLIT_WINDOW", timedelta(days=3660))
        self._reinstate(expired[0])
        with self.assertRaises(AccessError):
            self._reinstate(expired[1])
        pool = self.env["loyalty.pool"]._make(self.program, "Home")
        for card in (self.card, self._make_member("Olga Other")):
            pool._add(card, "backoffice")
        with self.assertRaises(AccessError):
            self._reinstate(expired[1])
        self.patch(loyalty_card_reinstate, "SPLIT_WINDOW", timedelta(hours=24))
        self._reinstate(expired[1])
        self.assertEqual(self.card.points, 100)

    @freeze_time(NIGHT)
    def test_who_left_gets_nothing_back(self):
        expired = self._let_lapse(70)
        self.card._leave()
        with self.assertRaises(UserError):
            self._reinstate(expired)

    @freeze_time(NIGHT)
    def test_by_inactivity_it_begins_a_new_period(self):
        with freeze_time(NOW):
            self._let_expire(12, "inactivity")
        expired = self._let_lapse(70)
        self._reinstate(expired)
        self._run_nightly()
        self.assertEqual(self.card.points, 70)
        with freeze_time("2028-07-02 10:00:00"):
            self._run_nightly()
        self.assertEqual(self.card.points, 0)

    @freeze_time(NIGHT)
    def test_the_form_offers_what_may_come_back(self):
        expired = self._let_lapse(70, 30)
        self._reinstate(expired[0])
        wizard = self.env["loyalty.reinstate"].with_user(self.adjuster)
        action = self.card.with_user(self.adjuster).action_reinstate()
        with Form(wizard.with_context(**action["context"])) as form:
            self.assertEqual(form.points, 30)
            form.reason_id = self.reason
        form.record.action_reinstate()
        self.assertEqual(self.card.points, 100)

    @freeze_time(NIGHT)
    def test_a_debt_of_a_cancelled_order_is_repaid_by_what_comes_back(self):
        order = self._buy(100)
        with freeze_time("2028-07-02 10:00:00"):
            self._run_nightly()
            order._action_cancel()
            self.assertEqual(self.card.points, -100)
            self._reinstate(
                self._entries().filtered(lambda entry: entry.entry_type == "expire")
            )
        self.assertEqual(self.card.points, 0)
        self.assert_balanced()

    @freeze_time(NIGHT)
    def test_what_lapsed_on_a_merged_card_or_before_a_pool_comes_back_too(self):
        expired = self._let_lapse(70)
        kept = self._make_member("Mira Double")
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.member | kept.partner_id).ids, kept.partner_id
        )
        self.assertFalse(self.card.active)
        pool = self.env["loyalty.pool"]._make(self.program, "Home")
        for card in (kept, self._make_member("Olga Other")):
            pool._add(card, "backoffice")
        self._reinstate(expired, card=kept)
        self.assertEqual(kept.points, 70)
        self.assert_balanced(pool.account_id)
        with self.assertRaises(UserError):
            self._reinstate(expired, card=kept)
