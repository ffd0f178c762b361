"""Check a file line by line: every line comes out as a row or as a fault."""

import dataclasses
import hashlib
import itertools

from .cells import READERS, Reading
from .faults import Fault, FileError, Problem
from .formats import COLUMNS, PURCHASES, locate_columns
from .reading import read_cells
from .rows import ROW_TYPES


def check_file(kind, stream, fmt, *, today, points_scale=0):
    """Read a file of a kind and yield its rows and faults in the order of the lines.

    :param str kind: ``members``, ``openings`` or ``purchases``
    :param stream: binary file object
    :param FileFormat fmt: how the file is written down
    :param date today: last day that may stand in the file
    :param int points_scale: decimals that a number of points may have
    :return: generator of rows and :class:`Fault`
    :raise FileError: the file as a whole cannot be read
    """
    reading = Reading(today, fmt.date_order, fmt.decimal_mark, points_scale)
    repeats = _Repeats(kind)
    items = read_cells(stream, fmt)
    first = next(items)
    if isinstance(first, Fault):
        # Without the first line nobody knows what stands in which column.
        raise FileError("first_line", line=first.line, problem=first.problems[0])
    layout = (locate_columns(kind, fmt, first[1]), len(first[1]), reading)
    if fmt.has_header:
        first = next(items, None)
        if first is None:
            raise FileError("empty")
    for item in itertools.chain([first], items):
        if isinstance(item, Fault):
            yield item
        else:
            yield _check_line(kind, item, layout, repeats)


def _check_line(kind, item, layout, repeats):
    number, cells, text = item
    places, width, reading = layout
    if len(cells) != width:
        code = "columns_too_few" if len(cells) < width else "columns_too_many"
        problem = Problem(code, {"found": len(cells), "expected": width})
        return Fault(number, (problem,), text)
    values, problems = {}, []
    for column in COLUMNS[kind]:
        value = _read_cell(column, cells, places, reading)
        if isinstance(value, Problem):
            problems.append(value)
        elif value is not None:
            values[column.name] = value
    if not problems:
        row = repeats.judge(ROW_TYPES[kind](line=number, text=text, **values))
        if not isinstance(row, Problem):
            return row
        problems.append(row)
    return Fault(number, tuple(problems), text)


def _read_cell(column, cells, places, reading):
    """Return the value, None where the file does not tell it, or the problem."""
    text = cells[places[column.name]].strip() if column.name in places else ""
    if text:
        value = READERS[column.reader](text, reading)
        if isinstance(value, Problem):
            return Problem(value.code, {**value.values, "column": column.name})
        return value
    return (
        Problem("value_missing", {"column": column.name}) if column.required else None
    )


class _Repeats:
    """Tell a line that was written twice from a thing that happened twice.

    A member or an opening balance can be there once. A purchase with an order reference
    too; without one, equal lines are purchases of their own and are numbered.
    Kept per line: a digest of 16 bytes and a number.
    """

    def __init__(self, kind):
        self._kind = kind
        self._seen = {}

    def judge(self, row):
        if self._kind != PURCHASES:
            return self._refuse_second(row, [row.reference], "duplicate_member")
        content = row.content()
        if row.order_ref:
            return self._refuse_second(row, content, "duplicate_purchase")
        digest = self._digest(content)
        times = self._seen[digest] = self._seen.get(digest, 0) + 1
        return row if times == 1 else dataclasses.replace(row, occurrence=times)

    def _refuse_second(self, row, content, code):
        first = self._seen.setdefault(self._digest(content), row.line)
        return row if first == row.line else Problem(code, {"first": first})

    @staticmethod
    def _digest(content):
        return hashlib.blake2b("\0".join(content).encode(), digest_size=16).digest()
