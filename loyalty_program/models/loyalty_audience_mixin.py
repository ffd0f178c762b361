from odoo import api, fields, models

from ..engine.audience import Audience, admits


class LoyaltyAudienceMixin(models.AbstractModel):
    """Who may: tiers and/or segments. Nobody named: everybody may, guests too.

    ``engine.audience`` decides, in the till its JavaScript twin.
    """

    _name = "loyalty.audience.mixin"
    _description = "Loyalty Audience"

    audience_tier_ids = fields.Many2many(
        comodel_name="loyalty.tier",
        string="Only for tiers",
        help="Members who hold one of these tiers. Empty: the tier does not matter.",
    )
    audience_segment_ids = fields.Many2many(
        comodel_name="loyalty.segment",
        string="Only for segments",
        help="Customers of one of these segments. Empty: segments do not matter.",
    )
    audience_join = fields.Selection(
        selection=[
            ("any", "One of the tiers or segments"),
            ("all", "A tier and a segment"),
        ],
        string="It takes",
        default="any",
        required=True,
    )
    has_audience = fields.Boolean(
        string="For some customers only",
        compute="_compute_has_audience",
    )

    @api.depends("audience_tier_ids", "audience_segment_ids")
    def _compute_has_audience(self):
        for record in self:
            # sudo: whether it is for some only is no secret; who they are is.
            names = record.sudo()
            record.has_audience = bool(
                names.audience_tier_ids or names.audience_segment_ids
            )

    def _get_audience(self):
        """Return the audience as the engine's frozen value."""
        self.ensure_one()
        # sudo: read to decide, not to show.
        record = self.sudo()
        return Audience(
            tier_ids=frozenset(record.audience_tier_ids.ids),
            segment_ids=frozenset(record.audience_segment_ids.ids),
            both=record.audience_join == "all",
        )

    def _is_for(self, partner):
        """Tell whether ``partner`` belongs to the audience of this record.

        :param partner: a ``res.partner``; an empty one is a guest
        """
        self.ensure_one()
        return self == self._filter_for(partner)

    def _filter_for(self, partner):
        """Return the records whose audience ``partner`` belongs to."""
        restricted = self.filtered("has_audience")
        if not restricted:
            return self
        tiers, segments = partner._get_loyalty_standing()
        return self.filtered(
            lambda record: (
                record not in restricted
                or admits(record._get_audience(), tiers, segments)
            )
        )

    def _explain_audience(self):
        """Return a sentence for somebody who is not in the audience."""
        self.ensure_one()
        # sudo: names of tiers are public, those of segments are not told.
        tiers = self.sudo().audience_tier_ids.sorted("threshold")
        if not tiers:
            return self.env._(
                "“%(name)s” is not for everybody.", name=self.display_name
            )
        return self.env._(
            "“%(name)s” is only for these tiers: %(tiers)s.",
            name=self.display_name,
            tiers=", ".join(tiers.mapped("name")),
        )
