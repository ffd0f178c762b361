from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang

from ..engine.choice import ChoiceTerms, find_fault
from ..engine.rounding import fits_scale, to_decimal

CHOICE_FIELDS = ("choice_minimum", "choice_step", "choice_maximum")


class LoyaltyReward(models.Model):
    """A reward of so much money per point: the member says how many points.

    Only in strict programmes. One that is recorded takes all points that fit, as Odoo
    does.
    """

    _inherit = "loyalty.reward"

    has_choice = fields.Boolean(
        string="The member chooses the points",
        compute="_compute_has_choice",
    )
    choice_minimum = fields.Float(
        string="Fewest points",
        help="0: as many as the reward needs.",
        digits=0,
    )
    choice_step = fields.Float(
        string="In steps of",
        help="0: as many as the reward needs.",
        digits=0,
    )
    choice_maximum = fields.Float(
        string="Most points",
        help="The most points that one order may take. 0: no limit.",
        digits=0,
    )

    @api.depends(
        "reward_type",
        "discount_mode",
        "clear_wallet",
        "program_id.is_managed",
        "program_id.ledger_policy",
    )
    def _compute_has_choice(self):
        for reward in self:
            # sudo: the policy of a programme is no secret, whoever sells.
            program = reward.program_id.sudo()
            reward.has_choice = (
                reward._is_by_the_point()
                and not reward.clear_wallet
                and program.is_managed
                and program.ledger_policy == "strict"
            )

    @api.constrains(*CHOICE_FIELDS, "required_points", "discount_mode", "program_id")
    def _check_choice(self):
        for reward in self.filtered("has_choice"):
            needed = to_decimal(reward.required_points)
            scale = reward.program_id.points_scale
            for name in CHOICE_FIELDS:
                points = to_decimal(reward[name])
                if points < 0 or not fits_scale(points, scale) or points % needed:
                    raise ValidationError(
                        self.env._(
                            "“%(field)s” of “%(reward)s” must be a multiple of the "
                            "%(needed)s points that the reward needs, with no more "
                            "decimals than the programme's points have.",
                            field=self._fields[name]._description_string(self.env),
                            reward=reward.description,
                            needed=reward._format_choice(needed),
                        )
                    )
            terms = reward._get_choice_terms()
            if terms.maximum is not None and terms.maximum < terms.minimum:
                raise ValidationError(
                    self.env._(
                        "“%(reward)s” cannot take fewer points at most than at least.",
                        reward=reward.description,
                    )
                )

    def _get_choice_terms(self):
        """Return what the reward says about the choice, as the engine's value."""
        self.ensure_one()
        needed = to_decimal(self.required_points)
        return ChoiceTerms(
            value=to_decimal(self.discount),
            minimum=to_decimal(self.choice_minimum) or needed,
            step=to_decimal(self.choice_step) or needed,
            maximum=to_decimal(self.choice_maximum) or None,
            scale=self.program_id.points_scale,
        )

    def _explain_choice(self, choices, wish):
        """Return what is wrong with a wish for points as a sentence, or None.

        :param ChoiceRange choices: what may be chosen
        :param wish: whatever a browser sent
        """
        if choices.is_empty:
            return self._explain_no_choice(choices)
        fault = find_fault(choices, wish)
        return fault and self._word_choice_fault(fault, choices, wish)

    def _word_choice_fault(self, fault, choices, wish):
        lowest = self._format_choice(choices.lowest)
        highest = self._format_choice(choices.highest)
        if fault == "number":
            return self.env._("“%(text)s” is no number of points.", text=str(wish)[:40])
        if fault == "decimals":
            return self.env._(
                "%(points)s has too many decimals for points.", points=str(wish)[:40]
            )
        if fault == "few":
            return self.env._(
                "“%(reward)s” takes at least %(lowest)s points.",
                reward=self.description,
                lowest=lowest,
            )
        if fault == "step":
            return self.env._(
                "“%(reward)s” takes points in steps of %(step)s, from %(lowest)s on.",
                reward=self.description,
                step=self._format_choice(choices.step),
                lowest=lowest,
            )
        return {
            "balance": self.env._(
                "Your points suffice for %(highest)s points here, no more.",
                highest=highest,
            ),
            "worth": self.env._(
                "This order takes %(highest)s points at most: more would be wasted.",
                highest=highest,
            ),
            "maximum": self.env._(
                "“%(reward)s” takes %(highest)s points at most.",
                reward=self.description,
                highest=highest,
            ),
        }[choices.limit]

    def _explain_no_choice(self, choices):
        """Return why not even the fewest points can be spent."""
        lowest = self._format_choice(choices.lowest)
        if choices.limit == "balance":
            return self.env._(
                "“%(reward)s” takes at least %(lowest)s points, there are not enough.",
                reward=self.description,
                lowest=lowest,
            )
        return self.env._(
            "“%(reward)s” takes at least %(lowest)s points, which this order is not "
            "worth.",
            reward=self.description,
            lowest=lowest,
        )

    def _format_choice(self, points):
        return formatLang(self.env, float(points), digits=self.program_id.points_scale)
