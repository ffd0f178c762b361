from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .referral_common import ReferralCase


@tagged("post_install", "-at_install")
class TestReferral(ReferralCase):
    """A member brings a friend; both get what was promised, once, and in time."""

    def test_the_member_waits_for_payment_and_the_return_window(self):
        referral = self._bring()
        self._assert_gains(referral, "signed_up", 0, 0)
        order = self._buy(partner=self.friend)
        self._assert_gains(referral, "signed_up", 0, 0)
        self._pay(order)
        self._assert_gains(referral, "bought", 0, 30)
        self.assertEqual(str(referral.due_on), "2026-07-14")
        with freeze_time("2026-07-13 10:00:00"):
            self._run_nightly()
            self._assert_gains(referral, "bought", 0, 30)
        with freeze_time("2026-07-14 03:00:00"):
            self._run_nightly()
            self._assert_gains(referral, "rewarded", 50, 30)
            self._run_nightly()
            self._assert_gains(referral, "rewarded", 50, 30)
        self.assertEqual((self.card.referral_count, referral.order_amount), (1, 100))
        self.assert_balanced()

    def test_points_say_what_for_and_lift_no_tier(self):
        self._bring_and_buy()
        mine, theirs = (self._bonus(card) for card in (self.card, self.friend_card))
        self.assertEqual(mine.breakdown_text, "For bringing a friend.")
        self.assertIn("friend brought", theirs.breakdown_text)
        origins = [entry.origin_display for entry in (mine, theirs)]
        self.assertEqual(origins, ["Brought a friend", "Came by a friend"])
        self.assertFalse(mine.tier_date or theirs.tier_date)

    def test_points_lift_a_tier_where_the_programme_says_so(self):
        self.program.referral_counts_for_tier = True
        self._bring_and_buy()
        self.assertTrue(self._bonus(self.card).tier_date)

    def test_the_friend_may_get_it_on_joining(self):
        self.program.referral_friend_on = "sign_up"
        friend = self._make_partner("Newcomer")
        referral = self._claim(friend)
        self.assertEqual((referral.state, referral.friend_points), ("invited", 0))
        self.program._enrol(friend, "backoffice", True)
        self.assertEqual((referral.state, referral.friend_points), ("signed_up", 30))

    def test_who_bought_as_a_guest_gets_it_on_joining(self):
        guest = self._make_partner("Guest")
        referral = self._claim(guest)
        self._pay(self._buy(partner=guest))
        self.assertEqual((referral.state, referral.friend_points), ("bought", 0))
        self.program._enrol(guest, "backoffice", True)
        self.assertEqual(referral.friend_points, 30)

    def test_coupons_for_both(self):
        coupons = self._make_coupons()
        self.program.write(
            {
                "referral_points": 0,
                "referral_friend_points": 0,
                "referral_program_id": coupons.id,
                "referral_friend_program_id": coupons.id,
            }
        )
        referral = self._bring_and_buy()
        self.assertEqual(referral.coupon_id.partner_id, self.member)
        self.assertEqual(referral.friend_coupon_id.partner_id, self.friend)
        self.assertFalse(self._bonus(self.card))

    def test_a_second_order_and_a_second_member_give_nothing(self):
        referral = self._bring_and_buy()
        self._pay(self._buy(partner=self.friend))
        other = self._make_member("Olga Other")
        self.assertEqual(self._claim(self.friend, other), referral)
        with freeze_time("2026-09-01 10:00:00"):
            self._run_nightly()
        self._assert_gains(referral, "rewarded", 50, 30)
        self.assertFalse(self._bonus(other))

    def test_a_first_order_below_the_least_amount_does_not_count(self):
        self.program.referral_min_amount = 50
        referral = self._bring()
        self._pay(self._buy(49, partner=self.friend))
        self.assertEqual(referral.state, "signed_up")
        self._pay(self._buy(50, partner=self.friend))
        self.assertEqual(referral.state, "bought")

    def test_an_order_that_came_with_the_code_counts_itself(self):
        friend = self._make_partner("Newcomer")
        order = self._make_order(friend)
        order.sudo().referral_card_id = self.card
        order.action_confirm()
        referral = self._find(friend)
        self.assertEqual((referral.state, referral.channel), ("invited", "sale"))
        self._pay(order)
        self.assertEqual((referral.state, referral.origin_id), ("bought", order.id))

    def test_an_order_is_confirmed_though_the_offer_has_ended(self):
        order = self._make_order(self._make_partner("Newcomer"))
        order.sudo().referral_card_id = self.card
        self.program.referral_active = False
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertIn("Nobody was noted", str(order.message_ids.mapped("body")))

    def test_what_was_promised_is_kept_when_the_offer_ends(self):
        referral = self._bring()
        self.program.referral_active = False
        self._pay(self._buy(partner=self.friend))
        with freeze_time("2026-07-14 03:00:00"):
            self._run_nightly()
        self._assert_gains(referral, "rewarded", 50, 30)

    def test_the_programme_tells_it_in_plain_words(self):
        words = self.program._list_referral_words()
        self.assertIn("Your friend gets 30 points after a first order.", words)
        self.assertIn("14 days have passed without a return", words[1])
        self.program.referral_active = False
        self.assertFalse(self.program._list_referral_words())

    def test_settings_that_make_no_sense_are_refused(self):
        recorded = self._make_recorded_program()
        for program, values in (
            (recorded, {"referral_active": True, "referral_points": 5}),
            (self.program, {"referral_points": 0, "referral_friend_points": 0}),
            (self.program, {"referral_points": 0.5}),
            (self.program, {"referral_program_id": recorded.id}),
        ):
            with self.assertRaises(ValidationError):
                program.write(values)

    def _make_coupons(self):
        return self.env["loyalty.program"].create(
            {
                "name": "Ten off",
                "program_type": "coupons",
                "trigger": "with_code",
                "applies_on": "current",
                "reward_ids": [Command.create({"discount": 10, "required_points": 1})],
            }
        )
