from odoo.fields import Command
from odoo.tests import tagged

from .credit_note_common import CreditNoteCase


@tagged("post_install", "-at_install")
class TestReturnSteps(CreditNoteCase):
    """Orders that earned in several steps, with discounts that came in between."""

    def _add(self, order, *prices):
        """Add lines: units of the product, a discount where the price is below zero."""
        discount = self.company.sudo().sale_discount_product_id or self._make_product(
            "Discount", 0
        )
        self.company.sudo().sale_discount_product_id = discount
        order.sudo().write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": (self.product if price > 0 else discount).id,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for price in prices
                ]
            }
        )

    def _get_money(self):
        return sum(self._entries().mapped("base_amount"))

    def test_the_money_of_a_line_added_later_goes_with_it(self):
        order = self._buy(50)
        self._add(order, 60)
        order.order_line[1].product_uom_qty = 0
        self.assertEqual((self.card.points, self._get_money()), (50, 50))
        self.assert_balanced()

    def test_the_money_of_a_later_delivery_goes_with_it(self):
        self.program.earn_moment = "delivery"
        order = self._buy(50, 60)
        for line in order.sudo().order_line:
            line.qty_delivered = 1
            self.env.cr.flush()
        self._invoice(order)
        self._credit(order, {1: 1})
        self.assertEqual((self.card.points, self._get_money()), (50, 50))
        self.assert_balanced()

    def test_a_discount_that_comes_with_a_line_lies_on_both_lines_for_good(self):
        order = self._buy(50)
        self._add(order, 60, -30)
        for _look in range(3):
            self.assertIn(self.card.points, (79, 80))
            order._sync_loyalty()
        order.order_line[1].product_uom_qty = 0
        self.assertEqual(self.card.points, 20)
        order.order_line[0].product_uom_qty = 0
        self.assertEqual((self.card.points, self._get_money()), (0, 0))
        self.assert_balanced()

    def test_a_discount_after_two_steps_lies_once_on_both(self):
        order = self._buy(50)
        self._add(order, 60)
        self._add(order, -30)
        self.assertIn(self.card.points, (79, 80))
        self.assert_balanced()

    def test_an_order_that_grows_carries_the_discount_it_has_by_then(self):
        line = {"product_id": self.single.id, "product_uom_qty": 5}
        order = self._buy(line)
        self._add(order, -50)
        self.assertEqual(self.card.points, 50)
        order.order_line[0].product_uom_qty = 10
        order._sync_loyalty()
        self.assertEqual((self.card.points, self._get_money()), (150, 150))
        self.assert_balanced()

    def test_what_is_added_after_a_return_keeps_the_discount_it_came_with(self):
        order = self._buy({"product_id": self.single.id, "product_uom_qty": 5})
        self._add(order, -20)
        self._invoice(order)
        self._credit(order, {0: 4})
        self.assertEqual(self.card.points, 0)
        self._add(order, 30)
        # One good of 20 and one of 30 are left, with the discount of 20 on them.
        for _look in range(3):
            self.assertEqual((self.card.points, self._get_money()), (30, 30))
            order._sync_loyalty()
        self.assert_balanced()

    def test_goods_ordered_again_after_they_came_back_earn_again(self):
        order = self._buy_and_invoice()
        self._credit(order)
        self.assertEqual(self.card.points, 0)
        order.order_line.product_uom_qty = 7
        self.assertEqual((self.card.points, self._get_money()), (40, 40))
        order._sync_loyalty()
        self.assertEqual((self.card.points, self._get_money()), (40, 40))
        self.assert_balanced()

    def test_goods_added_beside_a_return_that_is_withdrawn(self):
        order = self._buy_and_invoice({"product_id": self.single.id})
        order.order_line.product_uom_qty = 3
        note = self._credit(order)
        for quantity, points in ((3, 40), (5, 80), (5, 80)):
            order.order_line.product_uom_qty = quantity
            order._sync_loyalty()
            self.assertEqual((self.card.points, self._get_money()), (points, points))
        note.button_draft()
        self.assertEqual((self.card.points, self._get_money()), (100, 100))
        self.assert_balanced()

    def test_a_parcel_keeps_its_part_of_the_discount(self):
        self.program.earn_moment = "delivery"
        order = self._make_order(self.member, 50, 50)
        self._add(order, -30)
        order.action_confirm()
        order.sudo().order_line[0].qty_delivered = 1
        self.env.cr.flush()
        self.assertEqual(self.card.points, 35)
        order._sync_loyalty()
        self.assertEqual(self.card.points, 35)
        order.sudo().order_line[1].qty_delivered = 1
        self.env.cr.flush()
        order._sync_loyalty()
        self.assertEqual(self.card.points, 70)
        # One good of 50 is left, with the discount of 30 on it.
        order.sudo().order_line[1].product_uom_qty = 0
        self.assertEqual(self.card.points, 20)
        self.assert_balanced()

    def test_a_lower_price_between_two_parcels_counts_once(self):
        self.program.earn_moment = "delivery"
        order = self._buy(50, 60)
        first, second = order.sudo().order_line
        first.qty_delivered = 1
        self.env.cr.flush()
        first.price_unit = 40
        self.assertEqual(self.card.points, 40)
        second.qty_delivered = 1
        self.env.cr.flush()
        self.assertEqual((self.card.points, self._get_money()), (100, 100))
        self.assert_balanced()

    def test_growing_bit_by_bit_rounds_once(self):
        self.program.write({"points_rounding": "up"})
        self.program.rule_ids.reward_point_amount = 0.01
        order = self._buy({"product_id": self.single.id})
        for quantity in range(2, 6):
            order.order_line.product_uom_qty = quantity
        self.assertEqual(self.card.points, 1)
        order.order_line.product_uom_qty = 6
        self.assertEqual(self.card.points, 2)
        self.assert_balanced()

    def test_rounding_up_leaves_no_point_more_with_a_multiplier(self):
        self.program.points_rounding = "up"
        bronze = self.program.tier_ids.sorted("threshold")[0]
        self.env["loyalty.tier.benefit"].create(
            {"tier_id": bronze.id, "kind": "multiplier", "factor": 1.5}
        )
        product = self._make_product("Third", 12.5)
        order = self._buy({"product_id": product.id, "product_uom_qty": 3})
        self.assertEqual(self.card.points, 57)
        order.order_line.product_uom_qty = 1
        # 12.5 x 1.5 = 18.75
        self.assertEqual(self.card.points, 19)
        order.order_line.product_uom_qty = 0
        self.assertEqual(self.card.points, 0)
        self.assert_balanced()
