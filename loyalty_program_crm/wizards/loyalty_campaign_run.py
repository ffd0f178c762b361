from odoo import api, fields, models


class LoyaltyCampaignRun(models.TransientModel):
    """Show whom a run would reach, then run."""

    _name = "loyalty.campaign.run"
    _description = "Run a Loyalty Campaign"

    campaign_id = fields.Many2one(
        comodel_name="loyalty.campaign", required=True, readonly=True
    )
    inactivity_days = fields.Integer(related="campaign_id.inactivity_days")
    audience_words = fields.Char(related="campaign_id.audience_words")
    coupon_valid_days = fields.Integer(related="campaign_id.coupon_valid_days")
    waiting_count = fields.Integer(string="Members due", compute="_compute_counts")
    due_count = fields.Integer(string="Taken up now", compute="_compute_counts")
    hold_out_count = fields.Integer(string="Kept out", compute="_compute_counts")
    mailed_count = fields.Integer(string="Get an e-mail", compute="_compute_counts")
    no_email_count = fields.Integer(
        string="Have no e-mail address", compute="_compute_counts"
    )
    blacklisted_count = fields.Integer(
        string="Refuse e-mails", compute="_compute_counts"
    )
    opportunity_count = fields.Integer(
        string="Get an opportunity", compute="_compute_counts"
    )

    @api.depends("campaign_id")
    def _compute_counts(self):
        for run in self:
            campaign = run.campaign_id
            today = campaign._get_today()
            service = self.env["loyalty.win.back"]
            room = campaign._get_room(today)
            counts = service._preview(campaign, today, room)
            run.waiting_count = service._preview(campaign, today)["due"]
            run.due_count = counts["due"]
            run.hold_out_count = counts["hold_out"]
            run.mailed_count = counts["mailed"]
            run.no_email_count = counts["no_email"]
            run.blacklisted_count = counts["blacklisted"]
            run.opportunity_count = counts["opportunities"]

    def action_run(self):
        """Run the campaign, then open what it did."""
        self.ensure_one()
        self.campaign_id.check_access("write")
        self.campaign_id._run_now()
        return self.campaign_id.action_view_participations()
