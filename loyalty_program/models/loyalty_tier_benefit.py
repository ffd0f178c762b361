from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from .res_partner_audience import ENTITLED_STATES


class LoyaltyTierBenefit(models.Model):
    """What a tier gives, in one row that tells the customer in plain words.

    A kind of benefit is a value of ``kind`` with its own fields, in a file of its own:
    it extends the selection, ``_describe`` and, where one tier can have only one of
    it, ``_get_single_kinds``. A tier gives what it lists; nothing is inherited from
    the tiers below.
    """

    _name = "loyalty.tier.benefit"
    _description = "Tier Benefit"
    _order = "tier_id, sequence, id"

    tier_id = fields.Many2one(
        comodel_name="loyalty.tier",
        required=True,
        index=True,
        ondelete="cascade",
    )
    program_id = fields.Many2one(related="tier_id.program_id", store=True)
    company_id = fields.Many2one(related="tier_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        selection=[("words", "In your own words")],
        string="Benefit",
        default="words",
        required=True,
    )
    note = fields.Char(
        string="Your words",
        help="What the customer reads instead of the sentence that we would write.",
        translate=True,
    )
    description = fields.Char(
        string="The customer reads",
        compute="_compute_description",
    )

    @api.depends("kind", "note")
    @api.depends_context("lang")
    def _compute_description(self):
        for benefit in self:
            benefit.description = benefit.note or benefit._describe()

    def _compute_display_name(self):
        for benefit in self:
            benefit.display_name = benefit.description or ""

    def _describe(self):
        """Return the sentence that tells a customer what this gives, or False.

        Override to: add the sentence of another kind.
        """
        self.ensure_one()
        return False

    @api.model_create_multi
    def create(self, vals_list):
        benefits = super().create(vals_list)
        self.env.registry.clear_cache()
        return benefits

    def write(self, vals):
        result = super().write(vals)
        if {"active", "kind"} & set(vals):
            self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache()
    def _get_given_kinds(self):
        """Return the kinds of which there are any: what nobody gives costs nothing."""
        # sudo: one fact for all users.
        rows = self.sudo()._read_group([], ["kind"])
        return frozenset(kind for (kind,) in rows)

    def _get_single_kinds(self):
        """Return the kinds of which a tier has one at most."""
        return set()

    @api.constrains("kind", "tier_id", "active")
    def _check_single(self):
        single = self._get_single_kinds()
        for benefit in self.filtered(lambda b: b.active and b.kind in single):
            double = benefit.tier_id.benefit_ids - benefit
            if benefit.kind in double.mapped("kind"):
                kinds = dict(self._fields["kind"]._description_selection(self.env))
                raise ValidationError(
                    self.env._(
                        "“%(tier)s” has this benefit already, change that one: "
                        "%(kind)s.",
                        tier=benefit.tier_id.name,
                        kind=kinds[benefit.kind],
                    )
                )

    @api.constrains("kind", "note")
    def _check_says_something(self):
        for benefit in self.filtered(lambda b: b.kind == "words" and not b.note):
            raise ValidationError(
                self.env._(
                    "Say in your own words what “%(tier)s” gives.",
                    tier=benefit.tier_id.name,
                )
            )


class LoyaltyTier(models.Model):
    _inherit = "loyalty.tier"

    benefit_ids = fields.One2many(
        comodel_name="loyalty.tier.benefit",
        inverse_name="tier_id",
        string="Benefits",
        copy=True,
    )
    benefit_words = fields.Text(
        string="What it gives",
        compute="_compute_benefit_words",
    )

    @api.depends("benefit_ids.description")
    @api.depends_context("lang")
    def _compute_benefit_words(self):
        for tier in self:
            tier.benefit_words = "\n".join(tier._list_benefits())

    def _list_benefits(self):
        """Return the sentences that tell a customer what this tier gives."""
        return [text for text in self.benefit_ids.mapped("description") if text]


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _get_benefits(self, kind):
        """Return the benefits of one kind that the member has now.

        Nobody but a member has any; who is frozen waits.
        """
        if kind not in self.env["loyalty.tier.benefit"]._get_given_kinds():
            return self.env["loyalty.tier.benefit"]
        # sudo: what the tier gives decides, whoever serves the member.
        card = self.sudo()
        entitled = card.filtered(lambda card: card.member_state in ENTITLED_STATES)
        return entitled.tier_id.benefit_ids.filtered(lambda b: b.kind == kind)
