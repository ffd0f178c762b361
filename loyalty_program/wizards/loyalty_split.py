from odoo import fields, models


class LoyaltySplit(models.TransientModel):
    """Back office: split merged cards again."""

    _name = "loyalty.split"
    _description = "Split a Merge"

    merge_id = fields.Many2one(
        comodel_name="loyalty.merge",
        required=True,
        readonly=True,
    )
    member_number = fields.Char(
        related="merge_id.source_card_id.member_number", related_sudo=False
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact",
        help="Who the card belongs to from now on: a contact without a card.",
        required=True,
    )

    def action_split(self):
        """Give the merged card to the contact and open it."""
        self.ensure_one()
        self.partner_id.check_access("read")
        self.merge_id._split(self.partner_id)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_card_action_member"
        )
        form = self.env.ref("loyalty_program.loyalty_card_view_form_member")
        action.update(views=[(form.id, "form")], res_id=self.merge_id.source_card_id.id)
        return action
