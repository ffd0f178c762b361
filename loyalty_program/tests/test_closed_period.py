from datetime import datetime

from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestClosedPeriod(LoyaltyCase):
    """Entries are dated within the open fiscal period, or say why not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sudo().fiscalyear_lock_date = "2026-05-31"

    def _post_on(self, day, **values):
        moment = datetime.fromisoformat(f"{day} 15:00:00")
        return self._post(50, "earn", occurred_at=moment, **values)

    def test_what_happened_in_a_closed_period_is_dated_on_the_first_open_day(self):
        entry = self._post_on("2026-05-20")
        self.assertEqual(str(entry.occurred_at), "2026-06-01 00:00:00")
        self.assertEqual(
            entry.breakdown["period"],
            {"happened_on": "2026-05-20", "locked_until": "2026-05-31"},
        )
        self.assertIn("2026-05-20", entry.breakdown_text)
        self.assertEqual(self.card.points, 50)

    def test_what_happened_in_the_open_period_is_dated_as_it_happened(self):
        entry = self._post_on("2026-06-01")
        self.assertEqual(str(entry.occurred_at), "2026-06-01 15:00:00")
        self.assertFalse(entry.breakdown)

    def test_an_import_keeps_its_days_and_says_so(self):
        entry = self._post_on("2025-03-01", channel="import")
        self.assertEqual(str(entry.occurred_at.date()), "2025-03-01")
        self.assertTrue(entry.breakdown["period"]["kept"])
        self.assertIn("closed period", entry.breakdown_text)

    def test_the_hard_lock_counts_as_well(self):
        self.company.sudo().hard_lock_date = "2026-06-15"
        entry = self._post_on("2026-06-10")
        self.assertEqual(str(entry.occurred_at.date()), "2026-06-16")

    def test_the_days_are_the_companys(self):
        self.company.partner_id.tz = "Asia/Tokyo"
        moment = datetime.fromisoformat("2026-05-31 16:00:00")
        entry = self._post(50, "earn", occurred_at=moment)
        self.assertEqual(entry.occurred_at, moment)
        self.assertFalse(entry.breakdown)

    def test_books_closed_beyond_today_date_nothing_in_the_future(self):
        self.company.sudo().fiscalyear_lock_date = "2026-12-31"
        entry = self._post_on("2026-06-29")
        self.assertEqual(str(entry.occurred_at.date()), "2026-06-29")
        self.assertTrue(entry.breakdown["period"]["kept"])

    def test_a_retry_posts_once_whatever_was_closed_meanwhile(self):
        self._post_on("2026-06-10", key="till:1")
        self.company.sudo().fiscalyear_lock_date = "2026-06-15"
        self.assertFalse(self._post_on("2026-06-10", key="till:1"))
        self.assertEqual(self.card.points, 50)
