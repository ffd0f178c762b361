from unittest.mock import patch

from odoo.tests import tagged

from .common import LoyaltyCase
from odoo.addons.loyalty_program.models.sale_order_earning import DELIVERED


@tagged("post_install", "-at_install")
class TestReturnDelivery(LoyaltyCase):
    """What was delivered earns, what is not with the customer any more does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.earn_moment = "delivery"

    def _deliver(self, order, quantity):
        order.sudo().order_line.qty_delivered = quantity
        self.env.cr.flush()

    def test_what_was_delivered_and_came_back_earns_nothing(self):
        order = self._buy({"price_unit": 25, "product_uom_qty": 4})
        self._deliver(order, 3)
        self.assertEqual(self.card.points, 75)
        self._deliver(order, 1)
        self.assertEqual(self._story(order), [("earn", 75), ("earn_reversal", -50)])
        self.assertEqual(sum(self._entries(order).mapped("base_amount")), 25)
        self._deliver(order, 0)
        self.assertEqual(self.card.points, 0)
        self.assert_balanced()

    def test_what_is_delivered_again_earns_again_once(self):
        order = self._buy({"price_unit": 25, "product_uom_qty": 4})
        for quantity, points in ((2, 50), (1, 25), (4, 100), (3, 75), (4, 100)):
            self._deliver(order, quantity)
            self.assertEqual(self.card.points, points)
        self.assertEqual(sum(self._entries(order).mapped("base_amount")), 100)
        self.assert_balanced()

    def test_goods_that_came_back_are_no_reason_to_refuse(self):
        self.program.debt_policy = "refuse"
        order = self._buy({"price_unit": 25, "product_uom_qty": 4})
        self._deliver(order, 4)
        self._post(-100, "redeem")
        self._deliver(order, 1)
        self.assertEqual(self.card.points, -75)
        self.assertIn("75 points are owed", order.sudo().message_ids[0].body)

    def test_a_colleague_who_delivers_needs_no_right_to_points(self):
        order = self._buy({"price_unit": 25, "product_uom_qty": 4})
        line = order.with_user(self.salesperson).order_line
        line.qty_delivered = 4
        self.env.cr.flush()
        line.qty_delivered = 2
        self.env.cr.flush()
        self.assertEqual(self.card.points, 50)

    def test_what_a_merged_member_owes_is_told(self):
        self.program.debt_policy = "refuse"
        order = self._buy({"price_unit": 25, "product_uom_qty": 4})
        self._deliver(order, 4)
        kept = self._make_member("Mira Double")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.member | kept.partner_id).ids, kept.partner_id)
        self.env.invalidate_all()
        self._post(-100, "redeem", card=kept)
        self._deliver(order, 1)
        self.assertEqual(kept.points, -75)
        self.assertIn("75 points are owed", order.sudo().message_ids[0].body)

    def test_without_members_nobody_looks_at_a_delivery(self):
        order = self._buy({"price_unit": 25, "product_uom_qty": 4})
        programs = self.env.registry["loyalty.program"]
        with patch.object(programs, "_has_strict", lambda _programs: False):
            order.sudo().order_line.qty_delivered = 1
            self.assertNotIn(DELIVERED, self.env.cr.precommit.data)
