"""Every kind of bad line is found, with its number and its reason."""

import io
from datetime import date
from decimal import Decimal

import pytest
from importer.checking import check_file
from importer.faults import Fault, FileError
from importer.formats import BLANKS, MEMBERS, OPENINGS, PURCHASES, FileFormat

TODAY = date(2026, 3, 15)
HEADER = "reference,date,quantity,amount,order\n"


def check(text, kind=PURCHASES, fmt=None, **rules):
    data = text if isinstance(text, bytes) else text.encode()
    fmt = fmt or FileFormat()
    return list(check_file(kind, io.BytesIO(data), fmt, today=TODAY, **rules))


def codes(items):
    return [
        [problem.code for problem in item.problems] if isinstance(item, Fault) else "ok"
        for item in items
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("A1,,1,9.90,", "value_missing"),
        ("A1,2026-02-31,1,9.90,", "date_impossible"),
        ("A1,2025-02-29,1,9.90,", "date_impossible"),
        ("A1,31/01/2026,1,9.90,", "date_unreadable"),
        ("A1,yesterday,1,9.90,", "date_unreadable"),
        ("A1,2026-03-16,1,9.90,", "date_future"),
        ("A1,1969-12-31,1,9.90,", "date_too_old"),
        ("A1,0000-01-01,1,9.90,", "date_impossible"),
        ("A1,2026-01-31,1,-9.90,", "number_negative"),
        ("A1,2026-01-31,1,NaN,", "number_unreadable"),
        ("A1,2026-01-31,1,inf,", "number_unreadable"),
        ("A1,2026-01-31,1,-Infinity,", "number_unreadable"),
        ("A1,2026-01-31,1,1e300,", "number_unreadable"),
        ("A1,2026-01-31,1," + "9" * 300 + ",", "number_too_big"),
        ("A1,2026-01-31,1,9.1234567,", "number_too_fine"),
        ("A1,2026-01-31,1,nine,", "number_unreadable"),
        ("A1,2026-01-31,1,٩,", "number_unreadable"),
        ('A1,2026-01-31,1,"1,000.00",', "number_unreadable"),
        ("A1,2026-01-31,1,,", "value_missing"),
        ("A1,2026-01-31,0,9.90,", "quantity_zero"),
        ("A1,2026-01-31,one,9.90,", "number_unreadable"),
        (",2026-01-31,1,9.90,", "value_missing"),
        (f"{'A' * 65},2026-01-31,1,9.90,", "text_too_long"),
        ("A\x071,2026-01-31,1,9.90,", "text_control"),
        ("A1,2026-01-31,1", "columns_too_few"),
        ("A1,2026-01-31,1,9.90,,x", "columns_too_many"),
        ('A1,2026-01-31,1,9.90,"open', "quotes"),
        ("A1,2026-01-31,1,9.90,\0", "not_text"),
    ],
)
def test_a_bad_purchase_is_named_and_its_neighbours_stay_good(line, code):
    good = "A1,2026-01-31,1,9.90,{}\n"
    items = check(HEADER + good.format("S1") + line + "\n" + good.format("S2"))
    assert codes(items) == ["ok", [code], "ok"]
    assert items[1].line == 3


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("A1,,a@example.com,,2025-01-01,2025-01-01,1", "value_missing"),
        ("A1,Ada,a@example,,2025-01-01,2025-01-01,1", "email_unreadable"),
        ("A1,Ada,a@b@example.com,,2025-01-01,2025-01-01,1", "email_unreadable"),
        ("A1,Ada,,,,2025-01-01,1", "value_missing"),
        ("A1,Ada,,,2025-01-01,,1", "value_missing"),
        ("A1,Ada,,,2027-01-01,2025-01-01,1", "date_future"),
        (f"A1,{'x' * 129},,,2025-01-01,2025-01-01,1", "text_too_long"),
    ],
)
def test_a_bad_member_is_named(line, code):
    header = "reference,name,email,phone,joined,consent,terms\n"
    assert codes(check(header + line, MEMBERS)) == [[code]]


@pytest.mark.parametrize(
    ("points", "scale", "code"),
    [
        ("-5", 0, "number_negative"),
        ("2.5", 0, "number_too_fine"),
        ("2.55", 1, "number_too_fine"),
    ],
)
def test_a_bad_opening_balance_is_named(points, scale, code):
    text = f"reference,points,date\nA1,{points},2026-01-01\n"
    assert codes(check(text, OPENINGS, points_scale=scale)) == [[code]]


def test_points_are_as_fine_as_the_programme_counts_them():
    (row,) = check("reference,points,date\nA1,2.5,2026-01-01", OPENINGS, points_scale=1)
    assert row.points == Decimal("2.5")


def test_every_reason_of_a_line_is_told_at_once():
    (fault,) = check(HEADER + "A1,2026-02-31,x,-1,\n")
    assert [(p.code, p.values["column"]) for p in fault.problems] == [
        ("date_impossible", "date"),
        ("number_unreadable", "quantity"),
        ("number_negative", "amount"),
    ]
    assert fault.text == "A1,2026-02-31,x,-1,"


def test_empty_lines_count_as_lines_but_not_as_rows():
    items = check(HEADER + "\n  \r\nA1,2026-01-31,1,9.90,\r\n\n")
    assert [item.line for item in items] == [4]


