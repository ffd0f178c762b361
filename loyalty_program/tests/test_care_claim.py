from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .care_common import CareCase

TODAY = date(2026, 6, 30)


@tagged("post_install", "-at_install")
class TestCareClaim(CareCase):
    """Claims: as many as were bought, with a fee, decided by somebody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claims = cls.env["loyalty.care.claim"]

    def setUp(self):
        super().setUp()
        _order, _invoice, self.plan = self._sell()

    def test_a_claim_is_accepted_with_its_fee_and_done(self):
        claim = self._claim(self.plan)
        self.assertEqual((claim.state, self.plan.claims_left), ("new", 1))
        claim.action_accept()
        self.assertEqual(claim.decided_by_id, self.loyalty_user)
        self.assertEqual(str(claim.decided_on), "2026-06-30")
        order = claim.sudo().fee_order_id
        self.assertEqual(
            (order.state, order.partner_id, order.amount_untaxed),
            ("sale", self.member, 49),
        )
        claim.action_done()
        self.assertEqual((claim.state, self.plan.claims_left), ("done", 1))

    def test_a_new_claim_is_a_task_until_it_is_decided(self):
        self.plan_product.care_user_id = self.manager
        claim = self._claim(self.plan)
        task = claim.activity_ids
        self.assertEqual((task.user_id, task.date_deadline), (self.manager, TODAY))
        self.assertEqual(task.summary, f"Answer the claim {claim.name}")
        claim.action_accept()
        self.assertFalse(claim.activity_ids)
        # Whoever lost the right gets none.
        self.manager.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        self.assertFalse(self._claim(self.plan).activity_ids)
        with self.assertRaisesRegex(ValidationError, "cannot answer claims"):
            self.plan_product.care_user_id = self.salesperson

    def test_the_fee_is_invoiced_to_the_customer(self):
        claim = self._claim(self.plan)
        claim.action_accept()
        invoice = self._invoice(claim.sudo().fee_order_id)
        self.assertEqual(invoice.partner_id, self.member)
        self.assertEqual((invoice.amount_untaxed, invoice.state), (49, "posted"))
        self.assertIn(claim.name, invoice.invoice_line_ids.name)

    def test_every_step_is_in_the_chatter(self):
        claim = self._claim(self.plan)
        claim.action_accept()
        claim.action_done()
        told = "".join(claim.message_ids.mapped("body"))
        for words in ("was accepted", "is done"):
            self.assertIn(words, told)

    def test_without_a_fee_nothing_is_ordered(self):
        self.plan.sudo().fee = 0
        claim = self._claim(self.plan)
        claim.action_accept()
        self.assertFalse(claim.sudo().fee_order_id)

    def test_a_refusal_has_a_reason_and_gives_the_claim_back(self):
        claim = self._claim(self.plan)
        with self.assertRaises(UserError):
            claim.action_refuse()
        claim.answer = "Water is not covered."
        claim.action_refuse()
        self.assertEqual((claim.state, self.plan.claims_left), ("refused", 2))
        told = claim.message_ids.filtered("partner_ids") or claim.message_ids
        self.assertIn("Water is not covered.", "".join(told.mapped("body")))
        self.assertIn(self.member, claim.message_partner_ids)

    def test_a_cancelled_claim_takes_its_fee_along(self):
        claim = self._claim(self.plan)
        claim.action_accept()
        order = claim.sudo().fee_order_id
        claim.action_cancel()
        self.assertEqual((order.state, self.plan.claims_left), ("cancel", 2))

    def test_an_invoiced_fee_is_credited_first(self):
        claim = self._claim(self.plan)
        claim.action_accept()
        invoice = self._invoice(claim.sudo().fee_order_id)
        with self.assertRaises(UserError):
            claim.action_cancel()
        self.assertEqual((claim.state, invoice.state), ("accepted", "posted"))

    def test_steps_that_do_not_follow_are_refused(self):
        claim = self._claim(self.plan)
        with self.assertRaises(UserError):
            claim.action_done()
        claim.action_accept()
        for action in (claim.action_accept, claim.action_refuse):
            claim.answer = "No."
            with self.assertRaises(UserError):
                action()

    def test_there_are_no_more_claims_than_bought(self):
        self._claim(self.plan)
        second = self._claim(self.plan)
        with self.assertRaises(UserError) as caught:
            self._claim(self.plan)
        self.assertIn("All claims", str(caught.exception))
        second.answer = "Not this one."
        second.action_refuse()
        self.assertEqual(self._claim(self.plan).number, 1)

    def test_nothing_is_claimed_after_the_end(self):
        with freeze_time("2027-06-30 10:00:00"), self.assertRaises(UserError) as caught:
            self._claim(self.plan)
        self.assertIn("ended on 06/29/2027", str(caught.exception))
        self.plan._cancel("Test.")
        with self.assertRaises(UserError) as caught:
            self._claim(self.plan)
        self.assertIn("not active", str(caught.exception))

    def test_a_claim_at_the_same_moment_is_refused_by_the_database(self):
        first, second = self._claim(self.plan), self._claim(self.plan)
        with self.assert_refused_by_sql():
            second.sudo().number = first.number
            second.flush_recordset()

    def test_nobody_moves_a_claim_by_hand(self):
        claim = self._claim(self.plan)
        for vals in ({"state": "done"}, {"number": 7}, {"fee_order_id": False}):
            for user in (self.loyalty_user, self.manager):
                with self.assertRaises(AccessError):
                    claim.with_user(user).write(vals)
        for user in (self.manager, self.loyalty_user):
            with self.assertRaises(AccessError):
                self.plan.with_user(user).claims_included = 9
            with self.assertRaises(AccessError):
                claim.with_user(user).unlink()
        forged = self.claims.with_user(self.loyalty_user).create(
            {"plan_id": self.plan.id, "description": "x", "state": "done", "number": 9}
        )
        self.assertEqual((forged.state, forged.number), ("new", 1))

    def test_who_has_no_right_sees_nothing(self):
        claim = self._claim(self.plan)
        for record in (claim, self.plan):
            for user in (self.salesperson, self._make_user("clerk", "")):
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["state"])
        with self.assertRaises(AccessError):
            self._claim(self.plan, user=self.salesperson)
        with self.assertRaises(AccessError):
            claim.with_user(self.salesperson).action_accept()

    def test_erasing_the_customer_forgets_the_story_and_keeps_the_plan(self):
        claim = self._claim(self.plan)
        claim.message_post(body="My number is 555.", attachments=[("a.txt", b"x")])
        attachment = claim.message_ids.attachment_ids
        self.card.with_user(self.manager)._erase(with_contact=True)
        self.assertEqual((claim.description, claim.state), ("Erased", "new"))
        self.assertFalse(claim.message_ids)
        self.assertFalse(attachment.exists())
        self.assertEqual(self.plan.state, "active")

    def test_another_company_sees_nothing(self):
        claim = self._claim(self.plan)
        other = self.env["res.company"].create({"name": "Other"})
        user = self._make_manager_elsewhere(other)
        self.assertFalse(self.plans.with_user(user).search([]))
        self.assertFalse(self.claims.with_user(user).search([]))
        with self.assertRaises(AccessError):
            claim.with_user(user).action_accept()
        with self.assertRaises(AccessError):
            self._claim(self.plan, user=user)
