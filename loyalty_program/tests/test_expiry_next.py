from datetime import date

from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestExpiryNext(LoyaltyCase):
    """A member sees how many points expire next, and when."""

    def _get_next(self, card=None):
        card = card or self.card
        card.invalidate_recordset()
        return card.expiring_points, card.expiring_on

    def test_points_of_the_soonest_day_are_added_up(self):
        self._post(40, expires_on=date(2026, 7, 15))
        self._post(20, expires_on=date(2026, 7, 15))
        self._post(99, expires_on=date(2026, 7, 16))
        self.assertEqual(self._get_next(), (60, date(2026, 7, 15)))
        self._post(-50, "redeem")
        self.assertEqual(self._get_next(), (10, date(2026, 7, 15)))
        self._post(-20, "redeem")
        self.assertEqual(self._get_next(), (89, date(2026, 7, 16)))

    def test_nothing_expires_of_what_never_does_or_is_pending_or_gone(self):
        self._post(40)
        self.assertEqual(self._get_next(), (0, False))
        self._post(10, "earn", hold_days=30, expires_on=date(2026, 7, 31))
        self._post(20, expires_on=date(2026, 6, 29))
        self.assertEqual(self._get_next(), (0, False))

    def test_by_inactivity_all_points_expire_after_the_last_activity(self):
        self._let_expire(12, "inactivity")
        with freeze_time("2026-03-31 10:00:00"):
            self._post(40, "earn")
        self.program.expiry_changed_on = False
        self.assertEqual(self._get_next(), (40, date(2027, 3, 31)))
        self._post(60, "earn")
        self.assertEqual(self._get_next(), (100, date(2027, 6, 30)))
        self._post(5, "bonus", expires_on=date(2027, 6, 30))
        self.assertEqual(self._get_next(), (105, date(2027, 6, 30)))

    def test_a_member_of_an_account_sees_what_expires_there(self):
        self._post(40, expires_on=date(2026, 7, 15))
        other = self._make_member("Partner of Mira")
        other.sudo().account_id = self.card
        self.assertEqual(self._get_next(other), (40, date(2026, 7, 15)))

    def test_a_list_of_members_costs_one_query_for_all(self):
        cards = self.card
        for number in range(5):
            card = self._make_member(f"Member {number}")
            self._post(40, card=card, expires_on=date(2026, 7, 15))
            cards |= card
        cards.invalidate_recordset()
        cards.fetch(["points", "program_id", "account_id", "tier_id"])
        self.program.fetch(["is_managed", "expiry_mode", "company_id"])
        self.program._get_local_date()
        self.program._get_expiry_rule()
        with self.assertQueryCount(1):
            cards.mapped("expiring_on")

    def test_whoever_sees_the_card_sees_it(self):
        self._post(40, expires_on=date(2026, 7, 15))
        card = self.card.with_user(self.salesperson)
        self.assertEqual(card.expiring_points, 40)
