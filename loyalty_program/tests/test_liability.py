from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase
from odoo.addons.loyalty_program.models.loyalty_liability import AS_OF


@tagged("post_install", "-at_install")
class TestLiability(LoyaltyCase):
    """What is owed in points: now and on any day, by state, month and programme."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.point_value = 0.05
        cls.accountant = cls._make_user("books", "account.group_account_readonly")

    def _report(self, day=None, user=None):
        """Return {state: (points, value)} of the member's programme."""
        self.env.flush_all()
        report = self.env["loyalty.liability"].with_user(user or self.manager)
        groups = report.with_context(**{AS_OF: day} if day else {})._read_group(
            [("program_id", "=", self.program.id)],
            ["kind"],
            ["points:sum", "value:sum"],
        )
        return {kind: (points, round(value, 2)) for kind, points, value in groups}

    def _post_on(self, day, points, entry_type="earn", **values):
        with freeze_time(f"{day} 10:00:00"):
            return self._post(points, entry_type, **values)

    def _entries_until(self, day):
        entries = self._entries().filtered(lambda e: str(e.occurred_at.date()) <= day)
        return sum(entries.mapped("points"))

    def test_points_are_told_at_the_value_of_a_point(self):
        self._post(100, "earn")
        self._post(40, "earn", hold_days=14)
        self.assertEqual(
            self._report(), {"spendable": (100, 5.0), "pending": (40, 2.0)}
        )

    def test_what_a_wallet_holds_is_money(self):
        wallets = self.env["loyalty.program"].create(
            {"name": "Wallets", "program_type": "ewallet"}
        )
        self._make_card(wallets, 12.5, partner_id=self.member.id)
        wallets._open_wallets()
        self.program = wallets
        for day in (None, "2026-06-30"):
            self.assertEqual(self._report(day), {"spendable": (12.5, 12.5)})

    def test_what_is_owed_by_the_customer_is_told_apart(self):
        self._post(-30, "redeem")
        self.assertEqual(self._report(), {"debt": (-30, -1.5)})

    def test_points_are_told_by_the_month_of_their_expiry(self):
        self._post(100, "earn", expires_on=self._day("2026-08-15"))
        self._post(20, "earn", expires_on=self._day("2026-08-31"))
        self._post(3, "earn")
        self.env.flush_all()
        groups = self.env["loyalty.liability"]._read_group(
            [("program_id", "=", self.program.id)],
            ["expires_on:month"],
            ["points:sum"],
        )
        self.assertEqual(
            {str(month): points for month, points in groups},
            {"2026-08-01": 120, "False": 3},
        )

    def _day(self, text):
        return self.env["loyalty.liability"]._to_day(text)

    def test_points_that_lapse_by_inactivity_are_told_by_their_month(self):
        """Such lots carry no day: the report reckons it as the members' pages do."""
        self.program.tier_ids.extra_validity_months = 2
        quiet = self._make_member("Quentin Quiet")
        self._post_on("2026-01-31", 40, card=quiet)
        self._post_on("2026-02-10", 9, card=quiet, hold_days=400)
        self._post(100, "earn")
        for settings in (
            {"validity_count": 18},
            {"validity_count": 400, "validity_unit": "day"},
            {"validity_count": 13, "validity_rounding": "quarter"},
            {
                "validity_count": 13,
                "validity_unit": "month",
                "validity_rounding": "year",
            },
        ):
            self._let_expire(settings.pop("validity_count"), "inactivity", **settings)
            self.env.flush_all()
            # A change gives a full new period, which would hide the last activity.
            self.program.expiry_changed_on = False
            self.env.flush_all()
            self.env.invalidate_all()
            for card in self.card | quiet:
                rows = self.env["loyalty.liability"].search([("card_id", "=", card.id)])
                expected = card._get_expiry_plans()[card.id][0][0]
                self.assertEqual(set(rows.mapped("expires_on")), {expected}, settings)
        then = self.env["loyalty.liability"].with_context(**{AS_OF: "2026-02-01"})
        row = then.search([("card_id", "=", quiet.id)])
        self.assertEqual(str(row.expires_on), "2027-12-31")

    def test_values_of_several_currencies_are_converted_by_the_report(self):
        self._post(100, "earn")
        dollar = self.env.ref("base.USD")
        euro = self.env.ref("base.EUR")
        (dollar | euro).active = True
        foreign = euro if self.currency == dollar else dollar
        self.env["res.currency.rate"].search([]).unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": foreign.id, "name": "2026-01-01", "rate": 2}
        )
        company = self.env["res.company"].create(
            {"name": "Abroad", "currency_id": foreign.id}
        )
        second = self._make_program(
            name="Abroad", company_id=company.id, point_value=0.5
        )
        card = self._make_member("Ada Abroad", second)
        self._post(10, "earn", card=card)
        self.env.flush_all()
        rows = self.env["loyalty.liability"]._read_group(
            [("program_id", "in", (self.program | second).ids)],
            ["currency_id"],
            ["value:sum"],
        )
        self.assertEqual(dict(rows), {self.currency: 5, foreign: 5})
        ((both,),) = self.env["loyalty.liability"]._read_group(
            [("program_id", "in", (self.program | second).ids)],
            aggregates=["value:sum_currency"],
        )
        self.assertEqual(both, 7.5)

    def test_another_day_shows_what_was_owed_then(self):
        self._post_on("2026-03-01", 100)
        self._post_on("2026-04-01", -30, "redeem")
        self._post_on("2026-05-01", 40, hold_days=14)
        self.assertEqual(self._report("2026-02-28"), {})
        self.assertEqual(self._report("2026-03-31"), {"spendable": (100, 5.0)})
        self.assertEqual(self._report("2026-04-01"), {"spendable": (70, 3.5)})
        pending = {"spendable": (70, 3.5), "pending": (40, 2.0)}
        self.assertEqual(self._report("2026-05-14"), pending)
        self.assertEqual(self._report("2026-05-15"), {"spendable": (110, 5.5)})

    def test_a_debt_is_owed_until_the_day_it_was_repaid(self):
        self._post_on("2026-03-01", -30, "redeem")
        self._post_on("2026-04-01", 100)
        self.assertEqual(self._report("2026-03-31"), {"debt": (-30, -1.5)})
        self.assertEqual(self._report("2026-04-01"), {"spendable": (70, 3.5)})

    def test_a_debt_that_was_returned_is_owed_no_more(self):
        spent = self._post_on("2026-03-01", -30, "redeem")
        self._post_on("2026-04-01", 30, "redeem_reversal", reverses_id=spent.id)
        self.assertEqual(self._report("2026-03-31"), {"debt": (-30, -1.5)})
        self.assertEqual(self._report("2026-04-01"), {})

    def test_every_day_sums_up_to_the_entries_until_then(self):
        days = [f"2026-0{month}-01" for month in range(1, 7)]
        kinds = ("earn", "redeem", "earn", "adjust", "redeem", "earn")
        for day, kind, points in zip(
            days, kinds, (100, -160, 90, -10, -40, 25), strict=True
        ):
            self._post_on(day, points, kind)
        for day in days:
            rows = self._report(day)
            total = sum(points for points, _value in rows.values())
            self.assertEqual(total, self._entries_until(day), day)
        self.assertEqual(self._report("2026-06-30"), self._report())

    def test_a_day_to_come_is_refused(self):
        wizard = self.env["loyalty.liability.day"].with_user(self.manager)
        with self.assertRaises(UserError):
            wizard.create({"day": "2026-07-15"}).action_open()
        action = wizard.create({"day": "2026-03-31"}).action_open()
        self.assertEqual(action["context"], {AS_OF: "2026-03-31"})

    def test_today_is_the_companys_wherever_staff_are(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        wizard = self.env["loyalty.liability.day"].with_user(self.manager)
        wizard = wizard.with_context(tz="America/New_York")
        with freeze_time("2026-06-30 13:00:00"):
            self.assertEqual(str(wizard.create({}).day), "2026-07-01")
            action = wizard.create({}).action_open()
        self.assertEqual(action["context"], {AS_OF: "2026-07-01"})
        self.company.partner_id.tz = "America/New_York"
        with freeze_time("2026-06-30 13:00:00"), self.assertRaises(UserError):
            wizard.with_context(tz="Pacific/Auckland").create(
                {"day": "2026-07-01"}
            ).action_open()

    def test_what_is_no_day_is_refused(self):
        for day in ("tomorrow'; --", "9999-12-31", "0001-01-01", 20260101, [1]):
            with self.subTest(day=day), self.assertRaises(UserError):
                self._report(day)

    def test_accountants_see_it_and_others_do_not(self):
        self._post(100, "earn")
        self.assertEqual(self._report(user=self.accountant), self._report())
        row = self.env["loyalty.liability"].with_user(self.accountant).search([])[:1]
        self.assertEqual(row.action_view_entries()["res_model"], self._entries()._name)
        for user in (self.loyalty_user, self.salesperson):
            with self.assertRaises(AccessError):
                self._report(user=user)

    def test_another_company_is_not_shown(self):
        self._post(100, "earn")
        self.program.company_id = self.company
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._make_manager_elsewhere(other)
        self.assertTrue(self._report())
        self.assertFalse(self._report(user=stranger))

    def test_a_row_leads_to_the_member_and_the_entries(self):
        self._post(100, "earn")
        self.env.flush_all()
        row = self.env["loyalty.liability"].search([("card_id", "=", self.card.id)])
        self.assertEqual(row.action_view_member()["res_id"], self.card.id)
        action = row.action_view_entries()
        self.assertEqual(action["domain"], [("card_id", "=", self.card.id)])
