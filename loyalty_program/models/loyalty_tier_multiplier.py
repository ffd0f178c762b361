from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.bonus import BONUS, bonus_of, combine
from ..engine.shares import to_text
from ..engine.values import ZERO

#: Largest multiplier that a tier may have.
MAX_FACTOR = 100


def as_bonus(posting, bonus):
    """Return the posting of the ``Earned`` bonus that goes with an earning."""
    return replace(
        posting,
        entry_type="bonus",
        points=bonus.points,
        key=posting.key + BONUS,
        base_amount=ZERO,
        counts_for_tier=False,
        breakdown=bonus.breakdown,
    )


class LoyaltyTierBenefit(models.Model):
    """More points for every purchase; the surplus is a bonus entry of its own."""

    _inherit = "loyalty.tier.benefit"

    kind = fields.Selection(
        selection_add=[("multiplier", "More points")],
        ondelete={"multiplier": "cascade"},
    )
    factor = fields.Float(
        string="Points times",
        help="Purchases earn so many times the points. What comes on top is a bonus "
        "that does not count for the tier.",
        digits=(6, 2),
        default=1.5,
    )

    def _get_single_kinds(self):
        return super()._get_single_kinds() | {"multiplier"}

    @api.constrains("kind", "factor")
    def _check_factor(self):
        for benefit in self.filtered(lambda b: b.kind == "multiplier"):
            if not 1 < benefit.factor <= MAX_FACTOR:
                raise ValidationError(
                    self.env._(
                        "Points are multiplied by more than 1 and at most %(most)s.",
                        most=MAX_FACTOR,
                    )
                )

    @api.depends("factor")
    def _compute_description(self):
        return super()._compute_description()

    def _describe(self):
        if self.kind != "multiplier":
            return super()._describe()
        return self.env._(
            "%(factor)s times the points for every purchase.",
            factor=self.program_id._format_count(self.factor),
        )


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    earn_factor = fields.Float(
        string="Points times",
        help="What a purchase of today is multiplied with.",
        compute="_compute_earn_factor",
        digits=0,
    )

    def _compute_earn_factor(self):
        for card in self:
            card.earn_factor = float(combine(card._get_earn_factors()))

    def _get_earn_factors(self, day=None):
        """Return what multiplies the points of a purchase, JSON-ready.

        Override to: add the factor of something else than the tier; all multiply.

        :param date day: of the purchase, None for now; a day before the tier was
            reached has the multiplier of the tier held then
        :return: list of {"factor": digits, "name": whose it is, "tier_id"}
        """
        self.ensure_one()
        program = self.program_id
        if program.ledger_policy != "strict":
            return []
        benefits = self._get_benefits_on("multiplier", day)
        return [
            {
                "factor": to_text(Decimal(repr(benefit.factor))),
                "name": benefit.tier_id.name,
                "tier_id": benefit.tier_id.id,
            }
            for benefit in benefits
        ]

    def _get_benefits_on(self, kind, day=None):
        """Return the benefits of one kind that the member had on ``day``.

        :param date day: None for now; before joining there were none
        """
        if not day or not self.tier_since or day >= self.tier_since:
            return self._get_benefits(kind)
        if self.joined_on and day < self.joined_on:
            return self.env["loyalty.tier.benefit"]
        # sudo: what the tier gives decides, whoever serves the member.
        card = self.sudo()
        later = card.tier_change_ids.search(
            [("card_id", "=", self.id), ("changed_on", ">", day)],
            order="changed_on, id",
            limit=1,
        )
        tier = later.from_tier_id if later else card.tier_id
        return tier.benefit_ids.filtered(lambda benefit: benefit.kind == kind)


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    def _evaluate_bonus(self, basket, base, factors):
        """Return what the factors add to ``base``, or None where nothing multiplies.

        :param Basket basket: of which ``base`` is the worth without factors
        :param factors: see ``loyalty.card._get_earn_factors``
        :rtype: Earned | None
        """
        factor = combine(factors)
        if factor == 1:
            return None
        return bonus_of(self._evaluate(basket, factor), base, factors)
