from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .claim_common import SUMMER, ExperienceCase
from .common import NOW


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRewardExperience(ExperienceCase):
    """Members ask for an experience; staff approve it, decline it, note it as done."""

    # === The way of a request ===

    def test_a_request_waits_with_its_place_and_its_points(self):
        claim = self._ask()
        self.assertEqual((claim.state, claim.starts_at), ("requested", SUMMER))
        self.assertEqual(claim.experience_date_id, self.summer)
        self.assertEqual((self.summer.taken, self.summer.left), (1, 0))
        self.assertEqual(self.card.points, 400)
        self.assertIn("12 July 2026, 16:00, Yard", claim._describe_given())
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_experience_action"
        )
        self.assertIn("experience", action["domain"])

    def test_approved_and_done(self):
        claim = self._ask().with_user(self.loyalty_user)
        mail = self._mails_of(claim.action_approve)
        self.assertEqual(
            (claim.state, claim.decided_by_id), ("approved", self.loyalty_user)
        )
        self.assertEqual(mail.recipient_ids, self.member)
        self.assertIn("Tour of the roastery", mail.body_html)
        self.assertIn("12 July 2026", mail.body_html)
        self._assert_leads_home(mail, claim)
        with self.assertRaisesRegex(UserError, "Approved"):
            claim.action_approve()
        claim.action_done()
        self.assertEqual(claim.state, "given")
        with self.assertRaisesRegex(UserError, "has taken place"):
            claim.with_user(self.manager).action_void()
        with self.assertRaises(UserError):
            self._decline(claim)
        self.assertEqual((self.card.points, self.summer.taken), (400, 1))

    def test_declined_with_a_reason_gives_points_and_place_back(self):
        claim = self._ask()
        claim.with_user(self.loyalty_user).action_approve()
        mail = self._mails_of(lambda: self._decline(claim))
        self.assertEqual(claim.state, "declined")
        self.assertEqual(mail.recipient_ids, self.member)
        self.assertIn("The roaster is being repaired.", mail.body_html)
        self.assertEqual((self.card.points, self.summer.left), (500, 1))
        self.assert_balanced()
        with self.assertRaises(UserError):
            self._decline(claim)
        with self.assertRaisesRegex(UserError, "void already"):
            claim.with_user(self.manager).action_void()
        self.assertEqual((self.card.points, self.summer.left), (500, 1))

    def test_void_by_staff_or_cancelled_by_the_member_gives_back(self):
        self._ask().with_user(self.manager).action_void()
        self.assertEqual((self.card.points, self.summer.left), (500, 1))
        claim = self._ask()
        claim.with_user(self.loyalty_user).action_approve()
        claim._cancel()
        self.assertEqual(claim.state, "void")
        self.assertEqual((self.card.points, self.summer.left), (500, 1))
        self.assertIn("member cancelled", " ".join(self._notes(claim)))
        with self.assertRaisesRegex(UserError, "too late"):
            claim._cancel()

    def test_what_has_begun_is_not_cancelled_any_more(self):
        claim = self._ask()
        with freeze_time("2026-07-12 16:00:01"):
            self.assertFalse(claim._may_cancel())
            with self.assertRaisesRegex(UserError, "too late"):
                claim._cancel()
        self.assertEqual(self.card.points, 400)

    def test_the_queue_begins_with_those_who_wait(self):
        self._ask().action_approve()
        self._ask(self.autumn)
        claims = self.env["loyalty.reward.claim"].with_context(read_group_expand=True)
        groups = claims.web_read_group([("kind", "=", "experience")], ["state"], [])
        states = [group["state"] for group in groups["groups"]]
        self.assertEqual(states, ["requested", "approved", "given", "void", "declined"])

    # === Places ===

    def test_the_last_place_is_for_who_asks_first(self):
        self._ask()
        with self.assertRaisesRegex(UserError, "The only place"):
            self._ask(card=self.other)
        self.assertEqual(self.other.points, 500)
        self._ask(self.autumn, self.other)
        self._ask(self.autumn)
        refusal = self.other._get_claim_refusal(self.gift)
        self.assertIn("on every date", refusal)
        self.assertEqual(self.autumn.taken, 2)

    def test_no_places_no_date_and_a_date_of_old_say_so(self):
        self.summer.capacity = 0
        with self.assertRaisesRegex(UserError, "has no places at present"):
            self._ask()
        with freeze_time("2026-09-21 10:00:00"):
            self.assertIn("no date", self.card._get_claim_refusal(self.gift))
            with self.assertRaisesRegex(UserError, "no date"):
                self._ask(self.autumn)
        for wish in ({}, {"date": "0"}, {"date": "x"}, {"date": "99999999"}):
            with self.assertRaisesRegex(UserError, "Choose one"):
                self._claim(**wish)
        self.assertEqual(self.card.points, 500)

    def test_without_dates_the_reward_itself_has_places(self):
        self.gift.experience_date_ids.unlink()
        place = self.summer.create({"reward_id": self.gift.id, "capacity": 1})
        claim = self._claim()
        self.assertEqual(claim.experience_date_id, place)
        self.assertEqual(claim._describe_given(), "Day by arrangement")
        self.assertTrue(claim._may_cancel())
        with self.assertRaisesRegex(UserError, "The only place"):
            self._claim(card=self.other)

    def test_promised_places_cannot_be_taken_away(self):
        self._ask(self.autumn)
        with self.assert_refused_by_sql():
            self.autumn.capacity = 0
            self.autumn.flush_recordset()
        self.env.invalidate_all(flush=False)
        with self.assertRaisesRegex(UserError, "Archive it"):
            self.autumn.unlink()
        with self.assertRaisesRegex(UserError, "nothing else"):
            self.autumn.with_user(self.manager).taken = 0

    # === Roles ===

    def test_staff_decide_and_others_do_not(self):
        claim = self._ask()
        for act in ("action_approve", "action_done"):
            with self.assertRaises(AccessError):
                getattr(claim.with_user(self.salesperson), act)()
        with self.assertRaises(AccessError):
            claim.with_user(self.salesperson)._decline("No")
        dates = self.env["loyalty.experience.date"]
        values = {"reward_id": self.gift.id, "capacity": 5}
        with self.assertRaises(AccessError):
            dates.with_user(self.loyalty_user).create(values)
        self.assertTrue(dates.with_user(self.manager).create(values))
        self.assertEqual(claim.state, "requested")

    def test_a_loyalty_user_asks_in_a_members_name(self):
        wizard = Form(
            self.env["loyalty.reward.claim.make"]
            .with_user(self.loyalty_user)
            .with_context(default_card_id=self.card.id)
        )
        wizard.reward_id = self.gift
        wizard.experience_date_id = self.autumn
        action = wizard.save().action_claim()
        claim = self.env["loyalty.reward.claim"].browse(action["res_id"])
        self.assertEqual(claim.experience_date_id, self.autumn)
