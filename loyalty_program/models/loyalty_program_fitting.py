from decimal import Decimal

from odoo import api, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.promotion_index import PromotionIndex, RuleTerms

#: The order whose promotions are looked up, on the cursor.
ASKING = "loyalty_program.asking_order"

#: What the index follows from, beside the rules themselves.
INDEXED = {
    "active",
    "applies_on",
    "company_id",
    "currency_id",
    "program_type",
    "trigger",
}


class LoyaltyProgram(models.Model):
    """Of many promotions only those are asked that an order could fulfil.

    Odoo asks every active promotion, with every change of every cart.
    """

    _inherit = "loyalty.program"

    @api.model
    @api.readonly
    def search(self, domain, offset=0, limit=None, order=None):
        """Override: leave out what the order that is asking cannot fulfil.

        Of the searches that go on meanwhile it concerns one: the one for promotions
        that apply by themselves and are not on the order yet.
        """
        found = super().search(domain, offset=offset, limit=limit, order=order)
        asking = self.env.cr.cache.get(ASKING)
        if not found or asking is None or not self._is_for_automatic(domain):
            return found
        fitting = asking._get_fitting_program_ids(found)
        return self.browse(each for each in found.ids if each in fitting)

    @api.model
    def _is_for_automatic(self, domain):
        """Tell whether it is the search of which the index holds all that is found."""
        return self.env.context.get("active_test", True) and any(
            condition.field_expr == "rule_ids.mode" and condition.value == "auto"
            for condition in Domain(domain).iter_conditions()
        )

    @api.model
    @tools.ormcache()
    def _get_promotion_index(self):
        """Return the index of what automatic programmes of all companies ask for.

        Remembered as the facts of the rules are: one answer for all users, with what
        they read of it left to the moment of asking.

        :rtype: PromotionIndex
        """
        # sudo: read to compute, not to show.
        programs = self.sudo().with_context(active_test=True)
        programs = programs.search([("trigger", "=", "auto")])
        always = programs.filtered("is_nominative")
        rules = (programs - always).rule_ids
        named = rules._get_named_products()
        terms = [_read_terms(rule, named.get(rule.id, ())) for rule in rules]
        return PromotionIndex(terms, always.ids)

    def write(self, vals):
        result = super().write(vals)
        if INDEXED & vals.keys():
            self.env.registry.clear_cache()
        return result


def _read_terms(rule, product_ids):
    """Return the terms of a rule that names these products."""
    is_filtered = rule.product_domain and rule.product_domain != "[]"
    return RuleTerms(
        rule_id=rule.id,
        program_id=rule.program_id.id,
        product_ids=frozenset(product_ids),
        category_id=rule.product_category_id.id or None,
        tag_id=rule.product_tag_id.id or None,
        product_filter=rule.product_domain if is_filtered else None,
        quantity=rule.minimum_qty,
        minimum=(
            Decimal(repr(rule.minimum_amount)),
            rule.currency_id.id,
            rule.company_id.id or None,
        ),
        untaxed=rule.minimum_amount_tax_mode == "excl",
        needs_code=rule.mode == "with_code",
    )


class LoyaltyRule(models.Model):
    _inherit = "loyalty.rule"

    def _get_named_products(self):
        """Return {rule id: ids of the products that it names}, archived ones too.

        What the field itself reads stays in the transaction, for users as well who
        would see less of it.
        """
        # SQL: the relation as it is, for nobody in particular.
        query = """SELECT %(rule)s, array_agg(%(product)s) FROM %(relation)s
            WHERE %(rule)s = ANY(%(ids)s) GROUP BY %(rule)s"""
        return dict(self.env.execute_query(self._relate_products(query, ids=self.ids)))

    @api.model
    def _get_unseen(self, rule_ids):
        """Return those of the rules of whose products the user sees none.

        For such a rule Odoo counts every product: so it reads archived products, and
        those of other companies.
        """
        # SQL: one look at the relation, instead of reading it rule by rule.
        query = """SELECT DISTINCT %(rule)s FROM %(relation)s
            WHERE %(product)s IN %(seen)s"""
        seen = self.env["product.product"]._search([]).subselect()
        rows = self.env.execute_query(self._relate_products(query, seen=seen))
        return rule_ids.difference(row[0] for row in rows)

    def _relate_products(self, query, **values):
        """Return a query of which rule names which product."""
        field = self._fields["product_ids"]
        return SQL(
            query,
            rule=SQL.identifier(field.column1),
            product=SQL.identifier(field.column2),
            relation=SQL.identifier(field.relation),
            **values,
        )


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        if "currency_id" in vals:
            # The programmes' currency follows without a write of theirs.
            self.env.registry.clear_cache()
        return result


class ProductCategory(models.Model):
    _inherit = "product.category"

    def unlink(self):
        result = super().unlink()
        # The database takes it out of rules.
        self.env.registry.clear_cache()
        return result


class ProductTag(models.Model):
    _inherit = "product.tag"

    def unlink(self):
        result = super().unlink()
        # See above.
        self.env.registry.clear_cache()
        return result
