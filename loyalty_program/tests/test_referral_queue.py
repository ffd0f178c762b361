from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .referral_common import ReferralCase


@tagged("post_install", "-at_install")
class TestReferralQueue(ReferralCase):
    """Who looks like no new friend waits for a person, who says why."""

    def _reasons(self, friend, **values):
        referral = self._claim(friend, **values)
        self.assertEqual(referral.state == "blocked", bool(referral.reasons))
        return referral.reasons or ""

    def test_nobody_is_their_own_friend(self):
        self.assertEqual(self._reasons(self.member), "self")

    def test_nor_is_somebody_of_the_same_company(self):
        firm = self._make_partner("Firm", is_company=True)
        self.member.parent_id = firm
        colleague = self._make_partner("Colleague", parent_id=firm.id, type="contact")
        self.assertEqual(self._reasons(colleague), "self")

    def test_the_same_mailbox_phone_or_household(self):
        for reason, values in (
            ("email", {"email": "Mira.Mem.Ber+x@GoogleMail.com"}),
            ("phone", {"phone": "+44 20 79460958"}),
            ("address", {"street": "1, GROOVE ST", "zip": "18503", "street2": "Top"}),
        ):
            with self.subTest(reason=reason):
                friend = self._make_partner(reason, **values)
                self.assertEqual(self._reasons(friend), reason)

    def test_all_reasons_are_told_as_sentences(self):
        twin = self._make_partner(
            "Twin", email="miramember@gmail.com", phone="(020) 79460958"
        )
        referral = self._claim(twin)
        self.assertEqual(
            referral.reason_text,
            "Both have the same mailbox. Both have the same phone number.",
        )
        self.assertIn("same mailbox", str(referral.message_ids.mapped("body")))

    def test_a_neighbour_is_somebody_else(self):
        friend = self._make_partner("Neighbour", street="2 Groove Street", zip="18503")
        self.assertEqual(self._reasons(friend), "")

    def test_a_customer_of_old(self):
        old = self._make_partner("Old", email="old@example.com")
        self._buy(partner=old)
        self.assertEqual(self._reasons(old), "customer")
        again = self._make_partner("Old again", email="OLD@example.com")
        self.assertEqual(self._reasons(again), "again,customer")

    def test_a_customer_of_old_by_another_spelling(self):
        old = self._make_partner("Old", email="j.old@gmail.com", phone="030 123456 78")
        self._buy(partner=old)
        old.active = False
        for values in ({"email": "JOld+2@googlemail.com"}, {"phone": "+49 3012345678"}):
            with self.subTest(**values):
                again = self._make_partner("Old again", **values)
                self.assertEqual(self._reasons(again), "customer")
        stranger = self._make_partner("Else", email="jold@x.com", phone="030 123456 79")
        self.assertEqual(self._reasons(stranger), "")

    def test_who_is_like_the_member_is_no_customer_of_old(self):
        self._buy(partner=self.member)
        twin = self._make_partner("Twin", email="miramember@gmail.com")
        self.assertEqual(self._reasons(twin), "email")

    def test_a_member_of_old_and_a_fresh_one(self):
        fresh, old = self._make_member("Fresh"), self._make_member("Old")
        old.sudo().joined_on = "2026-05-01"
        self.assertEqual(self._reasons(fresh.partner_id), "")
        self.assertEqual(self._reasons(old.partner_id), "customer")

    def test_the_same_mailbox_is_brought_once(self):
        first = self._make_partner("One", email="some.one@gmail.com")
        second = self._make_partner("Two", email="someone+new@gmail.com")
        self.assertEqual(self._reasons(first), "")
        self.assertEqual(self._reasons(second), "again")

    def test_too_many_from_one_address(self):
        self.program.referral_network_limit = 2
        found = [
            self._reasons(self._make_partner(f"Friend {n}"), network="abc")
            for n in range(3)
        ]
        self.assertEqual(found, ["", "", "network"])
        self.assertEqual(
            self._reasons(self._make_partner("Elsewhere"), network="def"), ""
        )
        with freeze_time("2026-08-15 10:00:00"):
            later = self._make_partner("A month later")
            self.assertEqual(self._reasons(later, network="abc"), "")

    def test_two_at_once_from_one_address_are_found_later(self):
        self.program.referral_network_limit = 1
        first, second = self._bring(), self._bring()
        # Each was named before the other was seen.
        (first | second).network = "abc"
        for referral in (first, second):
            self._pay(self._buy(partner=referral.friend_id))
        self._assert_gains(first, "bought", 0, 30)
        self._assert_gains(second, "blocked", 0, 0)
        self.assertEqual(second.reasons, "network")

    def test_likeness_that_shows_with_the_order_blocks_both_rewards(self):
        referral = self._bring()
        home = self._make_partner(
            "Home",
            parent_id=self.friend.id,
            type="delivery",
            street="1 Groove Street",
            zip="18503",
        )
        order = self._make_order(self.friend, partner_shipping_id=home.id)
        order.action_confirm()
        self._pay(order)
        self._assert_gains(referral, "blocked", 0, 0)
        self.assertEqual(referral.reasons, "address")

    def test_the_limit_of_the_month(self):
        self.program.referral_month_limit = 1
        first, second = self._bring_and_buy(), self._bring()
        with freeze_time("2026-07-05 10:00:00"):
            self._pay(self._buy(partner=self.friend))
        with freeze_time("2026-07-20 03:00:00"):
            self._run_nightly()
        self._assert_gains(first, "rewarded", 50, 30)
        self._assert_gains(second, "blocked", 0, 30)
        self.assertEqual(second.reasons, "cap")
        with freeze_time("2026-07-21 10:00:00"):
            second.with_user(self.manager)._decide("unblock", "A good ambassador")
        self._assert_gains(second, "rewarded", 50, 30)

    def test_the_next_month_has_a_limit_of_its_own(self):
        self.program.referral_month_limit = 1
        self._bring_and_buy()
        second = self._bring()
        with freeze_time("2026-07-18 10:00:00"):
            self._pay(self._buy(partner=self.friend))
        with freeze_time("2026-08-01 03:00:00"):
            self._run_nightly()
        self._assert_gains(second, "rewarded", 50, 30)

    def test_a_member_who_left_is_not_rewarded(self):
        referral = self._bring()
        self._pay(self._buy(partner=self.friend))
        self.card._leave()
        with freeze_time("2026-07-14 03:00:00"):
            self._run_nightly()
        self.assertEqual((referral.state, referral.reasons), ("blocked", "member"))

    # === Decisions ===

    def _blocked(self):
        friend = self._make_partner("Daughter", phone="+44 20 7946 0958")
        return self._claim(friend).with_user(self.manager)

    def test_unblocked_it_goes_on_and_tells_who_and_why(self):
        referral = self._blocked()
        referral._decide("unblock", "Mother and daughter")
        self.assertEqual((referral.state, referral.is_cleared), ("invited", True))
        self.assertEqual(referral.decided_by_id, self.manager)
        self.assertEqual(referral.decision, "Mother and daughter")
        told = referral.sudo().message_ids.filtered(
            lambda message: "Mother and daughter" in message.body
        )
        self.assertEqual(told.author_id, self.manager.partner_id)
        self._pay(self._buy(partner=referral.sudo().friend_id))
        with freeze_time("2026-07-14 03:00:00"):
            self._run_nightly()
        self.assertEqual((referral.state, referral.points), ("rewarded", 50))

    def test_unblocked_late_it_catches_up(self):
        referral = self._blocked()
        friend = referral.sudo().friend_id
        self.program._enrol(friend, "backoffice", True)
        self._pay(self._buy(partner=friend))
        self._assert_gains(referral, "blocked", 0, 0)
        with freeze_time("2026-08-01 10:00:00"):
            self._run_nightly()
            self._assert_gains(referral, "blocked", 0, 0)
            referral._decide("unblock", "Mother and daughter")
            self._assert_gains(referral, "rewarded", 50, 30)

    def test_rejected_is_final(self):
        referral = self._blocked()
        referral._decide("reject", "Same person")
        friend = referral.sudo().friend_id
        self.program._enrol(friend, "backoffice", True)
        self._pay(self._buy(partner=friend))
        self._assert_gains(referral, "rejected", 0, 0)
        with self.assertRaises(UserError):
            referral._decide("unblock", "Changed my mind")

    def test_a_decision_has_a_reason(self):
        referral = self._blocked()
        for reason in ("", "  ", None):
            with self.assertRaisesRegex(UserError, "Say why"):
                referral._decide("unblock", reason)

    def test_who_may_do_what(self):
        referral = self._blocked()
        # Loyalty users read and note; deciding is a right of its own.
        self.assertTrue(referral.with_user(self.loyalty_user).reason_text)
        with self.assertRaises(AccessError):
            referral.with_user(self.loyalty_user)._decide("unblock", "Please")
        with self.assertRaises(AccessError):
            referral.with_user(self.manager).write({"state": "rewarded"})
        with self.assertRaises(AccessError):
            referral.with_user(self.salesperson).read(["state"])
        with self.assertRaises(AccessError):
            self.env["loyalty.referral.claim"].with_user(self.salesperson).create(
                {"code": "x", "friend_id": self.member.id}
            )

    # === Told in the back office ===

    def _note(self, code, friend, user=None):
        wizard = self.env["loyalty.referral.claim"].with_user(user or self.loyalty_user)
        return wizard.create({"code": code, "friend_id": friend.id}).action_claim()

    def test_staff_note_the_code_as_it_is_told(self):
        code = self.card._get_referral_code()
        self.assertEqual(self.card._get_referral_code(), code)
        friend = self._make_partner("Told at the desk")
        self._note(f" {code[:4].lower()} - {code[4:].lower()}", friend)
        referral = self._find(friend)
        self.assertEqual(
            (referral.card_id, referral.channel), (self.card, "backoffice")
        )
        with self.assertRaisesRegex(UserError, "noted already"):
            self._note(code, friend)

    def test_codes_that_are_none(self):
        friend = self._make_partner("Told at the desk")
        code = self.card._get_referral_code()
        for text in ("", "K7M2-XWP2", self.card.code, "é"):
            with self.assertRaisesRegex(UserError, "no member's code"):
                self._note(text or " ", friend)
        self.card._leave()
        with self.assertRaisesRegex(UserError, "no member's code"):
            self._note(code, friend)

    def test_the_erased_are_nobody(self):
        referral = self._bring()
        self.friend_card.with_user(self.manager)._erase(with_contact=False)
        self.assertFalse(referral.friend_id or referral.mailbox or referral.message_ids)
