from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError


class LoyaltyTierBenefit(models.Model):
    """A price list of the tier, for trade: a percentage comes beside its prices.

    Unless the programme is for other price lists only: then the percentage is, too.
    """

    _inherit = "loyalty.tier.benefit"

    kind = fields.Selection(
        selection_add=[("pricelist", "Price list")],
        ondelete={"pricelist": "cascade"},
    )
    pricelist_id = fields.Many2one(
        comodel_name="product.pricelist",
        string="Price list",
        help="The price list of members of the tier, unless another one is chosen on "
        "the contact. An order's own is never changed. At a till and in a webshop it "
        "has to be available there.",
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.constrains("kind", "pricelist_id", "active")
    def _check_pricelist(self):
        for benefit in self.filtered(lambda b: b.kind == "pricelist"):
            company = benefit.pricelist_id.company_id
            if not benefit.pricelist_id:
                raise ValidationError(
                    self.env._(
                        "Choose the price list that “%(tier)s” gives.",
                        tier=benefit.tier_id.name,
                    )
                )
            if company and company != benefit.company_id:
                raise ValidationError(
                    self.env._(
                        "The price list “%(pricelist)s” belongs to another company "
                        "than “%(tier)s”.",
                        pricelist=benefit.pricelist_id.name,
                        tier=benefit.tier_id.name,
                    )
                )

    @api.depends("pricelist_id")
    def _compute_description(self):
        return super()._compute_description()

    def _describe(self):
        if self.kind != "pricelist":
            return super()._describe()
        # sudo: a member is told the name of the price list that is theirs.
        name = self.sudo().pricelist_id.name
        return self.env._("Prices of the list “%(name)s”.", name=name)

    def _get_single_kinds(self):
        return super()._get_single_kinds() | {"pricelist"}

    @api.model_create_multi
    def create(self, vals_list):
        benefits = super().create(vals_list)
        if benefits.filtered("pricelist_id"):
            benefits._forget_pricelists()
        return benefits

    def write(self, vals):
        result = super().write(vals)
        if {"kind", "pricelist_id", "active", "tier_id"} & vals.keys():
            self._forget_pricelists()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_pricelists()
        return result

    def _forget_pricelists(self):
        self.env.registry.clear_cache()
        self.env["res.partner"].invalidate_model(
            ["property_product_pricelist"], flush=False
        )

    @api.model
    @tools.ormcache()
    def _get_tier_pricelists(self):
        """Return {tier id: price list id}, of the highest tier first.

        Whoever asks for the price list of a customer asks this, too: a shop without
        such a benefit pays nothing for it.
        """
        self.flush_model(["kind", "pricelist_id", "active", "tier_id"])
        # sudo: which tier has which price list is asked for any customer. Nor does it
        # matter who looks at archived records as well.
        benefits = self.sudo().with_context(active_test=True)
        benefits = benefits.search([("kind", "=", "pricelist")])
        ranked = benefits.sorted(lambda b: b.tier_id.threshold, reverse=True)
        return {benefit.tier_id.id: benefit.pricelist_id.id for benefit in ranked}


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    @api.model
    def _get_partner_pricelist_multi(self, partner_ids):
        """Override: a member has the price list of the tier.

        One that is chosen on the contact stays, and so does the one of an order.
        """
        result = super()._get_partner_pricelist_multi(partner_ids)
        by_tier = self.env["loyalty.tier.benefit"]._get_tier_pricelists()
        feature = "product.group_product_pricelist"
        if not by_tier or not self.env["res.groups"]._is_feature_enabled(feature):
            return result
        # sudo: read to decide which prices a customer has, not to show.
        partners = self.env["res.partner"].sudo().browse(partner_ids)
        for partner in partners.filtered("loyalty_tier_ids"):
            own = partner.specific_property_product_pricelist
            pricelist = self._get_pricelist_of_tiers(by_tier, partner.loyalty_tier_ids)
            if pricelist and not own._get_partner_pricelist_multi_filter_hook():
                result[partner.id] = pricelist
        return result

    @api.model
    def _get_pricelist_of_tiers(self, by_tier, tiers):
        """Return the price list of the highest of the tiers that has one here."""
        # sudo: see above; another company's price list is left out below.
        pricelists = self.sudo().browse(
            [pricelist for tier, pricelist in by_tier.items() if tier in tiers.ids]
        )
        usable = pricelists.filtered(
            lambda p: p.company_id.id in (False, self.env.company.id)
        )
        return usable._get_partner_pricelist_multi_filter_hook()[:1].with_env(self.env)


class LoyaltyTier(models.Model):
    _inherit = "loyalty.tier"

    def write(self, vals):
        result = super().write(vals)
        if "threshold" in vals:
            self.env.registry.clear_cache()
        return result
