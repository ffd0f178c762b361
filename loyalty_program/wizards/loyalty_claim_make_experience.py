from odoo import api, fields, models

from ..models.loyalty_reward_experience import KIND


class LoyaltyRewardClaimMake(models.TransientModel):
    _inherit = "loyalty.reward.claim.make"

    open_date_ids = fields.Many2many(
        comodel_name="loyalty.experience.date",
        compute="_compute_open_date_ids",
    )
    experience_date_id = fields.Many2one(
        comodel_name="loyalty.experience.date",
        string="Date",
        domain="[('id', 'in', open_date_ids)]",
        compute="_compute_experience_date_id",
        store=True,
        readonly=False,
        ondelete="cascade",
    )

    @api.depends("reward_id")
    def _compute_open_date_ids(self):
        for wizard in self:
            experience = wizard.reward_type == KIND
            wizard.open_date_ids = experience and wizard.reward_id._get_open_dates()

    @api.depends("reward_id")
    def _compute_experience_date_id(self):
        for wizard in self:
            dates = wizard.open_date_ids
            wizard.experience_date_id = dates if len(dates) == 1 else False

    def _get_wish(self):
        wish = super()._get_wish()
        if self.reward_type == KIND:
            wish["date"] = self.experience_date_id.id
        return wish
