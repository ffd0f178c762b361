from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_datetime
from odoo.tools.sql import column_exists, create_column

#: What says for whom a product is.
AUDIENCE_FIELDS = {
    "audience_tier_ids",
    "audience_segment_ids",
    "audience_join",
    "audience_look",
    "open_to_all_from",
}


class ProductTemplate(models.Model):
    """A product that only some customers may buy, for ever or for a while."""

    _name = "product.template"
    _inherit = ["product.template", "loyalty.audience.mixin"]

    audience_tier_ids = fields.Many2many(copy=False, groups="base.group_user")
    audience_segment_ids = fields.Many2many(
        copy=False, groups="loyalty_program.group_loyalty_user"
    )
    audience_look = fields.Selection(
        selection=[
            ("locked", "See it, with a lock and the reason"),
            ("hidden", "Do not see it"),
        ],
        string="Others in the shop",
        default="locked",
        required=True,
    )
    open_to_all_from = fields.Datetime(
        string="For everybody from",
        help="Early access: until this moment only the customers above may buy it. "
        "Empty: it stays theirs.",
        copy=False,
    )
    has_audience = fields.Boolean(store=True)
    audience_words = fields.Char(
        string="Exclusive",
        compute="_compute_audience_words",
        groups="base.group_user",
    )

    _hidden_idx = models.Index("(id) WHERE has_audience AND audience_look = 'hidden'")

    def _auto_init(self):
        """Spare a shop of a million products the computing of what nobody set."""
        if not column_exists(self.env.cr, self._table, "has_audience"):
            create_column(self.env.cr, self._table, "has_audience", "boolean")
        return super()._auto_init()

    @api.depends(
        "audience_tier_ids.name", "audience_segment_ids", "open_to_all_from", "name"
    )
    @api.depends_context("lang", "tz")
    def _compute_audience_words(self):
        for product in self:
            exclusive = product._is_limited()
            product.audience_words = exclusive and product._explain_audience()

    @api.constrains("open_to_all_from", "audience_tier_ids", "audience_segment_ids")
    def _check_early_access(self):
        for product in self:
            if product.open_to_all_from and not product.has_audience:
                raise ValidationError(
                    self.env._(
                        "Say which tiers or segments have “%(product)s” early, or "
                        "empty the day from which it is for everybody.",
                        product=product.name,
                    )
                )

    @api.constrains("audience_tier_ids", "audience_segment_ids", "company_id")
    def _check_audience_company(self):
        for product in self.filtered("company_id"):
            if strangers := product._list_strangers():
                raise ValidationError(
                    self.env._(
                        "“%(product)s” is sold by %(company)s alone, these belong to "
                        "another company: %(names)s.",
                        product=product.name,
                        company=product.company_id.name,
                        names=", ".join(strangers),
                    )
                )

    # === Who may change it ===

    @api.model_create_multi
    def create(self, vals_list):
        products = super().create(vals_list)
        if products.filtered("has_audience"):
            products._check_may_limit()
        return products

    def write(self, vals):
        if AUDIENCE_FIELDS & vals.keys():
            self._check_may_limit()
        return super().write(vals)

    def copy(self, default=None):
        """A copy is for the same customers, whoever copies."""
        if AUDIENCE_FIELDS & (default or {}).keys():
            self._check_may_limit()
        copies = super().copy(default)
        kept = AUDIENCE_FIELDS - (default or {}).keys()
        # sudo: who copies may not read the segments, let alone change them.
        for product, copy in zip(self._get_names(), copies.sudo(), strict=True):
            copy.write({name: product[name] for name in kept})
        return copies

    def _check_may_limit(self):
        """Refuse whoever is no loyalty manager.

        :raise AccessError: it would open what members were promised for themselves
        """
        if self.env.su:
            return
        if not self.env.user.has_group("loyalty_program.group_loyalty_manager"):
            raise AccessError(
                self.env._("Only a loyalty manager says for whom a product is.")
            )

    # === Who may buy it ===

    def _is_limited(self):
        """Tell whether only some may buy the product at this moment."""
        self.ensure_one()
        opened = self.open_to_all_from
        return self.has_audience and not (opened and opened <= fields.Datetime.now())

    def _filter_for(self, partner):
        """Override of the mixin: after its day a product is for everybody."""
        limited = self.filtered(lambda product: product._is_limited())
        if not limited:
            return self
        # Asked one by one in a page, they are read together all the same.
        limited = limited.with_prefetch(self._prefetch_ids)
        return self - (limited - super(ProductTemplate, limited)._filter_for(partner))

    def _get_closed_domain(self, partner):
        """Return the domain of the products that ``partner`` may not buy now.

        Search it with ``_get_names()``. It is one subquery, however many there are.

        :param partner: a ``res.partner``; an empty one is a guest
        """
        return Domain.AND(
            [
                Domain("has_audience", "=", True),
                Domain("open_to_all_from", "=", False)
                | Domain("open_to_all_from", ">", fields.Datetime.now()),
                ~self._get_admitting_domain(*partner._get_loyalty_standing()),
            ]
        )

    def _get_hidden_domain(self, partner):
        """Return the domain of the products that ``partner`` is not to see."""
        look = Domain("audience_look", "=", "hidden")
        return look & self._get_closed_domain(partner)

    def _explain_audience(self):
        """Override of the mixin: also say from when on it is for everybody."""
        reason = super()._explain_audience()
        if not self.open_to_all_from:
            return reason
        return self.env._(
            "%(reason)s Everybody may buy it from %(moment)s on.",
            reason=reason,
            moment=self._format_opening(),
        )

    def _format_opening(self):
        """Return the moment from which it is for everybody, on the company's clock."""
        self.ensure_one()
        company = self.company_id or self.env.company
        # sudo: the time zone of the company is no secret of its contact.
        zone = company.sudo().partner_id.tz or "UTC"
        moment = format_datetime(
            self.env, self.open_to_all_from, tz=zone, dt_format="d MMMM y, HH:mm"
        )
        return self.env._("%(moment)s (%(zone)s)", moment=moment, zone=zone)
