from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.rounding import round_points, to_decimal

#: The whole price, in percent.
WHOLE = Decimal(100)


class LoyaltyTierBenefit(models.Model):
    """Rewards take fewer points of the members of a tier."""

    _inherit = "loyalty.tier.benefit"

    kind = fields.Selection(
        selection_add=[("cheaper_rewards", "Cheaper rewards")],
        ondelete={"cheaper_rewards": "cascade"},
    )
    points_off = fields.Float(
        string="Fewer points (%)",
        help="So many percent fewer points for a reward, rounded in the member's "
        "favour. Where every point is worth some money, that stays what it is worth.",
        digits=(5, 2),
        default=20,
    )
    cheaper_reward_ids = fields.Many2many(
        comodel_name="loyalty.reward",
        string="For these rewards",
        help="Empty: for every reward of the programme.",
        domain="[('program_id', '=', program_id)]",
    )

    @api.constrains("kind", "points_off", "cheaper_reward_ids")
    def _check_points_off(self):
        for benefit in self.filtered(lambda b: b.kind == "cheaper_rewards"):
            if not 0 < benefit.points_off < WHOLE:
                raise ValidationError(
                    self.env._("A reward takes between 0 and 100 percent fewer points.")
                )
            if benefit.cheaper_reward_ids.program_id - benefit.program_id:
                raise ValidationError(
                    self.env._("The rewards belong to the programme of the tier.")
                )

    @api.depends("points_off", "cheaper_reward_ids.description")
    def _compute_description(self):
        return super()._compute_description()

    def _describe(self):
        if self.kind != "cheaper_rewards":
            return super()._describe()
        percent = self.program_id._format_count(self.points_off)
        # sudo: what a tier makes cheaper is for everybody to read.
        rewards = self.sudo().cheaper_reward_ids
        if not rewards:
            return self.env._(
                "%(percent)s %% fewer points for every reward.", percent=percent
            )
        return self.env._(
            "%(percent)s %% fewer points for %(rewards)s.",
            percent=percent,
            rewards=", ".join(rewards.mapped("description")),
        )


class LoyaltyReward(models.Model):
    _inherit = "loyalty.reward"

    def _get_points_off(self, card, day=None):
        """Return how many percent less the reward takes of this card, a Decimal.

        :param date day: of the sale, None for now
        """
        self.ensure_one()
        if card.program_id != self.program_id or not card or self._is_by_the_point():
            return Decimal(0)
        benefits = card._get_benefits_on("cheaper_rewards", day)
        offs = [
            to_decimal(benefit.points_off)
            for benefit in benefits
            if not benefit.cheaper_reward_ids or self in benefit.cheaper_reward_ids
        ]
        return max(offs, default=Decimal(0))

    def _is_by_the_point(self):
        """Tell whether every point is worth some money: that has no price to cut."""
        return self.reward_type == "discount" and self.discount_mode == "per_point"

    def _get_price(self, card, day=None):
        """Return how many points the reward takes of this card, once.

        :return: in the programme's scale where it is cheaper, at least the smallest
            part of a point
        :rtype: Decimal
        """
        required, off = (
            to_decimal(self.required_points),
            self._get_points_off(card, day),
        )
        if not off:
            return required
        scale = self.program_id.points_scale
        price = round_points(required * (WHOLE - off) / WHOLE, scale)
        return max(price, Decimal(1).scaleb(-scale))

    def _get_price_share(self, card):
        """Return which part of the usual points the reward takes, a fraction."""
        return Fraction(self._get_price(card)) / Fraction(
            to_decimal(self.required_points)
        )


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    reward_prices = fields.Json(
        string="Cheaper rewards",
        help="What the tier makes cheaper: the points, and their part of the usual.",
        compute="_compute_reward_prices",
        compute_sudo=True,
    )

    def _compute_reward_prices(self):
        for card in self:
            card.reward_prices = {
                str(reward.id): {
                    "price": float(reward._get_price(card)),
                    "share": float(share),
                }
                for reward, share in card._get_price_shares().items()
            }

    def _get_price_shares(self):
        """Return {reward: share of the usual points} of what is cheaper here."""
        if not self._get_benefits("cheaper_rewards"):
            return {}
        rewards = self.program_id.reward_ids
        shares = {reward: reward._get_price_share(self) for reward in rewards}
        return {reward: share for reward, share in shares.items() if share < 1}


def cut_cost(cost, share, scale):
    """Return a part of a cost in points, rounded in the member's favour.

    :param Decimal cost: the usual points
    :param Fraction share: see ``loyalty.reward._get_price_share``
    """
    exact = Decimal(cost) * share.numerator / share.denominator
    whole = exact.quantize(Decimal("1e-6"))
    return whole.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_DOWN)
