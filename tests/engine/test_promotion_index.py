"""The index leaves out no promotion that asking each of them would find."""

from decimal import Decimal

from engine.promotion_index import Goods, PromotionIndex, RuleTerms
from hypothesis import given
from hypothesis import strategies as st

FILTERS = {"even": lambda product_id: product_id % 2 == 0, "none": lambda _id: False}


class Buyer:
    """Knows the codes that were entered; sees no product above 4, as if archived."""

    def __init__(self, goods, codes=(), terms=()):
        self.goods, self.codes = goods, codes
        self.terms = {each.rule_id: each for each in terms}

    def has_code(self, rule_id):
        return rule_id in self.codes

    def get_unseen(self, rule_ids):
        return {
            rule_id
            for rule_id in rule_ids
            if all(product_id > 4 for product_id in self.terms[rule_id].product_ids)
        }

    def select(self, product_filter):
        keeps = FILTERS[product_filter]
        return {each.product_id for each in self.goods if keeps(each.product_id)}

    def get_minimum(self, minimum):
        return minimum[0]


def fulfils(terms, goods, buyer):
    """Tell whether the goods fulfil one rule, by its words alone."""
    if terms.needs_code and not buyer.has_code(terms.rule_id):
        return False
    named = {each for each in terms.product_ids if each <= 4}
    restricts = named or terms.category_id or terms.tag_id
    counted = [
        each
        for each in goods
        if not restricts
        or each.product_id in named
        or (terms.category_id and terms.category_id in each.category_ids)
        or (terms.tag_id and terms.tag_id in each.tag_ids)
    ]
    if terms.product_filter:
        keeps = FILTERS[terms.product_filter]
        counted = [each for each in counted if keeps(each.product_id)]
    paid = sum(each.untaxed if terms.untaxed else each.total for each in counted)
    return (
        any(each.is_bought for each in counted)
        and sum(each.quantity for each in counted) >= terms.quantity
        and paid >= terms.minimum[0]
    )


numbers = st.integers(0, 5)
amounts = st.integers(0, 30).map(Decimal)
some = st.frozensets(st.integers(1, 6), max_size=2)
rules = st.builds(
    RuleTerms,
    rule_id=st.just(0),
    program_id=st.just(0),
    product_ids=some,
    category_id=numbers.map(lambda number: number or None),
    tag_id=numbers.map(lambda number: number or None),
    product_filter=st.sampled_from([None, None, *FILTERS]),
    quantity=st.integers(0, 4),
    minimum=st.tuples(amounts, st.none(), st.none()),
    untaxed=st.booleans(),
    needs_code=st.booleans(),
)
baskets = st.lists(
    st.builds(
        Goods,
        product_id=st.integers(1, 6),
        category_ids=some.map(tuple),
        tag_ids=some.map(tuple),
        quantity=amounts,
        total=amounts,
        untaxed=amounts,
        is_bought=st.booleans(),
    ),
    max_size=4,
    unique_by=lambda goods: goods.product_id,
)


def number(terms):
    """Give each rule a number of its own; two of them share a programme."""
    return [
        RuleTerms(**{**vars(each), "rule_id": n + 1, "program_id": n // 2 + 1})
        for n, each in enumerate(terms)
    ]


@given(st.lists(rules, max_size=8), baskets, st.frozensets(st.integers(1, 8)))
def test_it_finds_what_asking_each_rule_finds(terms, basket, codes):
    terms = number(terms)
    buyer = Buyer(basket, codes, terms)
    expected = {t.program_id for t in terms if fulfils(t, basket, buyer)} - {2}
    index = PromotionIndex(terms, always=[98, 99])
    found = index.find({1, 3, 4, 99}, basket, buyer)
    assert expected | {99} <= found <= {1, 3, 4, 99}
    if all(product_id <= 4 for t in terms for product_id in t.product_ids):
        assert found == expected | {99}


def test_a_sum_of_floats_that_lies_a_hair_below_is_found():
    rule = RuleTerms(1, 1, minimum=(Decimal(30), None, None))
    basket = [Goods(1, quantity=Decimal(1), total=Decimal("29.99999999"))]
    assert PromotionIndex([rule]).find({1}, basket, Buyer(basket)) == {1}
    basket = [Goods(1, quantity=Decimal(1), total=Decimal("29.99"))]
    assert not PromotionIndex([rule]).find({1}, basket, Buyer(basket))


def test_an_empty_basket_finds_what_is_always_asked():
    index = PromotionIndex([RuleTerms(1, 1, quantity=0)], always=[7])
    assert index.find({1, 7}, [], Buyer([])) == {7}


def test_it_says_what_it_needs_to_know_of_products():
    plain = PromotionIndex([RuleTerms(1, 1, product_ids=frozenset({1}))])
    assert (plain.has_categories, plain.has_tags) == (False, False)
    both = PromotionIndex([RuleTerms(1, 1, category_id=1, tag_id=1)])
    assert (both.has_categories, both.has_tags) == (True, True)
