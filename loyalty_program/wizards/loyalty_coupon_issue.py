from uuid import uuid4

from odoo import api, fields, models


class LoyaltyCouponIssue(models.TransientModel):
    """Back office: turn a member's points into a coupon."""

    _name = "loyalty.coupon.issue"
    _description = "Turn Points into a Coupon"

    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Member",
        required=True,
        readonly=True,
    )
    balance = fields.Float(related="card_id.points", related_sudo=False, digits=0)
    available_reward_ids = fields.Many2many(
        comodel_name="loyalty.reward",
        compute="_compute_available_reward_ids",
    )
    reward_id = fields.Many2one(
        comodel_name="loyalty.reward",
        domain="[('id', 'in', available_reward_ids)]",
        required=True,
    )
    required_points = fields.Float(related="reward_id.required_points", digits=0)
    valid_until = fields.Date(compute="_compute_valid_until")
    token = fields.Char(default=lambda self: uuid4().hex, required=True)

    @api.depends("card_id")
    def _compute_available_reward_ids(self):
        for wizard in self:
            wizard.available_reward_ids = wizard.card_id._get_coupon_rewards()

    @api.depends("reward_id")
    def _compute_valid_until(self):
        for wizard in self:
            reward = wizard.reward_id
            day = reward.program_id._get_local_date() if reward else False
            wizard.valid_until = day and reward._get_coupon_end(day)

    def action_issue(self):
        """Issue the coupon and open it."""
        self.ensure_one()
        self.card_id._check_loyalty_user()
        self.card_id.check_access("read")
        coupon = self.card_id._issue_coupon(
            self.reward_id, "backoffice", token=self.token
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_coupon_action"
        )
        form = self.env.ref("loyalty_program.loyalty_card_view_form_coupon")
        return action | {
            "views": [(form.id, "form")],
            "view_mode": "form",
            "res_id": coupon.id,
        }
