from odoo import models
from odoo.fields import Command, Domain


class LoyaltyCampaign(models.Model):
    """The buttons of a campaign."""

    _inherit = "loyalty.campaign"

    def action_create_coupon_program(self):
        """Make a programme of coupons that suits the campaign: 10 % on the order."""
        self.ensure_one()
        self.check_access("write")
        # sudo: a loyalty manager need not be a sales or product manager; the values
        # are fixed here.
        programs = self.env["loyalty.program"].sudo()
        program = programs.create(self._prepare_coupon_program())
        self.write({"coupon_program_id": program.id})

    def _prepare_coupon_program(self):
        self.ensure_one()
        return {
            "name": self.env._("Coupons: %(campaign)s", campaign=self.name),
            "program_type": "coupons",
            "applies_on": "current",
            "trigger": "with_code",
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "communication_plan_ids": [],
            "rule_ids": [],
            "reward_ids": [
                Command.create(
                    {
                        "reward_type": "discount",
                        "discount": 10,
                        "discount_mode": "percent",
                        "discount_applicability": "order",
                        "required_points": 1,
                    }
                )
            ],
        }

    def action_start(self):
        """Start: from now on the nightly job runs the campaign."""
        for campaign in self:
            campaign.check_access("write")
            if not campaign.coupon_program_id:
                campaign.action_create_coupon_program()
            if not campaign.utm_campaign_id:
                campaign.utm_campaign_id = self.env["utm.campaign"].create(
                    {"title": campaign.name}
                )
            if not campaign.mailing_id:
                # sudo: the mailing only collects the statistics of the e-mails;
                # running a campaign asks for no right on e-mail marketing.
                campaign.sudo().mailing_id = (
                    self.env["mailing.mailing"]
                    .sudo()
                    .create(campaign._prepare_mailing())
                )
            campaign.state = "running"

    def _prepare_mailing(self):
        """Return the values of the mailing; it is "done": only the campaign sends."""
        self.ensure_one()
        return {
            "name": self.name,
            "subject": self.name,
            "body_html": self.mail_template_id.body_html,
            "mailing_model_id": self.env["ir.model"]._get_id("loyalty.card"),
            "mailing_domain": "[('id', '=', 0)]",
            "campaign_id": self.utm_campaign_id.id,
            "medium_id": self.utm_medium_id.id,
            "state": "done",
            "user_id": self.env.uid,
        }

    def action_stop(self):
        """Stop: nobody else is reached, results go on being measured."""
        self.check_access("write")
        self.write({"state": "stopped"})

    def action_open_run(self):
        """Open the preview of a run."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Run the campaign now"),
            "res_model": "loyalty.campaign.run",
            "view_mode": "form",
            "target": "new",
            "context": {"default_campaign_id": self.id},
        }

    def action_measure(self):
        """Look now at who bought again."""
        self.check_access("write")
        for campaign in self:
            self.env["loyalty.win.back"]._measure(campaign)

    def action_retry_failed(self):
        """Plan again what failed; the next run takes it up."""
        self.check_access("write")
        # sudo: participations are written by campaigns only.
        self.sudo().participation_ids.filtered(
            lambda participation: participation.state == "failed"
        ).write({"state": "planned", "error": False})

    def action_view_participations(self):
        """Open the participations of the campaign."""
        return self._open_participations(Domain.TRUE)

    def action_view_failed(self):
        """Open the participations that failed."""
        return self._open_participations(Domain("state", "=", "failed"))

    def _open_participations(self, domain):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program_crm.loyalty_participation_action"
        )
        action["domain"] = list(Domain("campaign_id", "=", self.id) & domain)
        action["context"] = {}
        return action

    def action_view_opportunities(self):
        """Open the opportunities of the campaign."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm.crm_lead_action_pipeline"
        )
        # sudo: only ids leave here; the action checks the reader's rights on each.
        leads = self.sudo().participation_ids.lead_id
        action["domain"] = [("id", "in", leads.ids)]
        action["context"] = {"active_test": False}
        return action

    def action_view_mailing(self):
        """Open the statistics of the e-mails."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "mailing.mailing",
            "res_id": self.mailing_id.id,
            "view_mode": "form",
        }
