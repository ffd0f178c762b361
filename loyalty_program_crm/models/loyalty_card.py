from odoo import fields, models


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    participation_ids = fields.One2many(
        comodel_name="loyalty.participation",
        inverse_name="card_id",
        string="Campaign participations",
        readonly=True,
        groups="loyalty_program.group_loyalty_user",
    )

    def action_view_participations(self):
        """Open what campaigns did to this member."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program_crm.loyalty_participation_action"
        )
        action["domain"] = [("card_id", "=", self.id)]
        return action
