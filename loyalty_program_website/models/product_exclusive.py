from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain


def _forbid(records, operation):
    """Return what ``_check_access`` returns of records that are forbidden."""
    if not records:
        return None
    error = partial(records.env["ir.rule"]._make_access_error, operation, records)
    return records, error


class ProductTemplate(models.Model):
    """Who visits the shop sees what is for everybody, for them, or locked."""

    _inherit = "product.template"

    is_shown_to_user = fields.Boolean(
        string="Shown to this user",
        compute="_compute_is_shown_to_user",
        search="_search_is_shown_to_user",
        compute_sudo=True,
    )

    @api.depends("has_audience", "audience_look", "open_to_all_from")
    @api.depends_context("uid")
    def _compute_is_shown_to_user(self):
        self.is_shown_to_user = True
        if self.env["website"]._sees_all_products():
            return
        hidden = self.filtered(
            lambda product: product.has_audience and product.audience_look == "hidden"
        )
        for product in hidden - hidden._filter_for(self._get_shop_customer()):
            product.is_shown_to_user = False

    def _search_is_shown_to_user(self, operator, value):
        if operator != "in":
            return NotImplemented
        shown = self._get_shown_domain("id")
        return shown if True in value else ~shown

    @api.model
    def _get_hidden_query(self):
        """Return the query of the products that this user is not to see, or None.

        It is not run here: it becomes a part of the query that asks.
        """
        if self.env["website"]._sees_all_products():
            return None
        domain = self._get_hidden_domain(self._get_shop_customer())
        return self._get_names()._search(domain)

    @api.model
    def _get_shop_customer(self):
        """Return the contact of whoever visits the shop, empty for a guest."""
        user = self.env.user
        # sudo: visitors may not read contacts; only the standing is asked of it.
        return self.env["res.partner"] if user._is_public() else user.sudo().partner_id

    # === What customers may read ===

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Override: what is hidden from a customer is found by no way at all."""
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & self._get_shown_domain("id")
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _get_shown_domain(self, name):
        """Return the domain of the records whose product this user is to see.

        :param str name: the field with the product, "id" of products themselves
        """
        hidden = self._get_hidden_query()
        return Domain.TRUE if hidden is None else Domain(name, "not in", hidden)

    def _check_access(self, operation):
        """Override: nor by its address, its picture or its documents."""
        if result := super()._check_access(operation):
            return result
        if self.env.su or not any(self._ids):
            return None
        # sudo: whether it is hidden is asked, nothing of it is shown.
        hidden = self.filtered(lambda product: not product.sudo().is_shown_to_user)
        return _forbid(hidden, operation)

    # === What the shop says ===

    def _get_exclusive_lock(self):
        """Return why this user may not buy the product, or False.

        :return: a sentence for the customer
        :rtype: str | bool
        """
        self.ensure_one()
        if self._is_for(self._get_shop_customer()):
            return False
        return self._explain_audience()

    def _get_exclusive_badge(self):
        """Return what stands on the product in the shop, or None for one of all.

        :return: dict with ``locked`` (whether this user may not buy it), ``text``
            (a few words) and ``link`` (the words of a link to the membership, or
            False)
        """
        self.ensure_one()
        if not self._is_limited():
            return None
        # sudo: names of tiers are public, segments are not told.
        names = ", ".join(
            self.sudo().audience_tier_ids.sorted("threshold").mapped("name")
        )
        locked = bool(self._get_exclusive_lock())
        if not names:
            text = self.env._("Not for everybody") if locked else self.env._("For you")
        elif locked:
            text = self.env._("Only for %(tiers)s", tiers=names)
        else:
            text = self.env._("For you: %(tiers)s", tiers=names)
        return {"locked": locked, "text": text, "link": names and self._get_way_in()}

    def _get_way_in(self):
        """Return the words of the link that leads to the membership."""
        if self._get_shop_customer():
            return self.env._("See how far you are")
        return self.env._("Sign in or join")

    def _get_combination_info(self, *args, **kwargs):
        """Override of ``website_sale``: the page and the tiles know of the lock."""
        info = super()._get_combination_info(*args, **kwargs)
        return info | {"exclusive_lock": self._get_exclusive_lock()}

    def _website_show_quick_add(self):
        return super()._website_show_quick_add() and not self._get_exclusive_lock()


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Override: variants are hidden with their product."""
        if not (self.env.su or bypass_access):
            shown = self.env["product.template"]._get_shown_domain("product_tmpl_id")
            domain = Domain(domain) & shown
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        if result := super()._check_access(operation):
            return result
        if self.env.su or not any(self._ids):
            return None
        # sudo: see above.
        hidden = self.filtered(lambda variant: not variant.sudo().is_shown_to_user)
        return _forbid(hidden, operation)

    def _website_show_quick_add(self):
        return (
            super()._website_show_quick_add()
            and not self.product_tmpl_id._get_exclusive_lock()
        )

    def _is_add_to_cart_allowed(self):
        """Override of ``website_sale``: administrators are customers like others."""
        return (
            super()._is_add_to_cart_allowed()
            and not self.product_tmpl_id._get_exclusive_lock()
        )
