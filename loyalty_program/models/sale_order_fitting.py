from ast import literal_eval
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from odoo import fields, models
from odoo.fields import Domain
from odoo.models import BaseModel

from ..engine.promotion_index import Goods
from .loyalty_program_fitting import ASKING


class SaleOrder(models.Model):
    """What an order asks of the promotions: see :class:`LoyaltyProgram`."""

    _inherit = "sale.order"

    def _update_programs_and_rewards(self):
        with self._asking_promotions():
            return super()._update_programs_and_rewards()

    @contextmanager
    def _asking_promotions(self):
        cache = self.env.cr.cache
        before = cache.get(ASKING)
        cache[ASKING] = self
        try:
            yield
        finally:
            cache[ASKING] = before

    def _get_fitting_program_ids(self, programs):
        """Return the ids of those automatic programmes that the order could fulfil.

        Programmes that it cannot fulfil are not among them; some that it does not
        fulfil either may be.

        :rtype: set
        """
        self.ensure_one()
        index = self.env["loyalty.program"]._get_promotion_index()
        goods = self._get_promotion_goods(index)
        return index.find(set(programs.ids), goods, Buyer(self))

    def _get_promotion_goods(self, index):
        """Return what the order holds, one ``Goods`` of each product."""
        goods = {}
        bought = self._get_not_rewarded_order_lines()
        for line in self.order_line:
            product = line.product_id
            if line.combo_item_id or not product:
                # Its money counts with the combo that it belongs to.
                continue
            known = goods.get(product.id) or _describe(product, index)
            is_bought = line in bought
            quantity = max(_exact(line.product_uom_qty), 0) if is_bought else 0
            priced = line._get_lines_with_price()
            goods[product.id] = replace(
                known,
                is_bought=known.is_bought or is_bought,
                quantity=known.quantity + quantity,
                total=known.total + _bound(priced, ("price_subtotal", "price_tax")),
                untaxed=known.untaxed + _bound(priced, ("price_subtotal",)),
            )
        return list(goods.values())


def _describe(product, index):
    # sudo: Odoo looks at the categories in sudo as well.
    path = index.has_categories and product.sudo().categ_id.parent_path
    return Goods(
        product_id=product.id,
        category_ids=tuple(int(part) for part in (path or "").split("/") if part),
        tag_ids=tuple(product.all_product_tag_ids.ids) if index.has_tags else (),
        is_bought=False,
    )


def _bound(lines, names):
    """Return an upper bound of the lines' money: what is taken off does not count."""
    amounts = (sum(_exact(line[name]) for name in names) for line in lines)
    return sum((max(amount, Decimal(0)) for amount in amounts), Decimal(0))


def _exact(number):
    """Return a float as it is written: money has no largest size here."""
    return Decimal(repr(number))


@dataclass
class Buyer:
    """Answers the index for one order, each question once."""

    order: BaseModel

    def __post_init__(self):
        self._selected = {}
        self._minimums = {}

    def has_code(self, rule_id):
        return rule_id in self._entered

    @cached_property
    def _entered(self):
        return set(self.order.code_enabled_rule_ids.ids)

    def get_unseen(self, rule_ids):
        return self.order.env["loyalty.rule"]._get_unseen(rule_ids)

    def select(self, product_filter):
        """Return the ids of the order's products that a filter keeps."""
        if product_filter not in self._selected:
            domain = Domain(literal_eval(product_filter))
            kept = self.order.order_line.product_id.filtered_domain(domain)
            self._selected[product_filter] = set(kept.ids)
        return self._selected[product_filter]

    def get_minimum(self, minimum):
        """Return a minimum of money in the order's currency, as Odoo converts it."""
        if minimum not in self._minimums:
            amount, currency_id, company_id = minimum
            env = self.order.env
            converted = (
                env["res.currency"]
                .browse(currency_id)
                ._convert(
                    float(amount),
                    self.order.currency_id,
                    env["res.company"].browse(company_id) or env.company,
                    fields.Date.today(),
                )
            )
            self._minimums[minimum] = _exact(converted)
        return self._minimums[minimum]
