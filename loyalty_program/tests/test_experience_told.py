from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .claim_common import SUMMER, ExperienceCase
from .common import NOW


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestExperienceTold(ExperienceCase):
    """Whoever has to act on a request, and whoever waits for one, is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gift.responsible_id = cls.manager
        cls.reminders = cls.env["loyalty.experience.reminder"]

    def _remind(self, moment):
        def run():
            with freeze_time(moment):
                for _rows in self.reminders._run_reminders():
                    pass

        return self._mails_of(run)

    def _approve(self, **wish):
        claim = self._ask(**wish)
        claim.with_user(self.loyalty_user).action_approve()
        return claim

    # === The responsible person ===

    def test_a_request_is_a_task_until_it_is_decided(self):
        acts = (
            lambda claim: claim.with_user(self.loyalty_user).action_approve(),
            self._decline,
            lambda claim: claim.with_user(self.manager).action_void(),
            lambda claim: claim._cancel(),
        )
        for act in acts:
            claim = self._ask(self.summer if self.summer.left else self.autumn)
            task = claim.activity_ids
            self.assertEqual(task.user_id, self.manager)
            self.assertEqual(task.summary, "Approve or decline: Tour of the roastery")
            self.assertEqual(str(task.date_deadline), NOW[:10])
            act(claim)
            self.assertFalse(claim.activity_ids)

    def test_a_thing_to_hand_over_is_a_task(self):
        self._close_warehouses()
        mug = self._make_reward(
            "physical",
            description="Mug",
            reward_product_id=self._make_product("Mug", 9, type="consu").id,
            responsible_id=self.loyalty_user.id,
        )
        claim = self._claim(mug)
        self.assertEqual(claim.activity_ids.user_id, self.loyalty_user)
        claim.with_user(self.loyalty_user).action_hand_over()
        self.assertFalse(claim.activity_ids)

    def test_who_makes_an_experience_is_responsible_and_can_act(self):
        form = Form(
            self.env["loyalty.reward"]
            .with_user(self.manager)
            .with_context(default_program_id=self.program.id)
        )
        form.reward_type = "experience"
        self.assertEqual(form.responsible_id, self.manager)
        with self.assertRaisesRegex(ValidationError, "cannot act on requests"):
            self.gift.responsible_id = self.salesperson
        self.manager.active = False
        self.assertFalse(self._ask().activity_ids)

    # === Taken back by staff ===

    def test_a_void_by_staff_is_told_and_a_members_own_is_not(self):
        claim = self._approve()
        mail = self._mails_of(claim.with_user(self.manager).action_void)
        self.assertEqual(mail.recipient_ids, self.member)
        self.assertIn("cancelled by us", mail.body_html)
        self.assertIn("12 July 2026", mail.body_html)
        self.assertFalse(self._mails_of(self._approve()._cancel))

    def test_of_a_bulk_void_those_are_told_whose_reward_is_void(self):
        done, one = self._approve(date=self.autumn), self._approve(date=self.autumn)
        done.action_done()
        two = self._ask(self.summer, self.other)
        mails = self._mails_of((done | one | two).with_user(self.manager).action_void)
        self.assertEqual(mails.recipient_ids, self.member, "Otto has no address")
        self.assertEqual((done.state, one.state, two.state), ("given", "void", "void"))

    # === Before it begins ===

    def test_members_are_reminded_once_some_days_before(self):
        claim = self._approve()
        self.assertFalse(self._remind("2026-07-09 23:59:59"))
        mail = self._remind("2026-07-10 00:00:00")
        self.assertEqual(mail.recipient_ids, self.member)
        self.assertIn("12 July 2026, 16:00, Yard", mail.body_html)
        self._assert_leads_home(mail, claim)
        self.assertIn("reminded", " ".join(self._notes(claim)))
        self.assertFalse(self._remind("2026-07-11 10:00:00"))

    def test_only_who_is_expected_is_reminded(self):
        declined, void = self._approve(), self._approve(date=self.autumn)
        self._decline(declined)
        void._void()
        self._ask()
        self.assertFalse(self._remind("2026-07-11 10:00:00"), "not approved yet")
        self.assertFalse(self._remind("2026-07-12 16:00:00"), "it has begun")
        self.gift.reminder_days = 0
        self._approve(date=self.autumn)
        self.assertFalse(self._remind("2026-09-20 10:00:00"), "no reminder wanted")
        self.gift.reminder_days = 1
        self.assertTrue(self._remind("2026-09-20 10:00:00"))
        for days in (-1, 367):
            with self.assert_refused_by_sql():
                self.gift.reminder_days = days
                self.gift.flush_recordset()

    def test_a_moved_date_is_told_and_reminded_of_anew(self):
        claim = self._approve()
        self.assertTrue(self._remind("2026-07-11 10:00:00"))

        def move():
            self.summer.starts_at = SUMMER + timedelta(days=14)

        mail = self._mails_of(move)
        self.assertEqual(mail.recipient_ids, self.member)
        self.assertIn("26 July 2026", mail.body_html)
        self._assert_leads_home(mail, claim)
        self.assertFalse(self._mails_of(move), "nothing changed")
        self.assertFalse(self._remind("2026-07-23 10:00:00"))
        self.assertTrue(self._remind("2026-07-24 10:00:00"))

    def test_who_is_approved_afterwards_is_promised_nothing(self):
        claim = self._ask().with_user(self.loyalty_user)
        with freeze_time("2026-07-12 16:30:00"):
            self.assertFalse(self._mails_of(claim.action_approve))
        claim.action_done()
        self.assertEqual(claim.state, "given")

    # === Called off ===

    def test_a_date_that_is_called_off_tells_all_and_gives_all_back(self):
        first = self._approve(date=self.autumn)
        action = self.autumn.with_user(self.manager).action_call_off()
        wizard = self.env["loyalty.claim.decline"].with_user(self.manager)
        wizard = wizard.with_context(**action["context"]).create({"note": "Flooded."})
        late = self._ask(self.autumn, self.other)
        mail = self._mails_of(wizard.action_decline)
        self.assertEqual((first.state, late.state), ("declined", "declined"))
        self.assertIn("Flooded.", mail.body_html)
        self.assertEqual((self.autumn.active, self.autumn.taken), (False, 0))
        self.assertEqual((self.card.points, self.other.points), (500, 500))
        self.assert_balanced()
        self.assertIsNone(self.summer.with_user(self.manager).action_call_off())
        self.assertFalse(self.summer.active)

    def test_calling_off_is_for_managers(self):
        self._ask()
        with self.assertRaises(AccessError):
            self.summer.with_user(self.loyalty_user).action_call_off()
        wizard = self.env["loyalty.claim.decline"].with_user(self.loyalty_user)
        with self.assertRaises(AccessError):
            wizard.create(
                {"called_off_id": self.summer.id, "note": "No."}
            ).action_decline()
        self.assertEqual(self.summer.taken, 1)
