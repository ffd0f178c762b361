from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .care_common import CareCase


@tagged("post_install", "-at_install")
class TestCareEnd(CareCase):
    """Refund, return, cancellation, expiry: how a care plan ends."""

    def _mails(self):
        return self.env["mail.mail"].search([("subject", "ilike", "Care ends soon")])

    def test_unused_it_is_refunded_in_full_and_ends(self):
        _order, invoice, plan = self._sell()
        claim = self._claim(plan)
        self._credit(invoice, keep=self.plan_product)
        self.assertEqual((plan.state, claim.state), ("cancelled", "cancelled"))

    def test_used_it_is_not_refunded_in_full(self):
        _order, invoice, plan = self._sell()
        claim = self._claim(plan)
        claim.action_accept()
        with self.assertRaises(UserError) as caught:
            self._credit(invoice, keep=self.plan_product)
        self.assertIn(claim.name, str(caught.exception))
        self.assertEqual(plan.state, "active")

    def test_used_a_part_of_the_money_comes_back_and_it_ends(self):
        _order, invoice, plan = self._sell()
        self._claim(plan).action_accept()
        self._credit(invoice, keep=self.plan_product, price=30)
        self.assertEqual(plan.state, "cancelled")

    def test_it_ends_with_the_item(self):
        _order, invoice, plan = self._sell()
        self._credit(invoice, keep=self.drone)
        self.assertEqual(plan.state, "cancelled")
        self.assertIn("The covered item went back", plan.message_ids[0].body)

    def test_a_part_of_the_item_s_price_ends_nothing(self):
        _order, invoice, plan = self._sell()
        self._credit(invoice, keep=self.drone, price=100)
        self.assertEqual(plan.state, "active")

    def test_a_unit_without_a_plan_goes_back_first(self):
        _order, invoice, plans = self._sell(
            self._line(self.drone, 3), self._line(self.plan_product, 2)
        )
        self._claim(plans[1]).action_accept()
        self._credit(invoice, keep=self.drone, quantity=1)
        self.assertEqual(plans.mapped("state"), ["active", "active"])
        self._credit(invoice, keep=self.drone, quantity=1)
        # The one that was used stays: the customer has that unit.
        self.assertEqual(plans.mapped("state"), ["cancelled", "active"])

    def test_what_went_back_is_not_covered_any_more(self):
        item = self._buy_drone()
        self._credit(self._pay(item.order_id))
        order = self._quote(self._line(self.plan_product, care_item_line_id=item.id))
        self.assertIn("went back", order.care_warning)

    def test_a_cancelled_order_takes_it_along(self):
        self.plan_product.list_price = 0
        item = self._buy_drone()
        order = self._quote(self._line(self.plan_product, care_item_line_id=item.id))
        order.action_confirm()
        plan = self._plans_of(order)
        self.assertEqual(plan.state, "active")
        item.order_id.sudo()._action_cancel()
        self.assertEqual(plan.state, "cancelled")

    def test_it_ends_after_its_last_day(self):
        _order, _invoice, plan = self._sell()
        with freeze_time("2027-06-29 10:00:00"):
            list(self.plans._run_daily())
            self.assertEqual(plan.state, "active")
        with freeze_time("2027-06-30 00:10:00"):
            list(self.plans._run_daily())
        self.assertEqual(plan.state, "ended")

    def test_a_reminder_goes_out_once(self):
        self.member.email = "mira@example.com"
        _order, _invoice, plan = self._sell()
        with freeze_time("2027-05-29 10:00:00"):
            list(self.plans._run_daily())
            self.assertFalse(self._mails())
        with freeze_time("2027-05-30 10:00:00"):
            list(self.plans._run_daily())
            list(self.plans._run_daily())
        self.assertEqual(self._mails().recipient_ids, self.member)
        self.assertEqual(str(plan.reminded_on), "2027-05-30")

    def test_who_wants_no_mail_or_has_no_claim_left_is_not_reminded(self):
        self.member.email = "mira@example.com"
        other = self._make_partner("Bea", email="bea@example.com")
        self.env["mail.blacklist"]._add("bea@example.com")
        self.plan_product.care_claims = 1
        _order, _invoice, plan = self._sell()
        self._claim(plan).action_accept()
        self._sell(partner=other)
        with freeze_time("2027-06-10 10:00:00"):
            list(self.plans._run_daily())
        self.assertFalse(self._mails())
