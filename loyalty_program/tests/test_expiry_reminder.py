from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase
from odoo.addons.loyalty_program.models import loyalty_expiry_reminder

TODAY = date(2026, 6, 30)


@tagged("post_install", "-at_install")
class TestExpiryReminder(LoyaltyCase):
    """A member gets a mail 30 and 7 days before points expire, and no mail twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._let_expire(12)
        cls.member.email = "mira@example.com"
        cls.reminders = cls.env["loyalty.expiry.reminder"]

    def _in(self, days):
        return TODAY + timedelta(days=days)

    def _give(self, points, days, card=None):
        self._post(points, card=card, expires_on=self._in(days))

    def _remind(self):
        """Run the reminders and return the mails that they queued."""
        before = self.env["mail.mail"].search([])
        for _rows in self.reminders._run_reminders():
            pass
        self.env.invalidate_all()
        return self.env["mail.mail"].search([]) - before

    def _get_reminders(self):
        return self.reminders.search([("card_id.program_id", "=", self.program.id)])

    def _remind_on(self, days):
        with freeze_time(self._in(days)):
            return self._remind()

    def test_a_member_is_reminded_30_and_7_days_before_and_once_each(self):
        self._give(120, 40)
        self.assertFalse(self._remind_on(9))
        mail = self._remind_on(10)
        self.assertEqual(mail.recipient_ids, self.member)
        self.assertIn("120", mail.body_html)
        self.assertIn("08/09/2026", mail.body_html)
        self.assertIn("Spend them", mail.body_html)
        self.assertFalse(self._remind_on(10))
        self.assertFalse(self._remind_on(32))
        self.assertEqual(len(self._remind_on(33)), 1)
        self.assertFalse(
            self._remind_on(33) | self._remind_on(39) | self._remind_on(40)
        )
        self.assertEqual(self._get_reminders().mapped("step"), ["first", "last"])

    def test_lots_of_one_day_make_one_sum_and_days_of_a_week_one_mail(self):
        self._give(100, 30)
        self._give(20, 30)
        self._give(7, 36)
        self._give(9, 37)
        mail = self._remind()
        self.assertEqual(len(mail), 1)
        self.assertEqual(
            self._get_reminders()[0]._get_lines(),
            [
                {"points": "120", "day": "07/30/2026"},
                {"points": "7", "day": "08/05/2026"},
            ],
        )
        self.assertFalse(self._remind_on(6))
        self.assertIn("08/06/2026", self._remind_on(7).body_html)

    def test_what_was_overlooked_is_caught_up_without_the_first_step(self):
        self._give(100, 5)
        self.assertEqual(len(self._remind()), 1)
        self.assertEqual(self._get_reminders().mapped("step"), ["last"])
        self.assertFalse(self._remind())

    def test_both_days_are_the_programmes_choice(self):
        self.program.write({"reminder_first_days": 0, "reminder_last_days": 3})
        self._give(100, 30)
        self.assertFalse(self._remind() | self._remind_on(26))
        self.assertEqual(len(self._remind_on(27)), 1)
        self.program.write({"reminder_first_days": 0, "reminder_last_days": 0})
        self._give(100, 60)
        self.assertFalse(self._remind_on(58))

    def test_absurd_days_are_refused(self):
        for first, last in ((7, 30), (-1, 0), (400, 7), (0, 400), (7, 7)):
            with self.subTest(first=first, last=last), self.assert_refused_by_sql():
                self.program.write(
                    {"reminder_first_days": first, "reminder_last_days": last}
                )
                self.program.flush_recordset()

    def test_who_cannot_or_need_not_be_written_to_gets_no_mail(self):
        blocked = self.env["mail.blacklist"]
        cases = {
            "no address": lambda card: card.partner_id.write({"email": False}),
            "left": lambda card: card._leave(),
            "frozen": lambda card: card.write({"member_state": "frozen"}),
            "archived": lambda card: card.write({"active": False}),
            "unwanted": lambda card: blocked._add(card.partner_id.email),
            "spent": lambda card: self._post(-100, "redeem", card=card),
            "pending": lambda card: None,
        }
        for name, act in cases.items():
            card = self._make_member(name)
            card.partner_id.email = f"{name.replace(' ', '.')}@example.com"
            if name == "pending":
                self._post(100, "earn", card, hold_days=60, expires_on=self._in(30))
            else:
                self._give(100, 30, card)
            act(card.sudo())
        self._give(100, 30)
        self.assertEqual(self._remind().recipient_ids, self.member)

    def test_no_mail_for_programmes_whose_points_never_expire(self):
        self._let_expire(12, "never")
        self._post(100)
        self.assertFalse(self._remind())

    def test_inactive_members_are_told_how_to_keep_their_points(self):
        self._let_expire(12, "inactivity")
        self._post(100, "earn")
        mail = self._remind_on(335)
        self.assertIn("06/30/2027", mail.body_html)
        self.assertIn("any purchase until then", mail.body_html)
        self.assertFalse(self._remind_on(336))
        with freeze_time(self._in(340)):
            self._post(10, "earn")
        self.assertFalse(self._remind_on(360))
        self.assertEqual(len(self._remind_on(340 + 336)), 1)

    def test_the_mail_speaks_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("loyalty_program.mail_template_expiry_reminder")
        template.reset_template()
        template.with_context(lang="fr_FR").subject = "Vos points expirent"
        self.member.lang = "fr_FR"
        other = self._make_member("Nora")
        other.partner_id.write({"email": "nora@example.com", "lang": "en_US"})
        self._give(1500, 30)
        self._give(1500, 30, other)
        mails = self._remind()
        french = mails.filtered(lambda mail: mail.recipient_ids == self.member)
        self.assertEqual(french.subject, "Vos points expirent")
        self.assertIn("30/07/2026", french.body_html)
        english = mails - french
        self.assertIn("in time", english.subject)
        self.assertIn("07/30/2026", english.body_html)
        self.assertIn("100 points = ", english.body_html)

    def test_many_members_are_written_to_in_batches(self):
        self.patch(loyalty_expiry_reminder, "BATCH", 2)
        for number in range(5):
            card = self._make_member(f"Member {number}")
            card.partner_id.email = f"member{number}@example.com"
            self._give(10, 30, card)
        work = self.reminders._run_reminders()
        next(work)
        self.assertEqual(len(self._get_reminders()), 2)
        # The worker dies here; the next one goes on with the others.
        self.assertEqual(len(self._remind()), 3)
        self.assertEqual(len(self._get_reminders()), 5)

    def test_the_database_keeps_a_second_reminder_out(self):
        self._give(10, 30)
        self._remind()
        self._get_reminders().flush_recordset()
        with self.assert_refused_by_sql():
            self.env.cr.execute(
                """INSERT INTO loyalty_expiry_reminder
                   (card_id, expires_on, step, points, reminded_at)
                   SELECT card_id, expires_on, step, points, reminded_at
                   FROM loyalty_expiry_reminder"""
            )

    def test_the_day_is_the_companys(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        self._post(100, expires_on=date(2026, 7, 31))
        with freeze_time("2026-06-30 11:30:00"):
            self.assertFalse(self._remind())
        with freeze_time("2026-06-30 12:30:00"):
            self.assertTrue(self._remind())

    def test_reminders_are_nobodys_to_make(self):
        values = {
            "card_id": self.card.id,
            "expires_on": TODAY,
            "step": "last",
            "points": 1,
            "reminded_at": "2026-06-30",
        }
        for user in (self.manager, self.loyalty_user, self.salesperson):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.reminders.with_user(user).create(values)
        with self.assertRaises(AccessError):
            self.reminders.with_user(self.salesperson).search([])
