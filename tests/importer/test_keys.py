"""The key of a row depends on its content, not on how or where it is written."""

import io
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importer.checking import check_file
from importer.formats import CDNOW, OPENINGS, PURCHASES, FileFormat
from importer.rows import PurchaseRow, row_key

TODAY = date(2026, 3, 15)
SAMPLE = Path(__file__).parents[2] / "loyalty_program/tests/data/cdnow_sample.txt"


def keys(text, fmt=None, kind=PURCHASES):
    stream = io.BytesIO(text.encode())
    rows = check_file(kind, stream, fmt or FileFormat(), today=TODAY)
    return [row_key(row, 7, "till") for row in rows]


def test_the_same_purchases_written_otherwise_have_the_same_keys():
    plain = (
        "reference,date,quantity,amount\nA1,2026-01-31,2,9.90\nA1,2026-01-31,2,9.90\n"
    )
    other = FileFormat(delimiter=";", date_order="dmy", decimal_mark=",")
    text = "Total;Day;x;Qty;Member\n" + "9,9;31.01.2026;;2,0;A1\n\n" * 2
    assert keys(plain) == keys(text, other)
    assert len(set(keys(plain))) == 2


def test_a_key_knows_programme_and_source():
    row = PurchaseRow(2, "A1", date(2026, 1, 31), Decimal("9.90"))
    made = {row_key(row, 7, "till"), row_key(row, 8, "till"), row_key(row, 7, "web")}
    assert len(made) == 3
    assert row_key(row, 7, "till") == row_key(row, 7, " Till ")


def test_a_balance_and_a_purchase_never_share_a_key():
    opening = keys("reference,points,date\nA1,5,2026-01-31\n", kind=OPENINGS)
    assert not set(opening) & set(keys("reference,amount,date\nA1,5,2026-01-31\n"))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["A", "B"]),
            st.integers(1, 3),
            st.decimals(0, 5, places=2),
            st.sampled_from(["", "S"]),
        ),
        max_size=8,
        unique=True,
    )
)
def test_different_purchases_have_different_keys(parts):
    rows = [
        PurchaseRow(n, ref, date(2026, 1, day), amount, order_ref=order or None)
        for n, (ref, day, amount, order) in enumerate(parts)
    ]
    assert len({row_key(row, 7, "till") for row in rows}) == len(set(parts))


@pytest.fixture(scope="module")
def sample():
    with SAMPLE.open("rb") as stream:
        return list(check_file(PURCHASES, stream, CDNOW, today=TODAY))


def test_the_published_sample_is_read_whole_to_the_cent(sample):
    expected_cents, per_customer = 0, Counter()
    for line in SAMPLE.read_text(encoding="ascii").splitlines():
        _full, customer, _day, _cds, dollars = line.split()
        cents = int(dollars.replace(".", ""))
        expected_cents += cents
        per_customer[customer] += cents
    assert len(sample) == 6919
    assert sum(row.amount for row in sample) * 100 == expected_cents
    got = Counter()
    for row in sample:
        got[row.reference] += int(row.amount * 100)
    assert got == per_customer
    assert len(got) == 2357


def test_each_purchase_of_the_sample_has_a_key_of_its_own(sample):
    assert len({row_key(row, 7, "CDNOW") for row in sample}) == 6919
    assert sum(row.occurrence > 1 for row in sample) == 21
