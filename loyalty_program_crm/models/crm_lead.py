from odoo import api, fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    loyalty_summary = fields.Char(
        string="Loyalty",
        compute="_compute_loyalty_summary",
        compute_sudo=True,
        help="Tier and balance of the customer, for each programme they joined.",
    )
    loyalty_participation_ids = fields.One2many(
        comodel_name="loyalty.participation",
        inverse_name="lead_id",
        string="Campaign participations",
        groups="loyalty_program.group_loyalty_user",
    )

    @api.depends("partner_id", "company_id")
    @api.depends_context("allowed_company_ids")
    def _compute_loyalty_summary(self):
        programs = self.env["loyalty.program"].search([("is_managed", "=", True)])
        for lead in self:
            companies = lead.company_id or self.env.companies
            lines = []
            for program in programs:
                if not lead.partner_id or (
                    program.company_id and program.company_id not in companies
                ):
                    continue
                card = program._get_member_card(lead.partner_id)
                if card:
                    lines.append(lead._describe_membership(card))
            lead.loyalty_summary = " / ".join(lines)

    def _describe_membership(self, card):
        """Return programme, tier and balance of a member in one line."""
        facts = {"program": card.program_id.name, "points": card.points_display}
        if card.tier_id:
            return self.env._(
                "%(tier)s, %(points)s (%(program)s)", tier=card.tier_id.name, **facts
            )
        return self.env._("%(points)s (%(program)s)", **facts)
