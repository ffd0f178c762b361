from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..engine.audience import Audience, admits

#: What says who may.
AUDIENCE_FIELDS = {"audience_tier_ids", "audience_segment_ids"}


class LoyaltyAudienceMixin(models.AbstractModel):
    """Who may: tiers and/or segments. Nobody named: everybody may, guests too.

    ``engine.audience`` decides, in the till its JavaScript twin.
    """

    _name = "loyalty.audience.mixin"
    _description = "Loyalty Audience"

    audience_tier_ids = fields.Many2many(
        comodel_name="loyalty.tier",
        string="Only for tiers",
        # What was for Gold must not be for everybody once there is no Gold.
        ondelete="restrict",
        help="Members who hold one of these tiers. Empty: the tier does not matter.",
    )
    audience_segment_ids = fields.Many2many(
        comodel_name="loyalty.segment",
        string="Only for segments",
        ondelete="restrict",
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
    audience_terms = fields.Json(
        string="Audience as the till reads it",
        compute="_compute_audience_terms",
        compute_sudo=True,
    )

    @api.depends("audience_tier_ids", "audience_segment_ids")
    def _compute_has_audience(self):
        for record in self:
            names = record._get_names()
            record.has_audience = bool(
                names.audience_tier_ids or names.audience_segment_ids
            )

    @api.depends("audience_tier_ids", "audience_segment_ids", "audience_join")
    def _compute_audience_terms(self):
        for record in self:
            names = record._get_names()
            tiers, segments = names.audience_tier_ids, names.audience_segment_ids
            record.audience_terms = (tiers or segments) and {
                "tiers": tiers.ids,
                "segments": segments.ids,
                "both": record.audience_join == "all",
            }

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if any(AUDIENCE_FIELDS & vals.keys() for vals in vals_list):
            self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        if AUDIENCE_FIELDS & vals.keys():
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        named = self.filtered("has_audience")
        result = super().unlink()
        if named:
            self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache()
    def _get_restricted_ids(self):
        """Return the ids of the records, archived ones too, that are not for everybody.

        They are few, and every order asks for them: a shop without any pays nothing.
        """
        self.flush_model(["audience_tier_ids", "audience_segment_ids"])
        # sudo: whether something is for some only is no secret.
        records = self.sudo().with_context(active_test=False)
        named = Domain("audience_tier_ids", "!=", False) | Domain(
            "audience_segment_ids", "!=", False
        )
        return tuple(records.search(named).ids)

    @api.model
    def _get_closed_ids(self, partner):
        """Return the ids of the records whose audience ``partner`` is not in."""
        restricted = self.browse(self._get_restricted_ids())
        return (restricted - restricted._filter_for(partner)).ids

    def _get_names(self):
        """Return the record so that it tells all whom it names.

        An archived segment has no customers, but it still keeps others out.
        """
        # sudo: read to decide, not to show.
        return self.sudo().with_context(active_test=False)

    def _list_strangers(self):
        """Return the names of tiers and segments of another company than the record."""
        self.ensure_one()
        names = self._get_names()
        return [
            record.display_name
            for record in [*names.audience_tier_ids, *names.audience_segment_ids]
            if record.company_id and record.company_id != self.company_id
        ]

    def _get_audience(self):
        """Return the audience as the engine's frozen value."""
        self.ensure_one()
        record = self._get_names()
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

    @api.model
    def _find_audiences_of(self, name, records):
        """Return one record whose audience names one of ``records``, or None.

        :param str name: the field that would name them
        """
        for model in sorted(
            self.env.registry["loyalty.audience.mixin"]._inherit_children
        ):
            if self.env[model]._abstract:
                continue
            # sudo: what is for them is kept, whoever may see it.
            found = self.env[model].sudo().with_context(active_test=False)
            if found := found.search([(name, "in", records.ids)], limit=1):
                return found
        return None

    @api.model
    def _check_unnamed(self, name, records):
        """Refuse to delete what an audience names: it would be for everybody then."""
        if found := self._find_audiences_of(name, records):
            raise UserError(
                self.env._(
                    "“%(name)s” is only for some customers. Say first whom it is for "
                    "from now on, then delete this.",
                    name=found.display_name,
                )
            )
