from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .claim_common import ExperienceCase
from .common import NOW


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestExperienceUnanswered(ExperienceCase):
    """A request that nobody answers gives points and place back by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gift.responsible_id = cls.manager

    def _spend_night(self, moment):
        with freeze_time(moment):
            return self._mails_of(self._run_nightly)

    def test_some_days_after_its_day_it_is_declined_and_the_member_told(self):
        claim = self._ask()
        self.assertEqual(self.card.points, 400)
        self.assertFalse(self._spend_night("2026-07-15 23:00:00"))
        self.assertEqual(claim.state, "requested")
        mail = self._spend_night("2026-07-16 01:00:00")
        self.assertEqual(mail.recipient_ids, self.member)
        self.assertIn("did not answer your request in time", mail.body_html)
        self.assertIn("12 July 2026", mail.body_html)
        self.assertEqual((claim.state, self.card.points), ("declined", 500))
        self.assertEqual(self.summer.taken, 0)
        self.assertFalse(claim.activity_ids)
        self.assertFalse(self._spend_night("2026-07-17 01:00:00"))
        self.assert_balanced()

    def test_how_many_days_is_the_rewards_choice_and_days_are_the_companys(self):
        self.gift.decline_after_days = 0
        self.company.partner_id.tz = "America/Los_Angeles"
        claim = self._ask()
        self._spend_night("2026-07-13 06:30:00")
        self.assertEqual(claim.state, "requested")
        self._spend_night("2026-07-13 07:30:00")
        self.assertEqual(claim.state, "declined")
        for days in (-1, 367):
            with self.assert_refused_by_sql():
                self.gift.decline_after_days = days
                self.gift.flush_recordset()

    def test_the_reason_is_told_in_the_members_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.member.lang = "fr_FR"
        claims = self.env["loyalty.reward.claim"]
        said = []

        def explain(claim):
            said.append(claim.env.lang)
            return "Désolés."

        self.patch(
            self.env.registry["loyalty.reward.claim"], "_explain_unanswered", explain
        )
        claim = claims.browse(self._ask().id)
        self._spend_night("2026-08-01 01:00:00")
        self.assertEqual((said, claim.decline_note), (["fr_FR"], "Désolés."))

    def test_what_was_answered_or_has_no_day_stays(self):
        approved = self._ask()
        approved.with_user(self.loyalty_user).action_approve()
        self.gift.experience_date_ids = [Command.create({"capacity": 1})]
        undated = self.gift.experience_date_ids.filtered(
            lambda date: not date.starts_at
        )
        open_one = self._ask(undated, self.other)
        self._spend_night("2027-07-16 01:00:00")
        self.assertEqual((approved.state, open_one.state), ("approved", "requested"))

    def test_what_is_off_the_offer_is_declined_as_well(self):
        claim = self._ask()
        self.summer.active = False
        self.gift.active = False
        self._spend_night("2026-08-01 01:00:00")
        self.assertEqual((claim.state, self.card.points), ("declined", 500))

    def test_a_request_without_a_task_becomes_one_again(self):
        self.gift.responsible_id = False
        claim = self._ask()
        self._spend_night("2026-07-01 01:00:00")
        self.assertFalse(claim.activity_ids)
        self.gift.responsible_id = self.loyalty_user
        for _night in range(2):
            self._spend_night("2026-07-02 01:00:00")
        self.assertEqual(claim.activity_ids.user_id, self.loyalty_user)
        self.assertEqual(len(claim.activity_ids), 1)

    def test_an_erased_member_keeps_no_place(self):
        waiting, approved = self._ask(), self._ask(self.autumn)
        approved.with_user(self.loyalty_user).action_approve()
        self.assertEqual(self.card.points, 300)
        self.card.with_user(self.manager)._erase(False)
        self.assertEqual((waiting.state, approved.state), ("void", "void"))
        self.assertEqual((self.summer.taken, self.autumn.taken), (0, 0))
        self.assertEqual(self.card.points, 500)
        self.assert_balanced()
