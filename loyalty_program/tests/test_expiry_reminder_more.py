from datetime import date

from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestExpiryReminderMore(LoyaltyCase):
    """Whoever may spend points that lapse is told, and of the day on which they do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._let_expire(12)
        cls.member.email = "mira@example.com"
        cls.other = cls._make_member("Olga Other")
        cls.other.partner_id.email = "olga@example.com"
        cls.reminders = cls.env["loyalty.expiry.reminder"]
        # What a user made of the mail is not what is tested.
        cls.env.ref("loyalty_program.mail_template_expiry_reminder").reset_template()

    def _remind_on(self, day):
        before = self.env["mail.mail"].search([])
        with freeze_time(f"{day} 10:00:00"):
            list(self.reminders._run_reminders())
        self.env.invalidate_all()
        return self.env["mail.mail"].search([]) - before

    def _get_days(self):
        told = self.reminders.search([("card_id.program_id", "=", self.program.id)])
        return [(row.card_id, row.expires_on, row.points) for row in told]

    def _share(self, **values):
        pool = self.env["loyalty.pool"]._make(self.program, "Home")
        pool.write(values)
        for card in (self.card, self.other):
            pool._add(card, "backoffice")
        return pool

    def test_all_who_share_points_are_told_once(self):
        self._share()
        self._post(30, "earn", self.other, expires_on="2026-07-20")
        self._post(12, "earn", expires_on="2026-07-20")
        mails = self._remind_on("2026-06-30")
        both = self.member | self.other.partner_id
        self.assertEqual(mails.recipient_ids, both)
        self.assertEqual(len(mails), 2)
        self.assertIn("42", mails[0].body_html)
        self.assertFalse(self._remind_on("2026-07-01"))
        self.assertEqual(len(self._remind_on("2026-07-13")), 2)

    def test_where_the_owner_spends_the_owner_is_told(self):
        pool = self._share(spending="owner")
        self.assertEqual(pool.owner_id, self.card)
        self._post(30, "earn", self.other, expires_on="2026-07-20")
        self.assertEqual(self._remind_on("2026-06-30").recipient_ids, self.member)

    def test_all_who_share_are_told_of_inactivity(self):
        self._let_expire(12, "inactivity")
        self._share()
        with freeze_time("2026-06-30 10:00:00"):
            self._post(30, "earn")
        mails = self._remind_on("2027-06-01")
        self.assertEqual(mails.recipient_ids, self.member | self.other.partner_id)

    def test_points_end_with_their_programme_and_are_reminded_of(self):
        for mode in ("never", "earning", "inactivity"):
            with self.subTest(mode=mode):
                self.program.spend_until = False
                self._let_expire(12, mode)
                card = self._make_member(f"Member {mode}")
                card.partner_id.email = f"{mode}@example.com"
                with freeze_time("2026-06-30 10:00:00"):
                    self._post(40, "earn", card)
                self.program.spend_until = "2026-09-30"
                self.env.invalidate_all()
                self.assertEqual(card.expiring_on, date(2026, 9, 30))
                self.assertFalse(self._remind_on("2026-08-30"))
                mail = self._remind_on("2026-08-31")
                self.assertIn("09/30/2026", mail.body_html)
                self.assertNotIn("any purchase until then", mail.body_html)
                self.assertFalse(self._remind_on("2026-09-01"))
                self.assertEqual(len(self._remind_on("2026-09-23")), 1)
                days = [fact for fact in self._get_days() if fact[0] == card]
                self.assertEqual(days, [(card, date(2026, 9, 30), 40)] * 2)
                self._post(-card.points, "adjust", card)

    def test_what_lapses_before_the_end_is_told_with_its_own_day(self):
        self.program.spend_until = "2026-07-31"
        self._post(40, "earn", expires_on="2026-07-15")
        self._post(60, "earn", expires_on="2026-12-15")
        self._remind_on("2026-06-30")
        self._remind_on("2026-07-01")
        self.assertEqual(
            self._get_days(),
            [
                (self.card, date(2026, 7, 15), 40),
                (self.card, date(2026, 7, 31), 60),
            ],
        )
