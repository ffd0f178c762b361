"""Hostile sizes are refused in bounded memory; arbitrary bytes never crash."""

import io
import tracemalloc
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importer import reading
from importer.checking import check_file
from importer.faults import Fault, FileError
from importer.formats import CDNOW, COLUMNS, PURCHASES, FileFormat

TODAY = date(2026, 3, 15)
HEADER = b"reference,date,amount\n"


class Endless(io.RawIOBase):
    """A stream of one line without end, made while it is read."""

    def __init__(self, size):
        self.left = size

    def readable(self):
        return True

    def readinto(self, buffer):
        count = min(len(buffer), self.left)
        buffer[:count] = b"9" * count
        self.left -= count
        return count


def check(stream, fmt=None):
    return check_file(PURCHASES, stream, fmt or FileFormat(), today=TODAY)


def test_a_line_of_50_megabytes_is_one_fault_and_is_never_held_in_memory():
    line = b"A1,2026-01-31," + b"9" * 50_000_000
    stream = io.BytesIO(HEADER + line + b"\nA1,2026-01-31,9.90\n")
    tracemalloc.start()
    fault, row = check(stream)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (fault.line, fault.problems[0].code) == (2, "line_too_long")
    assert (row.line, row.reference) == (3, "A1")
    assert peak < 2_000_000


def test_a_line_without_end_stops_at_the_limit_of_the_file():
    stream = io.BufferedReader(Endless(10**12))
    with pytest.raises(FileError) as caught:
        list(check(stream))
    assert caught.value.code == "file_too_big"


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    with pytest.raises(FileError) as caught:
        list(check(io.BytesIO(HEADER + b"A1,2026-01-31,9.90\n" * 3)))
    assert caught.value.code == "too_many_rows"


def test_a_long_file_is_checked_without_being_kept():
    stream = io.BytesIO(
        HEADER + b"".join(b"A%d,2026-01-31,9.90\n" % n for n in range(20_000))
    )
    tracemalloc.start()
    good = sum(not isinstance(item, Fault) for item in check(stream))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert good == 20_000
    assert peak < 20_000 * 250  # the digests that find duplicates, not the rows


@given(
    data=st.binary(max_size=400),
    kind=st.sampled_from(sorted(COLUMNS)),
    fmt=st.sampled_from(
        [FileFormat(), CDNOW, FileFormat(encoding="cp1252", delimiter=";")]
    ),
)
def test_any_bytes_end_as_rows_faults_or_a_refusal(data, kind, fmt):
    stream = io.BytesIO(data)
    try:
        items = list(check_file(kind, stream, fmt, today=TODAY))
    except FileError:
        return
    lines = [item.line for item in items]
    assert lines == sorted(set(lines))
    assert all(item.problems for item in items if isinstance(item, Fault))


@given(cells=st.lists(st.text(max_size=12), min_size=3, max_size=3))
def test_any_cell_of_a_purchase_gives_an_honest_row_or_a_fault(cells):
    line = ",".join('"{}"'.format(cell.replace('"', '""')) for cell in cells)
    data = HEADER + line.encode("utf-8", "surrogatepass") + b"\n"
    try:
        items = list(check(io.BytesIO(data)))
    except FileError:
        return
    for row in items:
        if not isinstance(row, Fault):
            assert row.reference.strip() == row.reference != ""
            assert date(1970, 1, 1) <= row.date <= TODAY
            assert 0 <= row.amount <= 10**9
