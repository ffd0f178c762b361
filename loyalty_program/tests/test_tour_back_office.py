from odoo.fields import Command
from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestTourBackOffice(HttpCase):
    """The sales channel in a real browser."""

    def test_a_manager_creates_a_programme_in_two_clicks(self):
        before = self.env["loyalty.program"].search([])
        self.start_tour(
            "/odoo/loyalty-members", "loyalty_program_create_in_clicks", login="admin"
        )
        program = self.env["loyalty.program"].search([]) - before
        self.assertEqual(program.ledger_policy, "strict")
        self.assertEqual(len(program.tier_ids), 4)
        self.assertEqual(len(program.reward_ids), 2)

    def test_join_buy_and_claim_a_reward_in_the_back_office(self):
        program = self.env["loyalty.program"].browse(
            self.env["loyalty.program"].action_create_membership_program()["res_id"]
        )
        customer = self.env["res.partner"].create({"name": "Tilda Tour"})
        product = self.env["product.product"].create(
            {"name": "Record", "list_price": 120, "type": "service", "taxes_id": False}
        )
        orders = self.env["sale.order"].create(
            [
                {
                    "name": name,
                    "partner_id": customer.id,
                    "user_id": self.env.ref("base.user_admin").id,
                    "order_line": [Command.create({"product_id": product.id})],
                }
                for name in ("FIRST", "SECOND")
            ]
        )
        self.start_tour(
            "/odoo/loyalty-members", "loyalty_program_back_office", login="admin"
        )
        card = program._get_member_card(customer)
        self.assertEqual(set(orders.mapped("state")), {"sale"})
        self.assertEqual(card.points, 120 + 115 - 100)
        self.assertEqual(card.tier_id.name, "Silver")
