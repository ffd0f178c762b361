from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.loyalty_program.tests.claim_common import ClaimCase
from odoo.addons.loyalty_program.tests.common import NOW


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRewardDelivery(ClaimCase):
    """Where there is a warehouse, a physical gift is a delivery order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mug = cls._make_product("Mug", type="consu", is_storable=True)
        cls.gift = cls._make_reward(
            "physical", reward_product_id=cls.mug.id, reward_product_qty=2
        )
        cls._post(500, "bonus")
        cls.warehouse = cls.gift._get_gift_warehouse()
        cls._stock(5)

    @classmethod
    def _stock(cls, quantity):
        cls.env["stock.quant"]._update_available_quantity(
            cls.mug, cls.warehouse.lot_stock_id, quantity
        )

    def _deliver(self, picking):
        picking.move_ids.picked = True
        picking.button_validate()

    def test_a_claim_orders_its_delivery_and_is_given_when_it_leaves(self):
        address = self._make_partner(
            "Mira's office", parent_id=self.member.id, type="delivery"
        )
        claim = self._claim()
        picking = claim.picking_ids
        self.assertEqual(picking.picking_type_id, self.warehouse.out_type_id)
        self.assertEqual(picking.partner_id, address)
        self.assertEqual(picking.move_ids.product_uom_qty, 2)
        self.assertIn("Mira Member", picking.origin)
        self.assertEqual((claim.state, claim.may_hand_over), ("requested", False))
        with self.assertRaisesRegex(UserError, "is sent"):
            claim.with_user(self.loyalty_user).action_hand_over()
        self._deliver(picking)
        self.assertEqual(claim.state, "given")
        self.assertIn("Delivered", " ".join(self._notes(claim)))
        other = self._claim()
        self.assertNotEqual(other.picking_ids, picking)

    def test_a_void_claim_cancels_its_delivery(self):
        claim = self._claim()
        claim.with_user(self.manager).action_void()
        self.assertEqual(claim.picking_ids.state, "cancel")
        self.assertEqual(self.card.points, 500)
        self.assertNotIn("handed over", " ".join(self._notes(claim)))

    def test_what_was_delivered_comes_back_first(self):
        claim = self._claim()
        picking = claim.picking_ids
        self._deliver(picking)
        with self.assertRaisesRegex(UserError, "return of the delivery"):
            claim.with_user(self.manager).action_void()
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 2
        returned = wizard._create_return()
        self._deliver(returned)
        claim.with_user(self.manager).action_void()
        self.assertEqual((claim.state, self.card.points), ("void", 500))

    def test_a_cancelled_delivery_leaves_it_to_be_handed_over(self):
        claim = self._claim()
        claim.picking_ids.action_cancel()
        self.assertEqual((claim.state, claim.may_hand_over), ("requested", True))
        self.assertIn("delivery was cancelled", " ".join(self._notes(claim)))
        claim.with_user(self.loyalty_user).action_hand_over()
        self.assertEqual(claim.state, "given")

    def test_every_step_of_a_delivery_must_be_done(self):
        self.warehouse.delivery_steps = "pick_ship"
        claim = self._claim()
        self._deliver(claim.picking_ids)
        self.assertEqual(claim.state, "requested")
        last = claim.picking_ids.filtered(lambda picking: picking.state != "done")
        self._deliver(last)
        self.assertEqual(claim.state, "given")

    def test_what_is_not_in_stock_is_refused(self):
        self._stock(-4)
        with self.assertRaisesRegex(UserError, "“Mug” is out of stock"):
            self._claim()
        self.assertEqual(self.card.points, 500)
        self.mug.is_storable = False
        self.assertTrue(self._claim().picking_ids)
