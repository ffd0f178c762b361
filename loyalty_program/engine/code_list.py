"""Codes of a partner as somebody pastes them: one a line, perhaps with its last day."""

from dataclasses import dataclass
from datetime import date

#: Longest code. Nobody types more.
MAX_CODE = 64

#: Most lines of one list.
MAX_LINES = 100_000

#: What may stand between a code and its last day.
SEPARATORS = (";", ",", "\t")


@dataclass(frozen=True)
class CodeRow:
    """A good line.

    :param line: its number, from 1
    :param until: last day on which the code may be used, or None
    """

    line: int
    code: str
    until: date | None = None


@dataclass(frozen=True)
class CodeFault:
    """A line that is none.

    :param kind: ``long``, ``character``, ``columns``, ``empty``, ``date``, ``past`` or
        ``double``
    :param text: what stands there
    :param other: line of the same code, for ``double``
    """

    line: int
    kind: str
    text: str
    other: int | None = None


def read_codes(text, today):
    """Return the good lines and the faults of a list, in its order.

    Empty lines mean nothing, nor does a heading that begins with *code*.

    :param date today: a code that is good until yesterday is a fault
    """
    rows, faults, seen = [], [], {}
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if not line or (number == 1 and _is_heading(line)):
            continue
        row = _read_line(number, line, today)
        if isinstance(row, CodeRow):
            first = seen.setdefault(row.code, number)
            if first != number:
                row = CodeFault(number, "double", row.code, first)
        (rows if isinstance(row, CodeRow) else faults).append(row)
    return rows, faults


def _is_heading(line):
    return _split(line)[0].casefold() in ("code", "codes")


def _split(line):
    for separator in SEPARATORS:
        line = line.replace(separator, "\n")
    return [cell.strip().strip('"').strip() for cell in line.split("\n")]


def _read_line(number, line, today):
    """Return the row of a line, or its fault."""
    code, *rest = _split(line)
    rest = [cell for cell in rest if cell]
    if len(rest) > 1:
        return CodeFault(number, "columns", line)
    if not code:
        return CodeFault(number, "empty", line)
    if len(code) > MAX_CODE:
        return CodeFault(number, "long", code)
    if not code.isprintable() or " " in code:
        return CodeFault(number, "character", code)
    if not rest:
        return CodeRow(number, code)
    try:
        until = date.fromisoformat(rest[0])
    except ValueError:
        return CodeFault(number, "date", rest[0])
    if until < today:
        return CodeFault(number, "past", rest[0])
    return CodeRow(number, code, until)
