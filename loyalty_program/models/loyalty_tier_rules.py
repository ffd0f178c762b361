from decimal import Decimal
from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.tier_path import TierLevel

#: What makes a tier higher or lower than another.
LADDER_FIELDS = {
    "keep_threshold",
    "keep_threshold_2",
    "program_id",
    "threshold",
    "threshold_2",
}


class LoyaltyTier(models.Model):
    _inherit = "loyalty.tier"

    keep_threshold = fields.Float(
        string="To stay",
        help="What keeps a member in the tier when a period ends.",
        digits=(16, 2),
        compute="_compute_keep",
        store=True,
        readonly=False,
    )
    threshold_2 = fields.Float(string="Second from", digits=(16, 2))
    keep_threshold_2 = fields.Float(
        string="Second to stay",
        digits=(16, 2),
        compute="_compute_keep_2",
        store=True,
        readonly=False,
    )
    metric_2 = fields.Selection(related="program_id.tier_metric_2")

    @api.depends("threshold")
    def _compute_keep(self):
        for tier in self:
            tier.keep_threshold = tier.threshold

    @api.depends("threshold_2")
    def _compute_keep_2(self):
        for tier in self:
            tier.keep_threshold_2 = tier.threshold_2

    def _get_level(self, two):
        """Return the tier as the engine sees it."""
        self.ensure_one()
        enter, keep = [self.threshold], [self.keep_threshold]
        if two:
            enter.append(self.threshold_2)
            keep.append(self.keep_threshold_2)
        return TierLevel(
            tier_id=self.id,
            enter=tuple(Decimal(repr(number)) for number in enter),
            keep=tuple(Decimal(repr(number)) for number in keep),
        )

    @api.model_create_multi
    def create(self, vals_list):
        tiers = super().create(vals_list)
        self.env.registry.clear_cache()
        tiers.program_id._recheck_tiers()
        return tiers

    def write(self, vals):
        result = super().write(vals)
        if LADDER_FIELDS & set(vals):
            self.env.registry.clear_cache()
            self.program_id._recheck_tiers()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.constrains(
        "threshold", "threshold_2", "keep_threshold", "keep_threshold_2", "program_id"
    )
    def _check_ladder(self):
        """Refuse a ladder on which a higher tier would be easier than a lower one."""
        for program in self.program_id:
            tiers = program.tier_ids.sorted("threshold")
            names = ["threshold", "keep_threshold"]
            if program.tier_metric_2:
                names += ["threshold_2", "keep_threshold_2"]
            for lower, higher in pairwise(tiers):
                lower._check_below(higher, names)
            for tier in tiers:
                tier._check_keep()

    def _check_below(self, higher, names):
        for name in names:
            if self[name] > higher[name]:
                raise ValidationError(
                    self.env._(
                        "“%(higher)s” starts above “%(lower)s”, so it cannot ask for "
                        "less: %(field)s is %(less)s, but %(more)s for “%(lower)s”.",
                        higher=higher.name,
                        lower=self.name,
                        field=self._fields[name]._description_string(self.env),
                        less=higher[name],
                        more=self[name],
                    )
                )

    def _check_keep(self):
        keeps_more = (
            self.keep_threshold > self.threshold
            or self.keep_threshold_2 > self.threshold_2
        )
        if keeps_more or min(self.keep_threshold, self.keep_threshold_2) < 0:
            raise ValidationError(
                self.env._(
                    "Staying in “%(name)s” cannot take more than reaching it, and "
                    "nothing below zero.",
                    name=self.name,
                )
            )


class LoyaltyTierChange(models.Model):
    _inherit = "loyalty.tier.change"

    cause = fields.Selection(
        selection_add=[
            ("manual", "By hand"),
            ("rules", "Held: rules changed"),
            ("paid", "Paid for"),
        ],
        ondelete={"manual": "cascade", "rules": "cascade", "paid": "cascade"},
    )
    metric_value_2 = fields.Float(digits=(16, 2), readonly=True)
    rule = fields.Char(
        help="What the tier took on that day: reaching it, or staying in it.",
        readonly=True,
    )
    until = fields.Date(
        string="Held until",
        help="A tier given by hand, or held when rules changed, ends with this day.",
        readonly=True,
    )
    is_locked = fields.Boolean(
        string="Locked",
        help="Nothing moves the tier before that day; otherwise it can rise.",
        readonly=True,
    )
    reason = fields.Char(readonly=True)
