from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .credit_note_common import CreditNoteCase


@tagged("post_install", "-at_install")
class TestSaleUnlinked(CreditNoteCase):
    """Goods that a sales order takes back without their sale: a quantity below zero."""

    def _back(self, quantity, product=None):
        product = product or self.single
        return {"product_id": product.id, "product_uom_qty": -quantity}

    def test_they_take_what_they_would_earn(self):
        self._post(100)
        order = self._buy(self._back(3))
        entry = self._entries(order)
        self.assertEqual((entry.entry_type, entry.points), ("adjust", -60))
        self.assertEqual((entry.base_amount, bool(entry.tier_date)), (-60, True))
        self.assertIn("Single: 3 of 3 returned.", entry.breakdown_text)
        self.assertEqual(self.card.points, 40)
        self.assert_balanced()

    def test_buying_and_bringing_back_leaves_nothing(self):
        bronze = self.program.tier_ids.sorted("threshold")[0]
        self.env["loyalty.tier.benefit"].create(
            {"tier_id": bronze.id, "kind": "multiplier", "factor": 2}
        )
        for mode in ("money", "unit", "order"):
            with self.subTest(mode=mode):
                self.program.rule_ids.reward_point_mode = mode
                before = self.card.points
                self._buy({"product_id": self.single.id, "product_uom_qty": 2})
                self.assertGreater(self.card.points, before)
                self._buy(self._back(2))
                self.assertEqual(self.card.points, before)

    def test_in_an_exchange_they_take_what_they_have_not_lowered(self):
        self._post(100)
        for bought, back, points in ((5, 2, 160), (2, 5, 40), (2, 2, 100)):
            with self.subTest(bought=bought, back=back):
                order = self._buy(
                    {"product_id": self.single.id, "product_uom_qty": bought},
                    self._back(back),
                )
                self.assertEqual(self.card.points, points)
                order._action_cancel()
                self.assertEqual(self.card.points, 100)
                self.assert_balanced()

    def test_an_order_that_changes_takes_what_it_holds_then(self):
        self._post(100)
        order = self._buy(self._back(3))
        order.order_line.product_uom_qty = -4
        self.assertEqual(self.card.points, 20)
        order.order_line.product_uom_qty = -1
        self.assertEqual(self.card.points, 80)
        order.order_line = [Command.update(order.order_line.id, {"price_unit": 10})]
        self.assertEqual(self.card.points, 90)
        order._action_cancel()
        self.assertEqual(self.card.points, 100)
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.card.points, 90)
        self.assert_balanced()

    def test_the_credit_note_of_such_an_order_takes_nothing_more(self):
        self._post(100)
        order = self._buy(self._back(3))
        note = order.sudo()._create_invoices(final=True)
        self.assertEqual(note.move_type, "out_refund")
        note.with_user(self.accountant).action_post()
        self.assertEqual(self.card.points, 40)

    def test_a_programme_may_refuse_the_debt(self):
        self.program.debt_policy = "refuse"
        order = self._make_order(self.member, self._back(3))
        with (
            self.assertRaisesRegex(UserError, "60 points are missing"),
            self.env.cr.savepoint(),
        ):
            order.action_confirm()
        self.env.invalidate_all()
        self._post(60)
        order.action_confirm()
        self.assertEqual(self.card.points, 0)

    def test_a_debt_is_told_where_its_value_should_be_taken_off(self):
        self.program.write({"debt_policy": "value", "point_value": 0.05})
        order = self._buy(self._back(3))
        self.assertEqual(self.card.points, -60)
        self.assertIn("60 points are owed", order.message_ids[0].body)

    def test_others_take_nothing(self):
        discount = {"price_unit": -10}
        self._post(100)
        self._buy(100, discount)
        self.assertEqual(self.card.points, 190)
        self._buy(self._back(3), partner=self._make_partner())
        self.assertEqual(self.card.points, 190)
