from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine.choice import get_range
from ..engine.rounding import fits_scale, to_decimal
from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


def archive_kind(rewards):
    """Put rewards away whose kind goes: nobody gets them as a discount instead."""
    rewards.write({"active": False, "reward_type": "discount"})


class LoyaltyReward(models.Model):
    """Rewards that members claim from the catalogue, ahead of any order.

    A kind is a file of its own: it adds its value to ``reward_type``, names it in
    ``_get_claim_kinds`` and says in ``_give_<kind>`` of ``loyalty.reward.claim`` what
    happens. Price, limits, days and audience are those of every reward. No order holds
    such a reward as a line.
    """

    _inherit = "loyalty.reward"

    is_claimed_ahead = fields.Boolean(
        string="Claimed from the catalogue",
        help="Members claim it with their points ahead of any order.",
        compute="_compute_is_claimed_ahead",
    )
    gives_money = fields.Boolean(compute="_compute_is_claimed_ahead")

    @api.depends("reward_type")
    def _compute_is_claimed_ahead(self):
        kinds, money_kinds = self._get_claim_kinds(), self._get_money_kinds()
        for reward in self:
            reward.is_claimed_ahead = reward.reward_type in kinds
            reward.gives_money = reward.reward_type in money_kinds

    @api.onchange("reward_type")
    def _onchange_reward_type(self):
        """Propose one hundredth for each point; a percentage would mean nothing."""
        if self.gives_money and self.discount_mode == "percent":
            self.discount_mode, self.discount = "per_point", 0.01

    @api.model
    def _get_claim_kinds(self):
        """Return the reward types that are claimed ahead. Override to: add one."""
        return frozenset()

    @api.model
    def _get_money_kinds(self):
        """Return those that give so much money: in all, or for each point.

        They say so as a discount does: ``discount_mode`` (``per_order`` or
        ``per_point``) and ``discount``. Override to: add one.
        """
        return frozenset()

    def _is_by_the_point(self):
        return super()._is_by_the_point() or (
            self.gives_money and self.discount_mode == "per_point"
        )

    # === What such a reward must be ===

    @api.constrains("reward_type", "program_id", "clear_wallet", "issues_coupon")
    def _check_claimed_ahead(self):
        for reward in self.filtered("is_claimed_ahead"):
            program = reward.program_id
            if not (program.is_managed and program.ledger_policy == "strict"):
                raise ValidationError(
                    self.env._(
                        "“%(reward)s” is claimed from the catalogue, which only "
                        "programmes for members have. “%(program)s” is none.",
                        reward=reward.description,
                        program=program.name,
                    )
                )
            if reward.clear_wallet or reward.issues_coupon:
                raise ValidationError(
                    self.env._(
                        "“%(reward)s” is claimed from the catalogue: it is no coupon, "
                        "and does not take all points there are.",
                        reward=reward.description,
                    )
                )

    @api.constrains(
        "reward_type", "discount", "discount_mode", "required_points", "program_id"
    )
    def _check_money_kind(self):
        for reward in self.filtered("gives_money"):
            if reward.discount_mode not in ("per_point", "per_order"):
                raise ValidationError(
                    self.env._(
                        "“%(reward)s” gives money: say how much, in all or for each "
                        "point.",
                        reward=reward.description,
                    )
                )
            money = reward._get_money(to_decimal(reward.required_points))
            if money <= 0 or not fits_scale(money, reward.currency_id.decimal_places):
                raise ValidationError(
                    self.env._(
                        "The %(points)s points that “%(reward)s” takes are worth "
                        "%(money)s: that must be an amount that can be paid, to the "
                        "cent.",
                        points=reward._format_choice(reward.required_points),
                        reward=reward.description,
                        money=f"{money:f} {reward.currency_id.name}",
                    )
                )

    def write(self, vals):
        if "reward_type" in vals and not self.env.context.get(MODULE_UNINSTALL_FLAG):
            changed = self.filtered(lambda own: own.reward_type != vals["reward_type"])
            changed._check_unclaimed()
        return super().write(vals)

    def _check_unclaimed(self):
        if claimed := self._find_claimed():
            raise UserError(
                self.env._(
                    "“%(reward)s” was claimed: it stays what it is. Archive it and "
                    "make another one.",
                    reward=claimed[0].description,
                )
            )

    def _find_claimed(self):
        # sudo: claims keep their reward, whoever may see them.
        claims = self.env["loyalty.reward.claim"].sudo()
        return claims.search([("reward_id", "in", self.ids)], limit=1).reward_id

    def unlink(self):
        if len(self) == 1 and self._find_claimed():
            return self.action_archive()
        self._check_unclaimed()
        return super().unlink()

    @api.depends("reward_type")
    def _compute_description(self):
        kinds = self._get_claim_kinds()
        own = self.filtered(lambda reward: reward.reward_type in kinds)
        result = super(LoyaltyReward, self - own)._compute_description()
        labels = dict(self._fields["reward_type"]._description_selection(self.env))
        for reward in own:
            reward.description = labels[reward.reward_type]
        return result

    def _explain_claimed_ahead(self):
        """Return why an order does not take the reward."""
        return self.env._(
            "“%(reward)s” is claimed from the catalogue of rewards, not on an order.",
            reward=self.description,
        )

    # === What a claim takes and gives ===

    def _get_money(self, points):
        """Return the money that so many points are worth here, a Decimal, exact.

        :param Decimal points: of a reward with a fixed price any number: it gives the
            same
        """
        self.ensure_one()
        value = to_decimal(self.discount)
        return points * value if self._is_by_the_point() else value

    def _describe_least(self, card=None):
        """Return the points of which a claim takes at least so many, in words."""
        if not self.has_choice:
            return self._describe_price(card)
        least = float(self._get_choice_terms().minimum)
        return self.program_id._format_points(least)

    def _get_money_words(self, card=None):
        """Return the parts of the sentence that tells what a reward of money gives."""
        program = self.program_id
        return {
            "points": program._format_points(1),
            "amount": program._format_money(self.discount),
            "least": self._describe_least(card),
        }

    def _get_claim_range(self, card):
        """Return how many points the member may choose, a ``ChoiceRange``."""
        self.ensure_one()
        return get_range(self._get_choice_terms(), to_decimal(card.points), None)

    def _get_kind_refusal(self, card, points, wish):
        """Return why the kind of the reward cannot be had now, or None.

        Asks ``_get_refusal_<kind>(card, points, wish)`` where the kind has one.

        :param Decimal points: what the claim would take
        :param dict wish: what else was asked for, as a browser sent it
        """
        self.ensure_one()
        ask = getattr(self, f"_get_refusal_{self.reward_type}", None)
        return ask(card, points, wish) if ask else None
