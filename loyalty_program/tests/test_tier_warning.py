from datetime import date

from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestTierWarning(LoyaltyCase):
    """Before a tier is lost its member hears what is missing by when, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write({"tier_window": "year", "tier_warning_days": 30})
        cls.member.email = "mira@example.com"

    def setUp(self):
        super().setUp()
        self._run_nightly()
        self._buy(350)

    def _warn(self, moment):
        """Do the day's work and return the mails to the member."""
        mails = self.env["mail.mail"].search([])
        with freeze_time(moment):
            for _rows in self.env["loyalty.tier.warning"]._run_reminders():
                pass
        self.env.invalidate_all()
        return self.env["mail.mail"].search([]) - mails

    def test_the_mail_says_what_is_missing_by_when(self):
        self.assertFalse(self._warn("2027-11-30 10:00:00"))
        mail = self._warn("2027-12-01 10:00:00")
        self.assertEqual(mail.recipient_ids, self.member)
        self.assertIn("Gold", mail.subject)
        for word in ("300.00", "12/31/2027"):
            self.assertIn(word, mail.body_html)

    def test_it_comes_once_for_each_review(self):
        self.assertEqual(len(self._warn("2027-12-01 10:00:00")), 1)
        self.assertFalse(self._warn("2027-12-02 10:00:00"))
        self.assertFalse(self._warn("2027-12-31 10:00:00"))
        warning = self.env["loyalty.tier.warning"].search(
            [("card_id", "=", self.card.id)]
        )
        self.assertEqual(warning.review_on, date(2027, 12, 31))

    def test_who_has_enough_hears_nothing(self):
        with freeze_time("2027-06-01 10:00:00"):
            self._buy(300)
        self.assertFalse(self._warn("2027-12-05 10:00:00"))

    def test_a_later_refund_warns_who_had_enough(self):
        with freeze_time("2027-06-01 10:00:00"):
            order = self._buy(300)
        self.assertFalse(self._warn("2027-12-05 10:00:00"))
        with freeze_time("2027-12-10 10:00:00"):
            order.sudo()._action_cancel()
        mail = self._warn("2027-12-11 03:00:00")
        self.assertIn("300.00", mail.body_html)
        self.assertFalse(self._warn("2027-12-12 03:00:00"), "once")

    def test_who_bought_enough_after_the_mail_is_warned_of_the_next_fall(self):
        self.assertEqual(len(self._warn("2027-12-01 10:00:00")), 1)
        with freeze_time("2027-12-03 10:00:00"):
            order = self._buy(300)
            self._buy(1)
        self.assertFalse(self._warn("2027-12-04 03:00:00"), "enough")
        with freeze_time("2027-12-06 10:00:00"):
            order.sudo()._action_cancel()
        mail = self._warn("2027-12-07 03:00:00")
        self.assertEqual(len(mail), 1)
        self.assertIn("299.00", mail.body_html)
        self.assertFalse(self._warn("2027-12-08 03:00:00"), "nothing new")

    def test_buying_too_little_brings_no_second_mail(self):
        self.assertEqual(len(self._warn("2027-12-01 10:00:00")), 1)
        with freeze_time("2027-12-03 10:00:00"):
            self._buy(100)
        self.assertFalse(self._warn("2027-12-04 03:00:00"))

    def test_it_is_written_in_the_language_of_the_member(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("loyalty_program.mail_template_tier_warning")
        template.with_context(lang="fr_FR").subject = "Restez {{ object.tier_id.name }}"
        self.member.lang = "fr_FR"
        mail = self._warn("2027-12-05 10:00:00")
        self.assertEqual(mail.subject, "Restez Gold")
        self.assertIn("31/12/2027", mail.body_html)

    def test_nobody_is_written_to_who_should_not(self):
        for state in ("frozen", "left"):
            with self.subTest(state):
                self.card.sudo().member_state = state
                self.assertFalse(self._warn("2027-12-05 10:00:00"))
        self.card.sudo().member_state = "joined"
        self.env["mail.blacklist"]._add(self.member.email)
        self.assertFalse(self._warn("2027-12-05 10:00:00"))
        self.env["mail.blacklist"]._remove(self.member.email)
        self.program.tier_warning_days = 0
        self.assertFalse(self._warn("2027-12-05 10:00:00"))

    def test_who_reaches_a_tier_is_congratulated_where_that_is_wanted(self):
        self._buy(700)
        self.program.tier_mail = True
        card = self._make_member("Nora New")
        card.partner_id.email = "nora@example.com"
        self._buy(150, partner=card.partner_id)
        mails = self.env["mail.mail"].search([("subject", "like", "welcome to")])
        self.assertEqual(mails.mapped("subject"), ["Nora New, welcome to Silver"])