def test_the_same_order_twice_is_a_duplicate_of_the_first_line():
    line = "A1,2026-01-31,1,9.90,S1\n"
    items = check(HEADER + line + "A2,2026-01-31,1,9.90,S1\n" + line)
    assert codes(items) == ["ok", "ok", ["duplicate_purchase"]]
    assert items[2].problems[0].values == {"first": 2}


def test_equal_purchases_without_an_order_reference_all_count():
    line = "A1,2026-01-31,1,9.90,\n"
    items = check(HEADER + line * 3)
    assert [row.occurrence for row in items] == [1, 2, 3]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (
            MEMBERS,
            "reference,name,joined,consent\n" + "A1,Ada,2025-01-01,2025-01-01\n" * 2,
        ),
        (OPENINGS, "reference,points,date\nA1,5,2025-01-01\nA1,7,2025-01-02\n"),
    ],
)
def test_a_member_stands_once_in_a_file_of_members_or_balances(kind, text):
    assert codes(check(text, kind)) == ["ok", ["duplicate_member"]]


def test_a_line_in_another_encoding_is_named_and_the_place_too():
    data = "reference,name,joined,consent\nA1,Zoë,2025-01-01,2025-01-01\n"
    (fault,) = check(data.encode("cp1252"), MEMBERS)
    assert fault.problems[0].code == "encoding_wrong"
    assert fault.problems[0].values == {"encoding": "UTF-8", "byte": 6}
    (row,) = check(data.encode("cp1252"), MEMBERS, FileFormat(encoding="cp1252"))
    assert row.name == "Zoë"


def test_utf8_that_is_read_as_something_else_is_noticed():
    data = "reference,name,joined,consent\nA1,Zoë,2025-01-01,2025-01-01\n"
    (fault,) = check(data, MEMBERS, FileFormat(encoding="cp1252"))
    assert fault.problems[0].code == "encoding_is_utf8"


def test_a_byte_order_mark_is_no_part_of_the_header():
    data = b"\xef\xbb\xbf" + (HEADER + "A1,2026-01-31,1,9.90,\n").encode()
    assert codes(check(data)) == ["ok"]


@pytest.mark.parametrize(
    ("order", "text"),
    [
        ("ymd", "2026-01-31"),
        ("ymd", "20260131"),
        ("ymd", "2026/1/31"),
        ("dmy", "31.01.2026"),
        ("dmy", "31/1/2026"),
        ("mdy", "01/31/2026"),
    ],
)
def test_dates_are_read_in_the_chosen_order(order, text):
    (row,) = check(HEADER + f"A1,{text},1,9.90,\n", fmt=FileFormat(date_order=order))
    assert row.date == date(2026, 1, 31)


def test_a_decimal_comma_is_read_when_chosen_and_a_point_then_is_refused():
    fmt = FileFormat(delimiter=";", decimal_mark=",")
    header = HEADER.replace(",", ";")
    items = check(header + "A1;2026-01-31;1;9,90;\nA1;2026-01-31;1;9.90;\n", fmt=fmt)
    assert items[0].amount == Decimal("9.90")
    assert codes(items)[1] == ["number_unreadable"]


def test_columns_are_found_by_header_in_any_order_and_case():
    (row,) = check("Total,Customer,Note,Date\n9.90,A1,x,2026-01-31\n")
    assert (row.reference, row.amount, row.quantity) == ("A1", Decimal("9.90"), 1)


def test_columns_are_taken_where_the_user_says_they_are():
    fmt = FileFormat(columns={"amount": "Netto", "reference": "1", "date": "3"})
    (row,) = check("K,Netto,Tag\nA1,9.90,2026-01-31\n", fmt=fmt)
    assert (row.reference, row.amount) == ("A1", Decimal("9.90"))


def test_columns_set_apart_by_blanks_need_no_header():
    fmt = FileFormat(
        delimiter=BLANKS,
        has_header=False,
        columns={"reference": "1", "date": "2", "amount": "3"},
    )
    (row,) = check("  A1 \t 2026-01-31   9.90\n", fmt=fmt)
    assert (row.line, row.reference) == (1, "A1")


@pytest.mark.parametrize(
    ("data", "fmt", "code"),
    [
        (b"", {}, "empty"),
        (b"\n \n", {}, "empty"),
        (HEADER.encode(), {}, "empty"),
        (b"PK\x03\x04rest", {}, "spreadsheet"),
        ("a,b\n".encode("utf-16"), {}, "utf16"),
        (b"a;b;c\n1;2;3\n", {}, "columns_missing"),
        (b"date,date,reference,amount\n", {}, "header_twice"),
        (b"reference,date,amount\n", {"columns": {"amount": "Sum"}}, "column_unknown"),
        (b"reference,date,amount\n", {"columns": {"amount": "4"}}, "column_unknown"),
        (
            b"reference,date,amount\n",
            {"columns": {"amount": "date"}},
            "column_used_twice",
        ),
        (b"r\xe9f,date,amount\n", {}, "first_line"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_is_refused_with_its_reason(data, fmt, code):
    with pytest.raises(FileError) as caught:
        check(data, fmt=FileFormat(**fmt))
    assert caught.value.code == code
