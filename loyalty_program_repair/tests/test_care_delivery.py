from datetime import date

from odoo.tests import freeze_time, tagged

from .common import CareStockCase


@tagged("post_install", "-at_install")
class TestCareDelivery(CareStockCase):
    """With an inventory, time counts from the delivery and serial numbers are known."""

    def test_a_plan_waits_for_the_delivery(self):
        order, _invoice, plan = self._sell()
        self.assertEqual((plan.state, plan.serial_number), ("waiting", False))
        with freeze_time("2026-07-10 10:00:00"):
            self._deliver(order)
        self.assertEqual(
            (plan.state, plan.starts_on, plan.ends_on),
            ("active", date(2026, 7, 10), date(2027, 7, 9)),
        )
        self.assertEqual(plan.serial_number, "SN-0")

    def test_the_days_to_buy_it_count_from_the_delivery(self):
        item = self._buy_drone()
        with freeze_time("2026-08-20 10:00:00"):
            self._deliver(item.order_id)
        order = self._quote(self._line(self.plan_product, care_item_line_id=item.id))
        with freeze_time("2026-09-19 10:00:00"):
            self.assertFalse(order.care_warning)
        order.order_line.invalidate_recordset(["care_refusal"])
        with freeze_time("2026-09-20 10:00:00"):
            self.assertIn("09/19/2026", order.order_line._get_care_refusal())

    def test_each_plan_has_a_number_of_its_own(self):
        order, _invoice, plans = self._sell(
            self._line(self.drone, 3), self._line(self.plan_product, 2)
        )
        self._deliver(order, quantity=1)
        # The rest is on its way: the term begins when all of it is there.
        self.assertEqual(plans.mapped("state"), ["waiting", "waiting"])
        self._deliver(order)
        self.assertEqual(plans.mapped("state"), ["active", "active"])
        self.assertEqual(plans.mapped("serial_number"), ["SN-0", "SN-1"])

    def test_the_night_starts_what_no_delivery_did(self):
        order, _invoice, plans = self._sell(
            self._line(self.drone, 2), self._line(self.plan_product)
        )
        self._deliver(order, quantity=1)
        rest = order.sudo().picking_ids.filtered(lambda p: p.state != "done")
        rest.action_cancel()
        list(self.plans._run_daily())
        self.assertEqual(plans.state, "active")
