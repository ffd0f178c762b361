from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LoyaltyReward(models.Model):
    """Somebody has to act on a request: the person whom an activity tells."""

    _inherit = "loyalty.reward"

    responsible_id = fields.Many2one(
        comodel_name="res.users",
        help="Gets an activity for each request that waits for a decision, and for "
        "each thing that is to be handed over.",
        compute="_compute_responsible_id",
        store=True,
        readonly=False,
        domain="[('share', '=', False)]",
        ondelete="set null",
    )

    @api.depends("reward_type")
    def _compute_responsible_id(self):
        user = self.env.user
        may_act = not user._is_superuser() and user._filter_may_handle(None)
        for reward in self.filtered(lambda own: own.reward_type == "experience"):
            reward.responsible_id = reward.responsible_id or may_act

    @api.constrains("responsible_id", "program_id")
    def _check_responsible(self):
        for reward in self.filtered("responsible_id"):
            if not reward._get_responsible():
                raise ValidationError(
                    self.env._(
                        "%(user)s cannot act on requests for “%(reward)s”: choose a "
                        "loyalty user of the programme's company.",
                        user=reward.responsible_id.name,
                        reward=reward.description,
                    )
                )

    def _get_responsible(self):
        """Return who is responsible and can act on a claim, or nobody."""
        self.ensure_one()
        return self.responsible_id._filter_may_handle(self.program_id.company_id)


class LoyaltyRewardClaim(models.Model):
    """A request is a task until it is decided."""

    _name = "loyalty.reward.claim"
    _inherit = ["loyalty.reward.claim", "loyalty.task.mixin"]

    def _give(self, wish):
        result = super()._give(wish)
        if task := self._ask_kind("_describe_task"):
            today = self.program_id._get_local_date()
            self._open_task(self.reward_id._get_responsible(), task, today)
        return result

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self.filtered(lambda claim: claim.state != "requested")._close_tasks()
        return result

    def _describe_task_experience(self):
        return self.env._(
            "Approve or decline: %(reward)s", reward=self.reward_id.description
        )

    def _describe_task_physical(self):
        if not self._is_to_hand_over():
            return None
        return self.env._("Hand over: %(reward)s", reward=self.reward_id.description)
