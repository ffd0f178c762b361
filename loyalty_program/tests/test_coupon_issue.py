from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import NOW, LoyaltyCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCouponIssue(LoyaltyCase):
    """A member turns points into a coupon, and uses it later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls.program.reward_ids.sorted("required_points")[0]
        cls.reward.write({"issues_coupon": True, "coupon_valid_days": 30})
        cls._post(250, "bonus", expires_on=date(2026, 12, 31))

    def _issue(self, token=None):
        return self.card._issue_coupon(self.reward, "backoffice", token=token)

    def _use(self, coupon, partner=None):
        """Put the coupon on an order; return the order and what was answered."""
        order = self._make_order(partner or self.member, 100)
        status = order._try_apply_code(coupon.code)
        for card, rewards in status.items() if "error" not in status else ():
            order._apply_program_reward(rewards, card)
        return order, status

    def _notes(self, card):
        return " ".join(card.message_ids.mapped("body"))

    def test_points_become_a_coupon_of_the_member(self):
        coupon = self._issue()
        self.assertEqual(self._story(), [("bonus", 250), ("redeem", -100)])
        self.assertEqual(self.card.points, 150)
        self.assertEqual(coupon.partner_id, self.member)
        self.assertEqual(coupon.coupon_state, "issued")
        self.assertEqual(coupon.expiration_date, date(2026, 7, 30))
        self.assertRegex(coupon.code, r"^044(-[2-9C-Y]{5}){3}$")
        self.assertIn("<svg", coupon.code_svg)
        self.assertIn("Issued to Mira Member", self._notes(coupon))
        self.assertIn("100 points into a coupon", self._notes(self.card))
        self.assert_balanced()

    def test_a_coupon_is_used_once(self):
        coupon = self._issue()
        order, status = self._use(coupon)
        self.assertNotIn("error", status)
        self.assertEqual(order.amount_total, 95)
        order.action_confirm()
        self.assertEqual(coupon.coupon_state, "used")
        self.assertIn("The coupon was used", self._notes(coupon))
        _order, status = self._use(coupon)
        self.assertEqual(status["error"], "This coupon has already been used.")
        order._action_cancel()
        self.assertEqual(coupon.coupon_state, "issued")
        self.assertIn("may be used again", self._notes(coupon))

    def test_nobody_else_may_use_it_where_the_reward_says_so(self):
        stranger = self._make_partner("Stan Stranger")
        _order, status = self._use(self._issue(), stranger)
        self.assertIn("another customer", status["error"])
        self.reward.coupon_owner_only = False
        order, status = self._use(self._issue(), stranger)
        self.assertNotIn("error", status)
        self.assertEqual(order.amount_total, 95)

    def test_one_click_gives_one_coupon(self):
        coupon = self._issue("click")
        self.assertEqual(self._issue("click"), coupon)
        self.assertEqual(self.card.points, 150)
        self.assertNotEqual(self._issue("another click"), coupon)

    def test_too_few_points_are_told_and_nothing_happens(self):
        self._issue()
        self._issue()
        with self.assertRaisesRegex(UserError, "takes 100 points, 50 are missing"):
            self._issue()
        self.assertEqual(self.card.points, 50)
        self.assertEqual(self.card.issued_coupon_count, 2)

    def test_a_reward_that_is_not_on_offer_is_refused(self):
        other = self.program.reward_ids - self.reward
        with self.assertRaisesRegex(UserError, "not on offer"):
            self.card._issue_coupon(other, "backoffice")
        self.card._freeze("lost_phone")
        with self.assertRaises(UserError):
            self._issue()
        self.assertEqual(self.card.points, 250)

    def test_a_void_coupon_gives_the_points_back_as_they_were(self):
        coupon = self._issue()
        coupon.with_user(self.manager).action_void_coupons()
        self.assertEqual(coupon.coupon_state, "void")
        self.assertEqual(self._story()[-1], ("redeem_reversal", 100))
        lots = self._open_lots()
        self.assertEqual({day for day, _rest in lots}, {date(2026, 12, 31)})
        self.assertEqual(sum(rest for _day, rest in lots), 250)
        self.assertIn("went back to the member", self._notes(coupon))
        self.assert_balanced()
        _order, status = self._use(coupon)
        self.assertIn("withdrawn on 06/30/2026", status["error"])

    def test_a_void_coupon_leaves_the_quotation_that_holds_it(self):
        coupon = self._issue()
        order, _status = self._use(coupon)
        coupon._void()
        order._update_programs_and_rewards()
        self.assertEqual(order.amount_total, 100)

    def test_in_bulk_only_what_may_still_be_used_is_void(self):
        used, first, second = self._issue(), self._issue(), None
        self._post(100, "bonus")
        second = self._issue()
        self._use(used)[0].action_confirm()
        points = self.card.points
        (used | first | second).with_user(self.manager).action_void_coupons()
        self.assertEqual(
            (used | first | second).mapped("coupon_state"), ["used", "void", "void"]
        )
        self.assertEqual(self.card.points, points + 200)
        with self.assertRaisesRegex(UserError, "used, expired or voided"):
            (used | first).with_user(self.manager).action_void_coupons()

    def test_voiding_is_a_right_and_the_facts_are_protected(self):
        coupon = self._issue()
        for user in (self.salesperson, self.loyalty_user):
            with self.assertRaises(AccessError):
                coupon.with_user(user).action_void_coupons()
        with self.assertRaises(AccessError):
            coupon.with_user(self.manager).voided_on = "2026-01-01"

    def test_an_expired_coupon_says_when(self):
        coupon = self._issue()
        with freeze_time("2026-07-31 10:00:00"):
            coupon.invalidate_recordset()
            self.assertEqual(coupon.coupon_state, "expired")
            _order, status = self._use(coupon)
            self.assertIn("expired on 07/30/2026", status["error"])

    def test_a_closed_offer_and_a_slip_are_told(self):
        coupon = self._issue()
        typed = coupon.code.lower().replace("-", " ")
        order = self._make_order(self.member, 100)
        self.assertNotIn("error", order._try_apply_code(f" {typed} "))
        slip = "2" if coupon.code[-1] != "2" else "3"
        order = self._make_order(self.member, 100)
        status = order._try_apply_code(coupon.code[:-1] + slip)
        self.assertIn("typing error", status["error"])
        coupon.program_id.active = False
        self.assertIn("ended", order._try_apply_code(coupon.code)["error"])

    def test_a_coupon_keeps_its_promise_when_the_reward_changes(self):
        old = self._issue()
        self.assertEqual(self._issue().program_id, old.program_id)
        self.reward.write({"discount": 20})
        self._post(100, "bonus")
        new = self._issue()
        self.assertNotEqual(new.program_id, old.program_id)
        self.assertEqual(self._use(old)[0].amount_total, 95)
        self.assertEqual(self._use(new)[0].amount_total, 80)

    def test_a_loyalty_user_issues_from_the_members_form(self):
        wizard = Form(
            self.env["loyalty.coupon.issue"]
            .with_user(self.loyalty_user)
            .with_context(default_card_id=self.card.id)
        )
        wizard.reward_id = self.reward
        self.assertEqual(wizard.required_points, 100)
        self.assertEqual(wizard.valid_until, date(2026, 7, 30))
        record = wizard.save()
        action = record.action_issue()
        # A second click of the same dialog.
        self.assertEqual(record.action_issue()["res_id"], action["res_id"])
        self.assertEqual(self.card.points, 150)
        with self.assertRaises(AccessError):
            self.env["loyalty.coupon.issue"].with_user(self.salesperson).create(
                {"card_id": self.card.id, "reward_id": self.reward.id}
            )

    def test_rewards_that_cannot_be_a_coupon_are_refused(self):
        with self.assertRaises(ValidationError):
            self.reward.discount_mode = "per_point"
        recorded = self._make_recorded_program()
        with self.assertRaises(ValidationError):
            recorded.reward_ids.issues_coupon = True
