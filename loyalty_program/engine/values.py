"""The frozen values that travel between adapters, engine and ledger."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

ZERO = Decimal(0)

#: Largest size of one posting, in points. Far above any honest sale, far below
#: what would lose digits on its way through a float column.
MAX_POINTS = Decimal(10) ** 12

ENTRY_TYPES = (
    "earn",
    "bonus",
    "redeem",
    "redeem_reversal",
    "earn_reversal",
    "expire",
    "reinstate",
    "adjust",
    "transfer",
    "opening",
)

#: Which type undoes which.
REVERSAL_OF = {
    "earn": "earn_reversal",
    "bonus": "earn_reversal",
    "redeem": "redeem_reversal",
}


@dataclass(frozen=True)
class BasketLine:
    """One line of a sale, in the programme's currency.

    :param product_id: opaque id that rules name; None for a line without product
    :param quantity: units sold, negative for a return
    :param total: amount including tax
    :param untaxed: amount excluding tax
    :param is_discount: a deduction that is spread over the other lines
    :param is_gift: a product given away. Added for nothing it is no goods; where its
        price was charged before, this line takes price and unit off again
    :param delivered: part of the line that has earned by now, 0 to 1
    :param ref: id of the document's line
    """

    product_id: int | None
    quantity: Decimal
    total: Decimal
    untaxed: Decimal
    is_discount: bool = False
    ref: int | None = None
    is_gift: bool = False
    delivered: Fraction = Fraction(1)


@dataclass(frozen=True)
class Basket:
    """A document as the engine sees it.

    :param closed_rule_ids: rules that are not for this customer
    :param due: money to pay for the whole document, what is no goods included
    :param vouchers: part of ``due`` that gift cards and the like pay, and that earns
        nothing
    """

    lines: tuple[BasketLine, ...]
    code_rule_ids: frozenset[int] = frozenset()
    closed_rule_ids: frozenset[int] = frozenset()
    due: Decimal = ZERO
    vouchers: Decimal = ZERO


@dataclass(frozen=True)
class EarnRule:
    """How a programme gives points.

    :param product_ids: products that count; None means every product
    :param mode: ``money`` (points per unit of money), ``unit`` or ``order``
    :param amount: points per unit of money, per unit or per order
    :param minimum_amount: smallest sum of the matching lines, programme currency
    :param needs_code: the rule counts only when its code was entered
    """

    rule_id: int
    mode: str
    amount: Decimal
    product_ids: frozenset[int] | None = None
    minimum_quantity: Decimal = ZERO
    minimum_amount: Decimal = ZERO
    minimum_untaxed: bool = False
    needs_code: bool = False


@dataclass(frozen=True)
class EarnTerms:
    """What a programme says about all its rules together.

    :param scale: decimals of a point
    :param rounding: ``down``, ``half_up`` or ``up``
    :param per_line: round each line instead of the sum
    :param untaxed: points rest on the amounts without tax
    :param multiplier: what the points are multiplied with before rounding
    :param order_cap: most points of one order, or None
    """

    scale: int = 0
    rounding: str = "down"
    per_line: bool = False
    untaxed: bool = False
    multiplier: Decimal = Decimal(1)
    order_cap: Decimal | None = None


@dataclass(frozen=True)
class Earned:
    """What a basket earns.

    :param points: rounded to the programme's scale
    :param base: money the points rest on, for tiers that count spending
    :param breakdown: JSON-ready facts that answer "why so many points?"
    """

    points: Decimal
    base: Decimal
    breakdown: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Posting:
    """What somebody asks the ledger to write.

    :param card_id: the member's card; the ledger finds the account behind it
    :param points: signed, exact
    :param key: idempotency key; the same key never posts twice
    :param base_amount: signed money in the programme's currency
    :param occurred_at: UTC time of the business event; None means now
    :param hold_days: days until the points may be spent
    :param origin: (model name, record id) of the document, if any
    :param reverses_id: id of the entry that this one undoes
    :param lot_id: id of the lot that moves: a loss takes these very points, a gain
        expires when they did, which may be never
    :param account_id: the card whose balance changes, where it is not the member's
        present account: an undo goes to the account that got the points
    """

    card_id: int
    entry_type: str
    points: Decimal
    key: str
    base_amount: Decimal = ZERO
    occurred_at: datetime | None = None
    hold_days: int = 0
    channel: str = "backoffice"
    origin: tuple[str, int] | None = None
    reverses_id: int | None = None
    counts_for_tier: bool = False
    breakdown: dict = field(default_factory=dict)
    expires_on: date | None = None
    lot_id: int | None = None
    account_id: int | None = None
