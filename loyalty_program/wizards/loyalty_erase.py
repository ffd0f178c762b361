from odoo import fields, models


class LoyaltyErase(models.TransientModel):
    """Back office: forget a member, for good."""

    _name = "loyalty.erase"
    _description = "Erase a Member"

    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Member",
        required=True,
        readonly=True,
    )
    with_contact = fields.Boolean(
        string="Erase the contact as well",
        help="Name, addresses, e-mail and portal access go, in all programmes. "
        "Invoices keep what the law demands.",
        default=True,
    )

    def action_erase(self):
        """Erase the member and return to the list."""
        self.ensure_one()
        self.card_id._erase(self.with_contact)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_card_action_member"
        ) | {"target": "main"}
