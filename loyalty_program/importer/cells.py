"""From one cell of text to one value, or to the reason why there is none.

A reader takes the stripped text and a :class:`Reading`; it returns the value or a
:class:`Problem`. Only plain numbers are numbers: no exponent, no thousands mark, so
that "1e300", "nan" and "inf" never come near a balance.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .faults import Problem

MAX_AMOUNT = Decimal(10) ** 9
MAX_POINTS = Decimal(10) ** 9
MAX_QUANTITY = Decimal(10) ** 6
MAX_DECIMALS = 6
FIRST_DAY = date(1970, 1, 1)

_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.][0-9]+)?")
_DATE = {
    "ymd": re.compile(r"(?P<y>[0-9]{4})([-/.]?)(?P<m>[0-9]{1,2})\2(?P<d>[0-9]{1,2})"),
    "dmy": re.compile(r"(?P<d>[0-9]{1,2})([-/.]?)(?P<m>[0-9]{1,2})\2(?P<y>[0-9]{4})"),
    "mdy": re.compile(r"(?P<m>[0-9]{1,2})([-/.]?)(?P<d>[0-9]{1,2})\2(?P<y>[0-9]{4})"),
}
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the readers have to know beside the text.

    :param today: last day that may stand in a file
    :param date_order: ``ymd``, ``dmy`` or ``mdy``
    :param decimal_mark: ``.`` or ``,``
    :param points_scale: decimals that a number of points may have
    """

    today: date
    date_order: str = "ymd"
    decimal_mark: str = "."
    points_scale: int = 0


def read_date(text, reading):
    """Read a day between 1970 and today."""
    match = _DATE[reading.date_order].fullmatch(text)
    if not match or (not match[2] and len(text) != 8):
        return Problem("date_unreadable", {"value": _short(text)})
    try:
        day = date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        return Problem("date_impossible", {"value": text})
    if day > reading.today:
        return Problem("date_future", {"value": text})
    if day < FIRST_DAY:
        return Problem("date_too_old", {"value": text, "first": str(FIRST_DAY)})
    return day


def read_number(text, reading, limit, decimals):
    """Read a plain decimal number from 0 to a limit."""
    plain = text
    if reading.decimal_mark != ".":
        # A point would be a thousands mark here: refuse it rather than guess.
        plain = text.replace(".", "?").replace(reading.decimal_mark, ".")
    if not _NUMBER.fullmatch(plain):
        return Problem("number_unreadable", {"value": _short(text)})
    number = Decimal(plain)
    if number < 0:
        return Problem("number_negative", {"value": _short(text)})
    if number > limit:
        return Problem("number_too_big", {"value": _short(text), "limit": str(limit)})
    if number != round(number, decimals):
        values = {"value": _short(text), "decimals": decimals}
        return Problem("number_too_fine", values)
    return number


def read_amount(text, reading):
    """Read an amount of money, in the currency of the programme."""
    return read_number(text, reading, MAX_AMOUNT, MAX_DECIMALS)


def read_points(text, reading):
    """Read a number of points, no finer than the programme counts them."""
    return read_number(text, reading, MAX_POINTS, reading.points_scale)


def read_quantity(text, reading):
    """Read how many items were bought: more than none."""
    number = read_number(text, reading, MAX_QUANTITY, MAX_DECIMALS)
    return Problem("quantity_zero") if number == 0 else number


def read_text(text, limit):
    """Read a short text; control characters have no place in it."""
    text = unicodedata.normalize("NFC", text)
    if len(text) > limit:
        return Problem("text_too_long", {"value": _short(text), "limit": limit})
    if any(unicodedata.category(char) == "Cc" for char in text):
        return Problem("text_control")
    return text


def read_email(text, reading):
    """Read an address that has the form of an e-mail address."""
    if not _EMAIL.fullmatch(text):
        return Problem("email_unreadable", {"value": _short(text)})
    return read_text(text, 254)


READERS = {
    "amount": read_amount,
    "code": lambda text, reading: read_text(text, 64),
    "date": read_date,
    "email": read_email,
    "name": lambda text, reading: read_text(text, 128),
    "phone": lambda text, reading: read_text(text, 32),
    "points": read_points,
    "quantity": read_quantity,
    "reference": lambda text, reading: read_text(text, 64),
}


def _short(text):
    return text if len(text) <= 40 else text[:39] + "…"
