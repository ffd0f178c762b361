from uuid import uuid4

from odoo import api, fields, models


class LoyaltyRewardClaimMake(models.TransientModel):
    """Back office: claim a reward of the catalogue for a member."""

    _name = "loyalty.reward.claim.make"
    _description = "Claim a Reward"

    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Member",
        required=True,
        readonly=True,
    )
    balance = fields.Float(
        string="Balance", related="card_id.points", related_sudo=False, digits=0
    )
    available_reward_ids = fields.Many2many(
        comodel_name="loyalty.reward",
        compute="_compute_available_reward_ids",
    )
    reward_id = fields.Many2one(
        comodel_name="loyalty.reward",
        domain="[('id', 'in', available_reward_ids)]",
        required=True,
    )
    reward_type = fields.Selection(related="reward_id.reward_type")
    description = fields.Char(compute="_compute_offer")
    refusal = fields.Char(compute="_compute_offer")
    has_choice = fields.Boolean(related="reward_id.has_choice")
    points = fields.Float(
        digits=0,
        compute="_compute_points",
        store=True,
        readonly=False,
    )
    token = fields.Char(default=lambda self: uuid4().hex, required=True)

    @api.depends("card_id")
    def _compute_available_reward_ids(self):
        for wizard in self:
            wizard.available_reward_ids = wizard.card_id._get_claim_rewards()

    @api.depends("card_id", "reward_id")
    def _compute_offer(self):
        for wizard in self:
            reward = wizard.reward_id
            wizard.description = reward and reward._describe(wizard.card_id)
            wizard.refusal = reward and wizard.card_id._get_claim_refusal(reward)

    @api.depends("card_id", "reward_id")
    def _compute_points(self):
        for wizard in self:
            reward, card = wizard.reward_id, wizard.card_id
            points = reward and card._get_claim_points(reward, None)
            wizard.points = float(points or 0)

    def _get_wish(self):
        """Return what the reward is asked for, as ``_claim_reward`` takes it.

        Override to: add what a kind wants to know.
        """
        return {"points": self.points} if self.has_choice else {}

    def action_claim(self):
        """Claim the reward and open the claim."""
        self.ensure_one()
        self.card_id._check_loyalty_user()
        claim = self.card_id._claim_reward(
            self.reward_id, "backoffice", token=self.token, **self._get_wish()
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_reward_claim_action"
        )
        return action | {
            "views": [(False, "form")],
            "view_mode": "form",
            "res_id": claim.id,
        }
