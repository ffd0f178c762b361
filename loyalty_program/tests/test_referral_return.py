from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .referral_common import ReferralCase


@tagged("post_install", "-at_install")
class TestReferralReturn(ReferralCase):
    """What came back takes the rewards along, in whichever order things happen."""

    def _credit(self, invoice, post=True):
        """Credit the whole invoice; return the credit note."""
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        note = self.env["account.move"].browse(wizard.reverse_moves()["res_id"])
        if post:
            note.action_post()
        return note

    def _bring_and_pay(self, *lines):
        referral = self._bring()
        order = self._buy(*lines, partner=self.friend)
        return referral, self._pay(order)

    def test_returned_within_the_window_nobody_gets_anything(self):
        referral, invoice = self._bring_and_pay()
        self._assert_gains(referral, "bought", 0, 30)
        self._credit(invoice)
        self._assert_gains(referral, "reversed", 0, 0)
        with freeze_time("2026-07-14 03:00:00"):
            self._run_nightly()
        self._assert_gains(referral, "reversed", 0, 0)
        self.assertEqual(self.friend_card.points + self.friend_card.points_pending, 0)
        self.assert_balanced(self.friend_card)

    def test_returned_after_the_reward_both_lose_it(self):
        referral, invoice = self._bring_and_pay()
        with freeze_time("2026-07-14 03:00:00"):
            self._run_nightly()
            self.assertEqual(self.card.points, 50)
            self._credit(invoice)
            self._assert_gains(referral, "reversed", 0, 0)
            self.assertEqual((self.card.points, self.card.referral_count), (0, 0))
        self.assert_balanced()

    def test_a_credit_note_that_is_withdrawn_gives_both_back(self):
        referral, invoice = self._bring_and_pay()
        with freeze_time("2026-07-14 03:00:00"):
            self._run_nightly()
            note = self._credit(invoice)
            note.button_draft()
            self._assert_gains(referral, "rewarded", 50, 30)
            self.assertEqual(self.card.points, 50)
        self.assert_balanced()

    def test_part_of_it_may_come_back(self):
        self.program.referral_min_amount = 60
        referral, invoice = self._bring_and_pay(60, 40)
        note = self._credit(invoice, post=False)
        first, second = note.invoice_line_ids.sorted("price_unit")
        note.invoice_line_ids = [Command.delete(second.id)]
        note.action_post()
        self.assertEqual((referral.state, referral.order_amount), ("bought", 60))
        self.assertEqual(first.price_unit, 40)

    def test_a_part_that_leaves_too_little_takes_both_rewards_back(self):
        self.program.referral_min_amount = 60
        referral, invoice = self._bring_and_pay(60, 40)
        with freeze_time("2026-07-14 03:00:00"):
            self._run_nightly()
            self._assert_gains(referral, "rewarded", 50, 30)
            note = self._credit(invoice, post=False)
            first = note.invoice_line_ids.sorted("price_unit")[0]
            note.invoice_line_ids = [Command.delete(first.id)]
            note.action_post()
        self._assert_gains(referral, "reversed", 0, 0)
        self.assertEqual((referral.order_amount, self.card.points), (40, 0))
        self.assert_balanced()

    def test_rejected_late_the_friend_loses_it_with_the_order_too(self):
        self.program.referral_month_limit = 1
        self._bring_and_buy()
        referral, invoice = self._bring_and_pay()
        with freeze_time("2026-07-20 03:00:00"):
            self._run_nightly()
            self._assert_gains(referral, "blocked", 0, 30)
            referral.with_user(self.manager)._decide("reject", "Enough")
            self._credit(invoice)
        self._assert_gains(referral, "rejected", 0, 0)

    def test_a_cancelled_order_is_no_purchase(self):
        referral, invoice = self._bring_and_pay()
        self._credit(invoice)
        order = self.env["sale.order"].browse(referral.origin_id)
        order._action_cancel()
        self.assertEqual((referral.state, referral.order_amount), ("reversed", 0))

    def test_what_was_blocked_stays_so_when_the_return_is_withdrawn(self):
        self.friend = self._make_partner("Fay Former")
        self._pay(self._buy(partner=self.friend))
        referral = self._claim(self.friend)
        self.assertEqual((referral.state, referral.reasons), ("blocked", "customer"))
        self.program._enrol(self.friend, "backoffice", True)
        invoice = self._pay(self._buy(partner=self.friend))
        note = self._credit(invoice)
        self.assertEqual((referral.state, referral.order_amount), ("reversed", 0))
        note.button_draft()
        self.assertEqual((referral.state, referral.order_amount), ("blocked", 100))
        with freeze_time("2026-07-14 03:00:00"):
            self._run_nightly()
        self._assert_gains(referral, "blocked", 0, 0)
        referral.with_user(self.manager)._decide("unblock", "She was away for years.")
        self.assertEqual(referral.state, "bought")

    def test_a_used_coupon_is_kept_and_told_an_unused_one_is_void(self):
        coupons = self.env["loyalty.program"].create(
            {
                "name": "Ten off",
                "program_type": "coupons",
                "trigger": "with_code",
                "applies_on": "current",
                "reward_ids": [Command.create({"discount": 10, "required_points": 1})],
            }
        )
        self.program.write(
            {
                "referral_program_id": coupons.id,
                "referral_friend_program_id": coupons.id,
            }
        )
        referral, invoice = self._bring_and_pay()
        with freeze_time("2026-07-14 03:00:00"):
            self._run_nightly()
            mine, theirs = referral.coupon_id, referral.friend_coupon_id
            theirs.points = 0
            self._credit(invoice)
        self.assertEqual((mine.coupon_state, theirs.coupon_state), ("void", "used"))
        told = str(referral.message_ids.mapped("body"))
        self.assertIn(theirs.code, told)
        self.assertNotIn(mine.code, told)

    def test_a_reward_for_joining_stays(self):
        self.program.referral_friend_on = "sign_up"
        referral, invoice = self._bring_and_pay()
        self._credit(invoice)
        self._assert_gains(referral, "reversed", 0, 30)

    def test_points_spent_meanwhile_are_owed(self):
        referral, invoice = self._bring_and_pay()
        with freeze_time("2026-07-14 03:00:00"):
            self._run_nightly()
            self._post(-50, "redeem")
            self._credit(invoice)
        self.assertEqual((referral.state, self.card.points), ("reversed", -50))
        self.assertEqual(fields.Date.to_string(referral.due_on), "2026-07-14")
