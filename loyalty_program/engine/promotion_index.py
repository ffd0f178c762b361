"""Which promotions a basket could fulfil, found without asking each of them.

It errs on one side only: of what is left out, Odoo would say that it does not fit.
What is found, Odoo checks as ever.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

#: Odoo adds up floats: so much, and no more, may its sums lie beside the exact ones.
SLACK = Decimal("0.0001")


@dataclass(frozen=True)
class RuleTerms:
    """One condition of a promotion.

    Products that are named, those of the category and those with the tag count all
    three; where none of these is set every product counts. The filter narrows them.

    :param minimum: of money, in a currency: (amount, currency id, company id)
    :param bool untaxed: whether money counts without taxes
    :param product_filter: text of a domain, or None
    """

    rule_id: int
    program_id: int
    product_ids: frozenset[int] = frozenset()
    category_id: int | None = None
    tag_id: int | None = None
    product_filter: str | None = None
    quantity: int = 1
    minimum: tuple = (Decimal(0), None, None)
    untaxed: bool = False
    needs_code: bool = False


@dataclass(frozen=True)
class Goods:
    """All of one product in a basket.

    :param category_ids: the product's category and those above it
    :param bool is_bought: False where it is a reward and nothing else
    :param total: an upper bound of what is paid for it, with taxes
    :param untaxed: the same without them
    """

    product_id: int
    category_ids: tuple[int, ...] = ()
    tag_ids: tuple[int, ...] = ()
    quantity: Decimal = Decimal(0)
    total: Decimal = Decimal(0)
    untaxed: Decimal = Decimal(0)
    is_bought: bool = True


class PromotionIndex:
    """The conditions of all promotions, found by what they ask for.

    :param terms: iterable of RuleTerms
    :param always: ids of programmes that are asked whatever the basket holds
    """

    def __init__(self, terms, always=()):
        self.always = frozenset(always)
        self.terms = {each.rule_id: each for each in terms}
        #: Rules that name products: a reader who sees none of these sees no condition.
        self.naming = frozenset(r for r, each in self.terms.items() if each.product_ids)
        self._by_product = defaultdict(list)
        self._by_category = defaultdict(list)
        self._by_tag = defaultdict(list)
        self._open = []
        for rule_id, each in self.terms.items():
            self._add(rule_id, each)

    def _add(self, rule_id, terms):
        for product_id in terms.product_ids:
            self._by_product[product_id].append(rule_id)
        if terms.category_id:
            self._by_category[terms.category_id].append(rule_id)
        if terms.tag_id:
            self._by_tag[terms.tag_id].append(rule_id)
        if not (terms.product_ids or terms.category_id or terms.tag_id):
            self._open.append(rule_id)

    @property
    def has_categories(self):
        """Tell whether any rule asks for the products' categories."""
        return bool(self._by_category)

    @property
    def has_tags(self):
        """Tell whether any rule asks for the products' tags."""
        return bool(self._by_tag)

    def find(self, among, basket, buyer):
        """Return the ids of the programmes that the basket could fulfil.

        :param set among: ids of the programmes to look at
        :param basket: Goods, one of each product
        :param buyer: answers what the basket does not know:
            ``has_code(rule_id)``, ``get_unseen(rule_ids)`` (those of the rules of
            whose products the reader sees none), ``select(product_filter)`` (ids of
            the products that it keeps) and ``get_minimum(minimum)`` (in the basket's
            currency)
        :rtype: set
        """
        left = among - self.always
        found = among & self.always
        for rule_id, goods in self._match(basket, buyer).items():
            terms = self.terms[rule_id]
            if terms.program_id in left and self._fits(terms, goods, buyer):
                left.remove(terms.program_id)
                found.add(terms.program_id)
        return found

    def _match(self, basket, buyer):
        """Return {rule id: the goods that it counts}, filters not asked yet."""
        matched = defaultdict(dict)
        for goods in basket:
            for keys, rules in (
                ((goods.product_id,), self._by_product),
                (goods.category_ids, self._by_category),
                (goods.tag_ids, self._by_tag),
            ):
                for key in keys:
                    for rule_id in rules.get(key, ()):
                        matched[rule_id][goods.product_id] = goods
        whole = {goods.product_id: goods for goods in basket}
        unseen = buyer.get_unseen(self.naming) if self.naming else ()
        for rule_id in (*self._open, *unseen):
            terms = self.terms[rule_id]
            if not (terms.category_id or terms.tag_id):
                matched[rule_id] = whole
        return matched

    def _fits(self, terms, goods, buyer):
        if terms.needs_code and not buyer.has_code(terms.rule_id):
            return False
        kept = goods.values()
        if terms.product_filter:
            ids = buyer.select(terms.product_filter)
            kept = [each for each in kept if each.product_id in ids]
        if not any(each.is_bought for each in kept):
            return False
        if sum(each.quantity for each in kept) + SLACK < terms.quantity:
            return False
        if terms.minimum[0] <= 0:
            return True
        paid = sum(each.untaxed if terms.untaxed else each.total for each in kept)
        return paid + SLACK >= buyer.get_minimum(terms.minimum)
