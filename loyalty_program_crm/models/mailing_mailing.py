from odoo import fields, models


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    loyalty_campaign_ids = fields.One2many(
        comodel_name="loyalty.campaign",
        inverse_name="mailing_id",
        string="Loyalty campaigns",
    )

    def _get_seen_list(self):
        """Let a campaign write again to an address it wrote to before.

        A mailing never writes twice to one address. A campaign does, after a new
        lapse and to each member of a family that shares an address; its own
        participations keep it from doing anything twice.
        """
        # Campaigns write to cards alone: other mailings need not ask.
        is_ours = self.mailing_model_real == "loyalty.card"
        # sudo: who sends a mailing need not see campaigns.
        if is_ours and self.sudo().loyalty_campaign_ids:
            return set()
        return super()._get_seen_list()
