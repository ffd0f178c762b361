from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestSunset(LoyaltyCase):
    """A programme ends: last days, a notice, and nothing is left over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write(
            {
                "earn_until": "2026-07-10",
                "spend_until": "2026-07-31",
                "sunset_notice_on": "2026-07-01",
            }
        )
        cls.member.email = "mira@example.com"

    def _mails(self):
        return self.env["mail.mail"].search(
            [("model", "=", "loyalty.card"), ("res_id", "=", self.card.id)]
        )

    def test_after_the_last_day_to_earn_nothing_is_earned_and_nobody_joins(self):
        with freeze_time("2026-07-10 12:00:00"):
            self.assertEqual(self._story(self._buy(50)), [("earn", 50)])
        with freeze_time("2026-07-11 12:00:00"):
            self.assertFalse(self._story(self._buy(50)))
            with self.assertRaisesRegex(UserError, "ended"):
                self._make_member("Late")

    def test_between_the_two_days_points_are_spent(self):
        self._post(150)
        with freeze_time("2026-07-31 12:00:00"):
            order = self._make_order(self.member, 50)
            self._claim_reward(order)
            order.action_confirm()
            self.assertEqual(self._story(order), [("redeem", -100)])

    def test_after_the_last_day_to_spend_the_rest_expires_by_entries(self):
        self._post(70, "earn")
        self._post(30, "earn", hold_days=60)
        with freeze_time("2026-07-31 12:00:00"):
            self._run_nightly()
            self.assertEqual((self.card.points, self.card.points_pending), (70, 30))
        with freeze_time("2026-08-01 12:00:00"):
            self._run_nightly()
            self.assertEqual((self.card.points, self.card.points_pending), (0, 0))
            self._run_nightly()
        expired = [e for e in self._story() if e[0] == "expire"]
        self.assertEqual(expired, [("expire", -70), ("expire", -30)])
        self.assert_balanced()

    def test_what_expires_earlier_expires_on_its_own_day(self):
        lot_entry = self._post(70, "earn", expires_on="2026-07-15")
        with freeze_time("2026-08-01 12:00:00"):
            self._run_nightly()
        entry = self._entries().filtered(lambda e: e.entry_type == "expire")
        self.assertEqual(str(entry.occurred_at.date()), "2026-07-16")
        self.assertEqual(entry.points, -lot_entry.points)

    def test_a_debt_is_left_as_it_is(self):
        self._post(-20)
        with freeze_time("2026-08-01 12:00:00"):
            self._run_nightly()
        self.assertEqual(self._story(), [("adjust", -20)])

    def test_members_are_told_once_on_the_day(self):
        self._run_nightly()
        self.assertFalse(self._mails())
        with freeze_time("2026-07-01 12:00:00"):
            self._run_nightly()
            self._run_nightly()
        mails = self._mails()
        self.assertEqual(len(mails), 1)
        self.assertIn("coming to an end", mails.subject)
        self.assertIn("2026", mails.body_html)

    def test_who_left_and_archived_contacts_are_told_nothing(self):
        left = self._make_member("Lena Left")
        left.partner_id.email = "lena@example.com"
        left._leave()
        self.member.active = False
        with freeze_time("2026-07-02 12:00:00"):
            self._run_nightly()
        self.assertFalse(self._mails())
        self.assertFalse(left.sunset_noticed_on)

    def test_programmes_without_an_end_are_left_alone(self):
        program = self._make_program(name="Forever")
        card = self._make_member("Fay", program)
        self._post(40, "earn", card=card)
        with freeze_time("2027-08-01 12:00:00"):
            self._run_nightly()
        self.assertEqual(card.points, 40)

    def test_members_are_told_anew_when_the_last_days_change(self):
        with freeze_time("2026-07-02 12:00:00"):
            self._run_nightly()
            self.program.with_user(self.manager).name = "Another name"
            self._run_nightly()
            self.assertEqual(len(self._mails()), 1)
            self.program.with_user(self.manager).spend_until = "2026-07-20"
            self._run_nightly()
            self._run_nightly()
        self.assertEqual(len(self._mails()), 2)
        self.assertIn("07/20/2026", self._mails().sorted("id")[-1].body_html)

    def test_an_end_of_collecting_alone_is_told_as_well(self):
        self.program.spend_until = False
        with freeze_time("2026-07-02 12:00:00"):
            self._run_nightly()
        self.assertEqual(len(self._mails()), 1)
        with self.assert_refused_by_sql():
            self.program.sunset_notice_on = "2026-07-11"
            self.program.flush_recordset()

    def test_the_report_tells_the_day_on_which_points_end(self):
        self._post(70, "earn")
        self._post(30, "earn", expires_on="2026-07-15")
        self._post(5, "earn", expires_on="2027-07-15")
        rows = self.env["loyalty.liability"].search([("card_id", "=", self.card.id)])
        self.assertEqual(
            sorted((str(row.expires_on), row.points) for row in rows),
            [("2026-07-15", 30), ("2026-07-31", 5), ("2026-07-31", 70)],
        )
