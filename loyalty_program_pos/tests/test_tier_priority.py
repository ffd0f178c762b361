from odoo.tests import tagged

from odoo.addons.loyalty_program.tests.benefit_common import BenefitCase


@tagged("post_install", "-at_install")
class TestTierPriority(BenefitCase):
    """The transfers of a member with priority are starred; those of others are not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.priority = cls.env["loyalty.tier.benefit"].create(
            {"tier_id": cls.gold_tier.id, "kind": "priority"}
        )
        cls.product.write({"type": "consu", "is_storable": True})

    def _get_priorities(self, partner):
        order = self._quote(partner)
        order.action_confirm()
        self.assertTrue(order.picking_ids, "the addons of stock and sales are bridged")
        return set(order.picking_ids.mapped("priority"))

    def test_a_transfer_for_the_tier_is_starred(self):
        self.assertEqual(self._get_priorities(self.gold), {"1"})
        self.assertEqual(self._get_priorities(self.silver), {"0"})
        self.assertEqual(self._get_priorities(self._make_partner()), {"0"})

    def test_every_step_of_a_delivery_is_starred(self):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        warehouse.delivery_steps = "pick_ship"
        self.assertEqual(self._get_priorities(self.gold), {"1"})

    def test_the_customer_reads_a_sentence(self):
        self.assertEqual(self.priority.description, "Priority delivery.")
