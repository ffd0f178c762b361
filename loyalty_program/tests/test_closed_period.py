from datetime import datetime

from odoo.tests import freeze_time, tagged

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
        self.assertIn("Happened on 05/20/2026", entry.breakdown_text)
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

    def test_the_lock_of_sales_counts_and_those_of_taxes_and_purchases_do_not(self):
        company = self.company.sudo()
        company.write(
            {"tax_lock_date": "2026-06-20", "purchase_lock_date": "2026-06-20"}
        )
        self.assertEqual(
            str(self._post_on("2026-06-10").occurred_at.date()), "2026-06-10"
        )
        company.sale_lock_date = "2026-06-15"
        self.assertEqual(
            str(self._post_on("2026-06-10").occurred_at.date()), "2026-06-16"
        )

    def test_an_exception_for_everybody_opens_the_period_again(self):
        self.env["account.lock_exception"].sudo().create(
            {
                "company_id": self.company.id,
                "user_id": False,
                "fiscalyear_lock_date": "2026-04-30",
                "end_datetime": False,
            }
        )
        entry = self._post_on("2026-05-20")
        self.assertEqual(str(entry.occurred_at.date()), "2026-05-20")
        self.assertFalse(entry.breakdown)
        self.assertEqual(
            str(self._post_on("2026-04-20").occurred_at.date()), "2026-05-01"
        )

    def test_what_happens_now_in_closed_books_says_so(self):
        self.company.sudo().fiscalyear_lock_date = "2026-12-31"
        entry = self._post(50, "earn")
        self.assertEqual(str(entry.occurred_at.date()), "2026-06-30")
        self.assertTrue(entry.breakdown["period"]["kept"])

    def test_the_books_of_the_head_office_close_those_of_a_branch(self):
        branches = self.env["res.company"]
        self.program.company_id = branches.create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.company.sudo().fiscalyear_lock_date = "2026-12-31"
        entry = self._post(50, "earn")
        self.assertTrue(entry.breakdown["period"]["kept"])

    def test_what_lapses_is_dated_in_the_open_period_or_says_why_not(self):
        for locked, day, kept in (
            ("2026-07-15", "2026-07-16", None),
            ("2026-12-31", "2026-07-02", True),
        ):
            card = self._make_member("Member")
            self._post(50, "earn", card, expires_on="2026-07-01")
            self.company.sudo().fiscalyear_lock_date = locked
            with freeze_time("2026-08-01 10:00:00"):
                self._run_nightly()
            entry = self._entries(card=card)[-1]
            self.assertEqual(entry.entry_type, "expire")
            self.assertEqual(str(entry.occurred_at.date()), day)
            period = entry.breakdown["period"]
            self.assertEqual(period["happened_on"], "2026-07-02")
            self.assertEqual(period["locked_until"], locked)
            self.assertEqual(period.get("kept"), kept)
            self.assertIn("closed", entry.breakdown_text)
            self.assert_balanced(card)

    def test_each_company_of_a_shared_programme_has_its_own_books(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.program.company_id = False
        self._post(10, "earn", expires_on="2026-07-01")
        ledger = self.ledger.with_company(other)
        ledger._post([self._make_posting(20, "earn", expires_on="2026-07-01")])
        other.fiscalyear_lock_date = "2026-07-10"
        # Its books stay closed when it is out of use.
        other.active = False
        self.env.flush_all()
        self.env.invalidate_all()
        with freeze_time("2026-08-01 10:00:00"):
            self._run_nightly()
        lapsed = self._entries().filtered(lambda e: e.entry_type == "expire")
        self.assertEqual(
            [(e.points, str(e.occurred_at.date())) for e in lapsed],
            [(-10, "2026-07-02"), (-20, "2026-07-11")],
        )

    def test_on_an_open_day_nothing_more_is_asked(self):
        cards = [self._make_member(f"Member {number}") for number in range(5)]

        def count(number, **values):
            postings = [
                self._make_posting(5, "earn", card, **values) for card in cards[:number]
            ]
            return self._count_queries(lambda: self.ledger._post(postings))

        moment = datetime(2026, 6, 30, 9)
        count(1, occurred_at=moment)
        for number in (1, 5):
            self.assertEqual(count(number, occurred_at=moment), count(number))
