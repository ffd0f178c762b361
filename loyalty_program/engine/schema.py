"""The typed schema of an event's details, checked where they come in."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .rounding import to_decimal

KINDS = ("integer", "number", "text", "boolean", "date", "choice")

#: Longest text of one field. Details are facts, not essays.
MAX_TEXT = 500


@dataclass(frozen=True)
class FieldSpec:
    """One field of an event's details.

    :param kind: one of ``KINDS``
    :param minimum: smallest number, or None
    :param maximum: largest number, or the greatest length of a text, or None
    :param choices: the texts that a ``choice`` may be
    """

    key: str
    kind: str
    required: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """What is wrong with the details.

    :param code: ``shape``, ``unknown``, ``missing``, ``kind``, ``small``, ``large``
        or ``choice``
    :param key: the field, empty for ``shape``
    :param limit: the kind, the bound or the choices that were not met
    """

    code: str
    key: str = ""
    limit: str = ""


def is_storable_text(value):
    """Tell whether ``value`` is a text that a database takes."""
    if not isinstance(value, str) or "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def find_problems(payload, specs):
    """Return the problems of an event's details, an empty list when there is none.

    A field that is None counts as left out.

    :param payload: what somebody sent, of any type
    :param specs: iterable of FieldSpec
    """
    if not isinstance(payload, dict):
        return [Problem("shape")]
    if not all(is_storable_text(key) for key in payload):
        return [Problem("shape")]
    known = {spec.key: spec for spec in specs}
    problems = [Problem("unknown", key) for key in payload if key not in known]
    for spec in known.values():
        value = payload.get(spec.key)
        problem = _find_missing(spec) if value is None else _find_problem(spec, value)
        if problem:
            problems.append(problem)
    return problems


def clean(payload):
    """Return the details without the fields that were left out."""
    return {key: value for key, value in payload.items() if value is not None}


def _find_missing(spec):
    return Problem("missing", spec.key) if spec.required else None


def _find_problem(spec, value):
    if not _is_of_kind(spec, value):
        return Problem("kind", spec.key, spec.kind)
    if spec.kind == "choice":
        known = value in spec.choices
        return None if known else Problem("choice", spec.key, ", ".join(spec.choices))
    if spec.kind == "text":
        longest = MAX_TEXT if spec.maximum is None else int(spec.maximum)
        if spec.required and not value.strip():
            return Problem("missing", spec.key)
        return _check_bounds(spec.key, Decimal(len(value)), None, Decimal(longest))
    if spec.kind in ("integer", "number"):
        return _check_bounds(spec.key, to_decimal(value), spec.minimum, spec.maximum)
    return None


def _check_bounds(key, number, minimum, maximum):
    if minimum is not None and number < minimum:
        return Problem("small", key, f"{minimum.normalize():f}")
    if maximum is not None and number > maximum:
        return Problem("large", key, f"{maximum.normalize():f}")
    return None


def _is_of_kind(spec, value):
    if spec.kind == "boolean":
        return isinstance(value, bool)
    if spec.kind in ("integer", "number"):
        # True is a number to Python, but nobody means it.
        types = int if spec.kind == "integer" else (int, float)
        return (
            isinstance(value, types)
            and not isinstance(value, bool)
            and _is_finite(value)
        )
    if not is_storable_text(value):
        return False
    return spec.kind != "date" or _is_date(value)


def _is_finite(value):
    try:
        to_decimal(value)
    except ValueError:
        return False
    return True


def _is_date(value):
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
