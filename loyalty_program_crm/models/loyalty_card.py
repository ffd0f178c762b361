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

    def _may_be_used_by(self, partner):
        """Override: a campaign's coupon is its member's alone."""
        if not super()._may_be_used_by(partner):
            return False
        owner = self.partner_id
        if not owner or owner == partner or self.program_id.is_nominative:
            return True
        # sudo: a webshop visitor sees no participations; the answer tells only that
        # the code is somebody else's.
        participations = self.env["loyalty.participation"].sudo()
        return not participations.search_count([("coupon_id", "=", self.id)], limit=1)

    def _erase_traces(self):
        """Override of ``loyalty_program``: an error may name the member."""
        self.participation_ids.error = False
        return super()._erase_traces()

    def action_view_participations(self):
        """Open what campaigns did to this member."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program_crm.loyalty_participation_action"
        )
        action["domain"] = [("card_id", "=", self.id)]
        return action
