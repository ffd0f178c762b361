"""Codes that people read, type and scan: random, legible, checked for slips.

A code is ``044-XXXXX-XXXXX-XXXXX``. The prefix is Odoo's own, so that every barcode
nomenclature that knows coupons and gift cards knows these. Fourteen symbols are random,
63 bits; the last one checks them.
"""

import secrets
from dataclasses import dataclass
from operator import mul

#: No 0 O Q, 1 I L, 2 of Z, 5 of S, 6 of G, 8 of B, no U beside V, and no vowels that
#: could spell a word. Prime in number, which the check symbol needs.
ALPHABET = "23456789CDFHJKMNPRTVWXY"
PREFIX = "044"
RANDOM_SYMBOLS = 14
GROUP = 5

_BASE = len(ALPHABET)
_LENGTH = RANDOM_SYMBOLS + 1
#: The check symbol weighs -1.
CHECK_WEIGHTS = range(1, _LENGTH)
_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)}
#: What a hurried eye or hand puts for a symbol of the alphabet. None stands for two.
_LOOK_ALIKES = str.maketrans("ZSGBU", "2568V")
_STOCK_LENGTH = 12
_HEX = frozenset("0123456789ABCDEF")


@dataclass(frozen=True)
class Reading:
    """What a typed text may stand for.

    :param candidates: stored forms, the most literal first
    :param is_ours: the text has the shape of a code made here
    :param is_mistyped: it has that shape, and its check symbol says otherwise
    :param is_made: it has the shape of a code made here or by Odoo itself
    """

    candidates: tuple[str, ...]
    is_ours: bool = False
    is_mistyped: bool = False
    is_made: bool = False


def generate(randbelow=secrets.randbelow):
    """Return a new code.

    :param randbelow: source of randomness: a limit to a number below it
    """
    number = randbelow(_BASE**RANDOM_SYMBOLS)
    values = []
    for _place in range(RANDOM_SYMBOLS):
        number, value = divmod(number, _BASE)
        values.append(value)
    values.append(_check_value(values))
    return _group("".join([ALPHABET[value] for value in values]))


def read(text):
    """Return what a typed or scanned text stands for.

    Case, spaces and hyphens do not matter, nor does leaving out the prefix.

    :rtype: Reading
    """
    literal = "".join(char for char in text if char.isprintable()).strip()
    plain = "".join(char for char in literal.upper() if char.isalnum())
    has_prefix = len(plain) == len(PREFIX) + _LENGTH
    body = plain[-_LENGTH:].translate(_LOOK_ALIKES)
    prefix = plain[:-_LENGTH].replace("O", "0") if has_prefix else PREFIX
    if len(plain) not in (_LENGTH, len(PREFIX) + _LENGTH):
        stock = _read_stock_code(plain)
        return Reading(_unique(literal, *stock), is_made=bool(stock))
    if prefix == PREFIX and _is_right(body):
        return Reading(_unique(literal, _group(body)), is_ours=True, is_made=True)
    strangers = sum(char not in _VALUES for char in body)
    is_mistyped = (
        # One key beside the right one; without a prefix, nothing but our symbols.
        (prefix == PREFIX and strangers <= has_prefix)
        # The slip is in the prefix, or across its end.
        or _is_right(body)
        or (prefix[:2] + body[0] == PREFIX and _is_right(prefix[2] + body[1:]))
    )
    return Reading(_unique(literal), is_mistyped, is_mistyped)


def _read_stock_code(plain):
    """Return the stored form of a code that Odoo itself made, if it is one."""
    if len(plain) != _STOCK_LENGTH or not plain.startswith(PREFIX):
        return ()
    if not _HEX.issuperset(plain):
        return ()
    code = plain.lower()
    return (f"{code[:4]}-{code[4:8]}-{code[8:]}",)


def _is_right(body):
    """Tell whether the symbols are ours and the last one is the check of the rest."""
    values = [_VALUES.get(symbol) for symbol in body]
    return None not in values and values[-1] == _check_value(values[:-1])


def _check_value(values):
    """Return the number of the symbol that makes a slip of one hand show.

    Each place has a weight of its own, modulo a prime: one changed symbol changes the
    sum, and so does every exchange of two, the check symbol (weight -1) included.
    """
    return sum(map(mul, values, CHECK_WEIGHTS)) % _BASE


def _group(body):
    groups = [body[start : start + GROUP] for start in range(0, _LENGTH, GROUP)]
    return "-".join([PREFIX, *groups])


def _unique(*texts):
    return tuple(dict.fromkeys(texts))
