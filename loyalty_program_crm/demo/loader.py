from datetime import timedelta

from odoo import api, models

#: Weeks before today at which the demo's campaign took members up.
WEEKS_AGO = (10, 8, 6, 5, 4)


class LoyaltyDemo(models.AbstractModel):
    _inherit = "loyalty.demo"

    @api.model
    def _run_campaign(self, campaign_id):
        """Run a campaign on past days, so that its result can be seen.

        What the members bought since is real. Their e-mails are taken for sent: the
        demo writes to nobody.
        """
        campaign = self.env["loyalty.campaign"].browse(campaign_id)
        participations = self.env["loyalty.participation"]
        for weeks in WEEKS_AGO:
            day = campaign._get_today() - timedelta(weeks=weeks)
            campaign._claim(day)
            while participations._treat_planned(campaign, day, 100):
                campaign.mailing_id.mailing_trace_ids.set_sent()
        mailing = [("mailing_id", "=", campaign.mailing_id.id)]
        self.env["mail.mail"].search(mailing).unlink()
        self.env["loyalty.win.back"]._measure(campaign)
