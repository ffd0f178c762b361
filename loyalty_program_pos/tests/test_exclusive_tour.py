from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.point_of_sale.tests.test_frontend import TestPointOfSaleHttpCommon


@tagged("post_install", "-at_install")
class TestExclusiveTour(TestPointOfSaleHttpCommon):
    """A guest, a Silver and a Gold member ask for what is for Gold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("loyalty_program.group_loyalty_manager")
        # A till loads the first hundred contacts, archived ones among them.
        cls.env["ir.config_parameter"].set_param(
            "point_of_sale.limited_customer_count", "100000"
        )
        programs = cls.env["loyalty.program"]
        programs.search([]).active = False
        program = programs.create(programs._prepare_membership_values())
        program.currency_id = cls.main_pos_config.currency_id
        _bronze, silver, gold = program.tier_ids.sorted("threshold")[:3]
        for name, tier in (("Sita Silver", silver), ("Gosia Gold", gold)):
            partner = cls.env["res.partner"].create({"name": name})
            program.sudo()._enrol(partner, "pos", True).tier_id = tier
        cls.pressing = cls.env["product.product"].create(
            {
                "name": "Exclusive Pressing",
                "list_price": 50,
                "available_in_pos": True,
                "taxes_id": [Command.clear()],
                "type": "consu",
                "audience_tier_ids": gold.ids,
            }
        )

    def test_guest_silver_and_gold_at_the_till(self):
        self.main_pos_config.with_user(self.pos_user).open_ui()
        self.start_pos_tour("loyalty_program_pos.exclusive_product")
        orders = self.main_pos_config.current_session_id.order_ids
        sold = orders.filtered(lambda order: order.state == "paid")
        self.assertEqual(sold.lines.product_id, self.pressing)
        self.assertEqual(sold.partner_id.mapped("name"), ["Gosia Gold"])
        self.assertEqual(len(sold), 2)
        self.assertFalse(any(sold.mapped("exclusive_note")))
