from odoo import api, models


class CrmLead(models.Model):
    """New leads of a member go to whom the tier promises; a person's choice stays."""

    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        for lead, vals in zip(leads, vals_list, strict=True):
            if not vals.get("user_id"):
                lead._assign_tier_seller(not vals.get("team_id"))
        return leads

    def _assign_tier_seller(self, with_team=True):
        """Give the lead the salesperson that the customer's tier promises."""
        benefit = self.partner_id._get_tier_seller(self.company_id or self.env.company)
        if benefit.seller_id and self.partner_id._may_hand_over():
            self.user_id = benefit.seller_id.with_env(self.env)
        if benefit.seller_team_id and with_team:
            self.team_id = benefit.seller_team_id.with_env(self.env)

    @api.onchange("partner_id")
    def _onchange_partner_tier_seller(self):
        """In a new form, the one who opened it is no choice yet."""
        if (
            self.partner_id
            and not self._origin
            and self.user_id
            in (
                self.env.user,
                self.env["res.users"],
            )
        ):
            self._assign_tier_seller()
