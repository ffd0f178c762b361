"""The shape of what a till or a browser sends, told before anything is done with it.

A shape is a function that tells whether a value has it. Shapes are put together:
``list_of(pair_of(is_id, is_number))``.
"""

import re
from datetime import date

from .schema import is_storable_text

#: The largest id that the database has.
MAX_ID = 2**31 - 1
#: Longer names of a click are made up: they are indexed.
MAX_TOKEN = 64

_KEY = re.compile(r"-?[0-9]{1,10}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def is_anything(_value):
    """Tell nothing: whoever reads the value says what is wrong with it."""
    return True


def is_id(value):
    """Tell whether ``value`` may be the id of a record."""
    return type(value) is int and 0 < value <= MAX_ID


def is_key(value):
    """Tell whether ``value`` names a record, by a negative number one still to come.

    The keys of an object are texts in JSON.
    """
    if isinstance(value, str) and _KEY.fullmatch(value):
        value = int(value)
    return type(value) is int and 0 < abs(value) <= MAX_ID


def is_text(value):
    """Tell whether ``value`` is a text that the database takes."""
    return is_storable_text(value)


def is_token(value):
    """Tell whether ``value`` may name a click."""
    return is_text(value) and 0 < len(value) <= MAX_TOKEN


def is_day(value):
    """Tell whether ``value`` begins with a day, as a till writes days and moments."""
    if not is_text(value) or not _DAY.fullmatch(value[:10]):
        return False
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        return False
    return True


def optional(shape):
    """Return the shape of a value that may be missing: ``null`` or ``false``."""
    return lambda value: value is None or value is False or shape(value)


def list_of(shape):
    """Return the shape of a list whose items have ``shape``."""
    return lambda value: (
        isinstance(value, list | tuple) and all(shape(item) for item in value)
    )


def pair_of(first, second):
    """Return the shape of a list of two."""
    return lambda value: (
        isinstance(value, list | tuple)
        and len(value) == 2
        and first(value[0])
        and second(value[1])
    )


def map_of(key, shape):
    """Return the shape of an object with any number of keys."""
    return lambda value: (
        isinstance(value, dict)
        and all(key(name) and shape(item) for name, item in value.items())
    )


def facts(**shapes):
    """Return the shape of an object with these names; others are nobody's business.

    What is left out counts as ``null``.
    """
    return lambda value: (
        isinstance(value, dict)
        and all(shape(value.get(name)) for name, shape in shapes.items())
    )
