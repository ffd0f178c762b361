from odoo.tests import tagged

from odoo.addons.loyalty_program.tests.credit_note_common import CreditNoteCase


@tagged("post_install", "-at_install")
class TestReturnTransfer(CreditNoteCase):
    """Goods that are invoiced as they are delivered, with the transfers of a stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.box = cls._make_product("Box", 20, type="consu", invoice_policy="delivery")

    def _order(self, quantity=5):
        return self._buy({"product_id": self.box.id, "product_uom_qty": quantity})

    def _ship(self, order, quantity, backorder=False):
        picking = order.sudo().picking_ids.filtered(
            lambda own: own.state not in ("done", "cancel")
        )
        picking.move_ids.write({"quantity": quantity, "picked": True})
        picking.with_context(
            skip_backorder=True,
            picking_ids_not_to_backorder=[] if backorder else picking.ids,
        ).button_validate()
        self.env.cr.flush()
        return picking

    def _return(self, picking, quantity, to_refund=True):
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.write(
            {"quantity": quantity, "to_refund": to_refund}
        )
        back = wizard._create_return()
        back.move_ids.write({"quantity": quantity, "picked": True})
        back.button_validate()
        self.env.cr.flush()

    def test_goods_that_came_back_before_the_invoice_earn_nothing(self):
        order = self._order()
        self.assertEqual(self.card.points, 100)
        picking = self._ship(order, 5)
        self.assertEqual(self.card.points, 100)
        self._return(picking, 2)
        self.assertEqual(order.order_line.qty_delivered, 3)
        self.assertEqual(self._story(order), [("earn", 100), ("earn_reversal", -40)])
        self._invoice(order)
        self.assertEqual(self.card.points, 60)
        self.assert_balanced()

    def test_goods_that_came_back_and_are_credited_go_once(self):
        order = self._order()
        picking = self._ship(order, 5)
        self._invoice(order)
        self._return(picking, 2)
        self.assertEqual(self.card.points, 60)
        note = order.sudo()._create_invoices(final=True)
        self.assertEqual((note.move_type, note.amount_total), ("out_refund", 40))
        note.action_post()
        self.assertEqual(self.card.points, 60)
        self.assert_balanced()

    def test_goods_that_are_exchanged_for_others_keep_their_points(self):
        order = self._order()
        self._return(self._ship(order, 5), 2, to_refund=False)
        self.assertEqual(self.card.points, 100)

    def test_goods_that_will_not_come_earn_nothing(self):
        order = self._order()
        self._ship(order, 3)
        self.assertEqual(self.card.points, 60)

    def test_goods_that_are_still_to_come_keep_their_points(self):
        order = self._order()
        self._ship(order, 3, backorder=True)
        self.assertEqual(self.card.points, 100)
        self._ship(order, 2)
        self.assertEqual(self.card.points, 100)
        self.assertEqual(self._story(order), [("earn", 100)])

    def test_what_earned_by_its_delivery_goes_with_the_goods(self):
        self.program.earn_moment = "delivery"
        order = self._order()
        picking = self._ship(order, 5)
        self.assertEqual(self.card.points, 100)
        self._return(picking, 5)
        self.assertEqual(self.card.points, 0)
        self.assert_balanced()
