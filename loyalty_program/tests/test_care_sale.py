from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .care_common import CareCase


@tagged("post_install", "-at_install")
class TestCareSale(CareCase):
    """A care plan is sold for an item, in time, and begins with its payment."""

    def _quote_plan(self, item, quantity=1, partner=None):
        return self._quote(
            self._line(self.plan_product, quantity, care_item_line_id=item.id),
            partner=partner,
        )

    def assert_refused(self, order, words):
        self.assertIn(words, order.care_warning)
        with self.assertRaises(UserError) as caught:
            order.action_confirm()
        self.assertIn(words, str(caught.exception))

    def test_it_begins_when_it_is_paid_and_once(self):
        order = self._quote(self._line(self.drone), self._line(self.plan_product))
        order.action_confirm()
        self.assertFalse(self._plans_of(order))
        self._pay(order)
        plan = self._plans_of(order)
        order._post_late_loyalty("payment")
        order._begin_care_plans()
        self.assertEqual(self._plans_of(order), plan)
        self.assertEqual(
            (plan.state, plan.starts_on, plan.ends_on, plan.claims_left, plan.fee),
            ("active", date(2026, 6, 30), date(2027, 6, 29), 2, 49),
        )
        drone = order.order_line[0]
        self.assertEqual(plan.item_product_id, self.drone)
        self.assertEqual((plan.item_id, plan.item_line_id), (order.id, drone.id))
        self.assertEqual(order.order_line[1].care_item_line_id, drone)

    def test_an_item_bought_before_is_covered_until_the_last_day(self):
        item = self._buy_drone()
        order = self._quote_plan(item)
        with freeze_time("2026-07-30 23:30:00"):
            self.assertFalse(order.care_warning)
            order.action_confirm()
        with freeze_time("2026-09-01 10:00:00"):
            self._pay(order)
        plan = self._plans_of(order)
        self.assertEqual((plan.state, plan.starts_on), ("active", date(2026, 9, 1)))

    def test_a_day_later_it_is_refused_on_the_company_s_clock(self):
        self.company.partner_id.tz = "Asia/Tokyo"
        item = self._buy_drone()
        order = self._quote_plan(item)
        # Still 30 July in London, already the 31st in Tokyo.
        with freeze_time("2026-07-30 15:30:00"):
            self.assert_refused(order, "could be bought until 07/30/2026")

    def test_without_an_item_it_is_refused(self):
        self.assert_refused(
            self._quote(self._line(self.plan_product)), "Choose the item"
        )

    def test_where_two_items_would_do_one_is_chosen(self):
        order = self._quote(
            self._line(self.drone),
            self._line(self.drone),
            self._line(self.plan_product),
        )
        self.assert_refused(order, "Choose the item")
        order.order_line[2].care_item_line_id = order.order_line[1]
        order.action_confirm()
        self._pay(order)
        self.assertEqual(self._plans_of(order).item_line_id, order.order_line[1].id)

    def test_what_it_does_not_cover_is_refused(self):
        order = self._quote(self._line(self.product), self._line(self.plan_product))
        order.order_line[1].care_item_line_id = order.order_line[0]
        self.assert_refused(order, "is not for “Record”")

    def test_the_item_of_somebody_else_is_refused(self):
        item = self._buy_drone(partner=self._make_partner("Else"))
        self.assert_refused(self._quote_plan(item), "not of this customer")

    def test_the_item_of_a_colleague_is_covered(self):
        firm = self._make_partner("Firm", is_company=True)
        first = self._make_partner("First", parent_id=firm.id)
        second = self._make_partner("Second", parent_id=firm.id)
        item = self._buy_drone(partner=first)
        order = self._quote_plan(item, partner=second)
        self.assertIn(item, order.order_line.care_candidate_ids)
        order.action_confirm()
        self._pay(order)
        self.assertEqual(self._plans_of(order).partner_id, second)

    def test_an_item_is_covered_once(self):
        order, _invoice, _plan = self._sell()
        item = order.order_line[0]
        self.assert_refused(self._quote_plan(item), "has a care plan already")

    def test_a_plan_that_is_not_paid_yet_covers_as_well(self):
        item = self._buy_drone()
        self._quote_plan(item).action_confirm()
        self.assert_refused(self._quote_plan(item), "has a care plan already")

    def test_there_is_one_plan_for_each_unit(self):
        item = self._buy_drone(3)
        self.assert_refused(self._quote_plan(item, 4), "lower its quantity to 3")
        self.assert_refused(self._quote_plan(item, 1.5), "whole items only")
        first = self._quote_plan(item, 2)
        first.action_confirm()
        self._pay(first)
        self.assertEqual(self._plans_of(first).mapped("item_unit"), [0, 1])
        self.assert_refused(self._quote_plan(item, 2), "lower its quantity to 1")
        second = self._quote_plan(item)
        second.action_confirm()
        self._pay(second)
        self.assertEqual(self._plans_of(second).item_unit, 2)

    def test_two_lines_of_one_order_share_the_units(self):
        item = self._buy_drone(1)
        line = self._line(self.plan_product, care_item_line_id=item.id)
        self.assert_refused(self._quote(line, line), "lower its quantity to 1")

    def test_a_confirmed_order_takes_no_plan_too_late(self):
        item = self._buy_drone()
        with freeze_time("2026-09-01 10:00:00"):
            order = self._quote(self._line(self.product))
            order.action_confirm()
            with self.assertRaises(UserError):
                order.write(
                    {
                        "order_line": [
                            (
                                0,
                                0,
                                self._line(
                                    self.plan_product, care_item_line_id=item.id
                                ),
                            )
                        ]
                    }
                )

    def test_paid_for_without_an_item_the_seller_is_told_once(self):
        item = self._buy_drone()
        order = self._quote(self._line(self.plan_product))
        self.plan_product.list_price = 0
        order.order_line.price_unit = 0
        # As after a payment: what was paid for is confirmed whatever is wrong.
        order.write({"state": "sale"})
        order.sudo()._begin_care_plans()
        order.sudo()._begin_care_plans()
        self.assertFalse(self._plans_of(order))
        self.assertEqual(order.activity_ids.user_id, self.salesperson)
        self.assertEqual(len(order.activity_ids), 1)
        order.order_line.care_item_line_id = item
        self.assertEqual(self._plans_of(order).item_line_id, item.id)
