from odoo import api, fields, models
from odoo.exceptions import UserError

from .loyalty_card import CURRENT_STATES


class LoyaltyTier(models.Model):
    """A level of a programme, reached from a threshold on."""

    _name = "loyalty.tier"
    _description = "Loyalty Tier"
    _order = "program_id, threshold, id"

    name = fields.Char(required=True, translate=True)
    program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Programme",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True)
    threshold = fields.Float(
        help="Money spent or points earned within the programme's window.",
        digits=(16, 2),
        required=True,
    )
    color = fields.Integer(string="Colour")
    note = fields.Char(
        string="For the customer",
        help="One sentence that the customer reads beside the tier.",
        translate=True,
    )
    member_count = fields.Integer(string="Members", compute="_compute_member_count")

    _threshold_unique = models.Constraint(
        "UNIQUE (program_id, threshold)",
        "Two tiers of one programme cannot start at the same threshold.",
    )
    _threshold_positive = models.Constraint(
        "CHECK (threshold >= 0)",
        "A tier's threshold cannot be negative.",
    )

    def _compute_member_count(self):
        counts = dict(
            self.env["loyalty.card"]._read_group(
                [("tier_id", "in", self.ids), ("member_state", "in", CURRENT_STATES)],
                ["tier_id"],
                ["__count"],
            )
        )
        for tier in self:
            tier.member_count = counts.get(tier, 0)

    def write(self, vals):
        moving = self.filtered(
            lambda tier: vals.get("program_id") not in (None, tier.program_id.id)
        )
        if moving and moving._has_members():
            raise UserError(
                self.env._("A tier that has members stays with its programme.")
            )
        return super().write(vals)

    def _has_members(self):
        # sudo: members of another company count as well.
        cards = self.env["loyalty.card"].sudo()
        return bool(cards.search_count([("tier_id", "in", self.ids)], limit=1))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_members(self):
        if self._has_members():
            raise UserError(
                self.env._(
                    "This tier has members. Raise its threshold and let the programme "
                    "move them first."
                )
            )


class LoyaltyTierChange(models.Model):
    """One move of a member between tiers, with its cause."""

    _name = "loyalty.tier.change"
    _description = "Loyalty Tier Change"
    _order = "id desc"

    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="card_id.company_id")
    from_tier_id = fields.Many2one(
        comodel_name="loyalty.tier", readonly=True, ondelete="cascade"
    )
    to_tier_id = fields.Many2one(
        comodel_name="loyalty.tier", readonly=True, ondelete="cascade"
    )
    cause = fields.Selection(
        selection=[("joined", "Joined"), ("up", "Reached"), ("down", "Not kept")],
        required=True,
        readonly=True,
    )
    metric_value = fields.Float(digits=(16, 2), readonly=True)
    changed_on = fields.Date(required=True, readonly=True)
