from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..engine import care
from .product_membership import LONGEST

#: Most claims of one plan, and the longest time to buy it (days).
MOST_CLAIMS = 99
LONGEST_WAIT = 3650


class ProductTemplate(models.Model):
    """A product that is a care plan: so many claims in so many months."""

    _inherit = "product.template"

    is_care_plan = fields.Boolean(
        string="Is a care plan",
        help="Whoever buys it has an item covered, from the payment on.",
    )
    care_months = fields.Integer(string="Covers for (months)", default=12)
    care_claims = fields.Integer(string="Claims included", default=2)
    care_fee = fields.Float(
        string="Fee for each claim",
        help="Before taxes. It is ordered when a claim is accepted.",
        digits="Product Price",
    )
    care_buy_days = fields.Integer(
        string="Sold until (days after delivery)",
        help="0: on the day of the delivery at the latest.",
        default=30,
    )
    care_reminder_days = fields.Integer(
        string="Reminder of the end (days before)",
        help="0: no mail.",
        default=30,
    )
    care_product_tmpl_ids = fields.Many2many(
        comodel_name="product.template",
        relation="product_care_product_rel",
        column1="plan_id",
        column2="product_id",
        string="Covers the products",
        domain="[('is_care_plan', '=', False)]",
    )
    care_category_ids = fields.Many2many(
        comodel_name="product.category",
        relation="product_care_category_rel",
        column1="plan_id",
        column2="category_id",
        string="Covers goods of the categories",
    )
    care_terms = fields.Json(
        help="What it covers, for a till: ids of products and of all their categories.",
        compute="_compute_care_terms",
    )

    _care_sane = models.Constraint(
        "CHECK (is_care_plan IS NOT TRUE OR "
        f"(care_months BETWEEN 1 AND {LONGEST} "
        f"AND care_claims BETWEEN 1 AND {MOST_CLAIMS} "
        f"AND care_buy_days BETWEEN 0 AND {LONGEST_WAIT} "
        "AND care_reminder_days BETWEEN 0 AND 366 AND care_fee >= 0))",
        f"A care plan lasts 1 to {LONGEST} months, has 1 to {MOST_CLAIMS} claims with "
        f"a fee of 0 or more, is sold for up to {LONGEST_WAIT} days and reminds up to "
        "366 days before its end.",
    )
    _care_or_membership = models.Constraint(
        "CHECK (is_care_plan IS NOT TRUE OR loyalty_tier_id IS NULL)",
        "A product is a care plan or a membership, not both.",
    )

    @api.constrains(
        "is_care_plan", "type", "care_product_tmpl_ids", "care_category_ids"
    )
    def _check_care_plan(self):
        for product in self.filtered("is_care_plan"):
            if product.type != "service":
                raise ValidationError(
                    self.env._("A care plan is a service, it cannot be stored.")
                )
            if product.care_product_tmpl_ids.filtered("is_care_plan"):
                raise ValidationError(
                    self.env._("A care plan cannot cover another care plan.")
                )
            if not (product.care_product_tmpl_ids or product.care_category_ids):
                raise ValidationError(
                    self.env._(
                        "Say which products or categories the care plan “%(name)s” "
                        "covers.",
                        name=product.name,
                    )
                )

    def _is_care_for(self, product):
        """Tell whether this care plan covers ``product``, a ``product.product``."""
        self.ensure_one()
        template = product.product_tmpl_id
        if not self.is_care_plan or template.is_care_plan:
            return False
        if template in self.care_product_tmpl_ids:
            return True
        if template.type == "service":
            return False
        above = (template.categ_id.parent_path or "").split("/")
        return any(str(category.id) in above for category in self.care_category_ids)

    def _get_care_domain(self):
        """Return the domain of the products that this care plan covers."""
        self.ensure_one()
        named = fields.Domain("product_tmpl_id", "in", self.care_product_tmpl_ids.ids)
        of_kind = fields.Domain("categ_id", "child_of", self.care_category_ids.ids)
        goods = fields.Domain("type", "!=", "service")
        return fields.Domain("is_care_plan", "=", False) & (named | (of_kind & goods))

    @api.depends("is_care_plan", "care_product_tmpl_ids", "care_category_ids")
    def _compute_care_terms(self):
        self.care_terms = False
        for product in self.filtered("is_care_plan"):
            within = self.env["product.category"].search(
                [("id", "child_of", product.care_category_ids.ids)]
            )
            product.care_terms = {
                "templates": product.care_product_tmpl_ids.ids,
                "categories": within.ids,
            }

    def _explain_care_refusal(self, reason, product, facts):
        """Return in words why this plan is not sold for an item.

        :param str reason: one of ``engine.care``
        :param product: the item, a ``product.product``
        :param SoldItem facts: what is known of it
        """
        self.ensure_one()
        plan, name = self.display_name, product.display_name
        last = care.last_day_to_buy(facts.delivered_on, self.care_buy_days)
        words = {
            care.NOT_OWN: self.env._(
                "“%(item)s” is not of this customer: “%(plan)s” cannot cover it.",
                item=name,
                plan=plan,
            ),
            care.NOT_COVERED: self.env._(
                "“%(plan)s” is not for “%(item)s”.", item=name, plan=plan
            ),
            care.RETURNED: self.env._(
                "“%(item)s” went back: “%(plan)s” has nothing to cover.",
                item=name,
                plan=plan,
            ),
            care.TAKEN: self.env._("“%(item)s” has a care plan already.", item=name),
            care.TOO_MANY: self.env._(
                "“%(plan)s” covers one item each: lower its quantity to %(count)s.",
                plan=plan,
                count=facts.free,
            ),
            care.TOO_LATE: self.env._(
                "“%(plan)s” for “%(item)s” could be bought until %(day)s.",
                item=name,
                plan=plan,
                day=last and format_date(self.env, last),
            ),
        }
        return words[reason]

    def _list_care_words(self):
        """Return what the care plan gives, as sentences for its buyer."""
        self.ensure_one()
        words = [
            self.env._(
                "Covers your item for %(months)s months.", months=self.care_months
            )
            if self.care_months > 1
            else self.env._("Covers your item for one month.")
        ]
        fee = self.currency_id.format(self.care_fee)
        if not self.currency_id.is_zero(self.care_fee):
            words.append(
                self.env._(
                    "Claims included: %(count)s, at %(fee)s each.",
                    count=self.care_claims,
                    fee=fee,
                )
            )
        else:
            words.append(
                self.env._("Free claims included: %(count)s.", count=self.care_claims)
            )
        return [*words, self._describe_care_purchase()]

    def _describe_care_purchase(self):
        if self.care_buy_days == 1:
            return self.env._(
                "Buy it at the latest the day after your item is delivered."
            )
        if self.care_buy_days:
            return self.env._(
                "Buy it within %(days)s days of the delivery of your item.",
                days=self.care_buy_days,
            )
        return self.env._("Buy it together with your item.")
