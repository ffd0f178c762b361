from odoo import api, fields, models
from odoo.tools import formatLang

from ..models.sale_order_choice import WISH
from ..models.sale_order_refusal import RAISE


class SaleLoyaltyRewardWizard(models.TransientModel):
    """Choosing a reward on a quotation: how many points, and why not."""

    _inherit = "sale.loyalty.reward.wizard"

    price_words = fields.Char(compute="_compute_price_words")
    has_choice = fields.Boolean(compute="_compute_choice")
    choice_hint = fields.Char(compute="_compute_choice")
    points = fields.Float(
        digits=0,
        compute="_compute_points",
        store=True,
        readonly=False,
    )
    points_money = fields.Monetary(
        string="Off the order",
        compute="_compute_points_money",
        currency_field="reward_currency_id",
    )
    reward_currency_id = fields.Many2one(related="selected_reward_id.currency_id")

    @api.depends("selected_reward_id", "order_id")
    def _compute_price_words(self):
        for wizard in self:
            reward = wizard.selected_reward_id
            program = reward.program_id
            coupon = program.ledger_policy == "strict" and wizard._get_selected_coupon()
            wizard.price_words = coupon and wizard.env._(
                "It takes %(price)s. There are %(balance)s.",
                price=reward._describe_price(coupon),
                balance=program._format_points(
                    wizard.order_id._get_real_points_for_coupon(coupon)
                ),
            )

    @api.depends("selected_reward_id", "order_id")
    def _compute_choice(self):
        for wizard in self:
            choice = wizard._get_choice()
            wizard.has_choice = bool(choice)
            wizard.choice_hint = choice and wizard.env._(
                "From %(lowest)s to %(highest)s points, in steps of %(step)s.",
                **{
                    name: formatLang(
                        wizard.env,
                        float(choice[name]),
                        digits=wizard.selected_reward_id.program_id.points_scale,
                    )
                    for name in ("lowest", "highest", "step")
                },
            )

    @api.depends("selected_reward_id", "order_id")
    def _compute_points(self):
        for wizard in self:
            choice = wizard._get_choice()
            wizard.points = float(choice["highest"]) if choice else 0

    @api.depends("points", "selected_reward_id")
    def _compute_points_money(self):
        for wizard in self:
            reward = wizard.selected_reward_id
            wizard.points_money = wizard.points * reward.discount

    def _get_choice(self):
        """Return what may be chosen, see :meth:`sale.order._get_points_choice`."""
        reward = self.selected_reward_id
        coupon = reward.has_choice and self._get_selected_coupon()
        return self.order_id._get_points_choice(reward, coupon) if coupon else None

    def _get_selected_coupon(self):
        """Return the card that the selected reward would be claimed from."""
        for coupon, rewards in self.order_id._get_claimable_rewards().items():
            if self.selected_reward_id in rewards:
                return coupon
        return self.env["loyalty.card"]

    def action_apply(self):
        """Override: take the points that were chosen, and say why a reward is refused.

        Odoo's own method closes the dialog whatever the order answered.
        """
        self.ensure_one()
        wish = {self.selected_reward_id.id: self.points} if self.has_choice else {}
        wizard = self.with_context(**{WISH: wish, RAISE: True})
        return super(SaleLoyaltyRewardWizard, wizard).action_apply()
