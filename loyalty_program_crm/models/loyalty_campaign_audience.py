from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class LoyaltyCampaign(models.Model):
    """A campaign may be for some tiers or segments only.

    The audience decides who is taken up; who has been stays in the group that was
    drawn and is measured, whatever becomes of the audience or of the member.
    """

    _name = "loyalty.campaign"
    _inherit = ["loyalty.campaign", "loyalty.audience.mixin"]

    # Declared here too: their tables are this addon's then, and go with it.
    audience_tier_ids = fields.Many2many(ondelete="restrict")
    audience_segment_ids = fields.Many2many(ondelete="restrict")
    audience_words = fields.Char(string="For whom", compute="_compute_audience_words")

    @api.depends("audience_tier_ids.name", "audience_segment_ids", "audience_join")
    @api.depends_context("lang")
    def _compute_audience_words(self):
        for campaign in self:
            campaign.audience_words = campaign._describe_audience()

    @api.constrains("audience_tier_ids", "audience_segment_ids", "company_id")
    def _check_audience_company(self):
        for campaign in self:
            if strangers := campaign._list_strangers():
                raise ValidationError(
                    self.env._(
                        "“%(campaign)s” is of %(company)s, these belong to another "
                        "company: %(names)s.",
                        campaign=campaign.name,
                        company=campaign.company_id.name,
                        names=", ".join(strangers),
                    )
                )

    def _query_audience(self, partner):
        """Return the SQL that tells whether a customer belongs to the audience.

        :param SQL partner: expression of the customer's id
        """
        self.ensure_one()
        if not self.has_audience:
            return SQL("TRUE")
        # sudo: a campaign reaches the same members whoever runs it. Who is archived is
        # left out by the trigger.
        customers = self.env["res.partner"].sudo().with_context(active_test=False)
        found = customers._search(self._get_customer_domain())
        return SQL("%s IN %s", partner, found.subselect())
