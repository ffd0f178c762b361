from datetime import date

import pytest
from engine.code_list import MAX_CODE, CodeFault, CodeRow, read_codes

TODAY = date(2026, 6, 30)


def test_codes_stand_one_a_line_perhaps_with_a_day():
    text = 'Code;Until\r\nAB-1\r\n\r\n  CD-2 ; 2026-12-31\nEF-3,2026-06-30\n"GH 4"\n'
    rows, faults = read_codes(text, TODAY)
    assert rows == [
        CodeRow(2, "AB-1"),
        CodeRow(4, "CD-2", date(2026, 12, 31)),
        CodeRow(5, "EF-3", TODAY),
    ]
    assert faults == [CodeFault(6, "character", "GH 4")]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("x" * (MAX_CODE + 1), "long"),
        ("A\x00B", "character"),
        ("A B", "character"),
        ("A;2026-12-31;more", "columns"),
        (";2026-12-31", "empty"),
        ("A;31.12.2026", "date"),
        ("A;2026-06-29", "past"),
        ("FIRST", "double"),
    ],
)
def test_a_bad_line_is_told_by_its_number(line, kind):
    rows, faults = read_codes(f"FIRST\n{line}", TODAY)
    assert [row.code for row in rows] == ["FIRST"]
    assert [(fault.line, fault.kind) for fault in faults] == [(2, kind)]


def test_a_double_names_the_line_of_the_first():
    _rows, faults = read_codes("A\nB\nA\nA", TODAY)
    assert faults == [CodeFault(3, "double", "A", 1), CodeFault(4, "double", "A", 1)]


def test_nothing_is_no_code():
    assert read_codes("", TODAY) == ([], [])
    assert read_codes("code", TODAY) == ([], [])


def test_only_the_first_line_is_a_heading():
    assert read_codes("A\nCode", TODAY) == ([CodeRow(1, "A"), CodeRow(2, "Code")], [])


def test_the_longest_code_is_taken():
    assert read_codes("x" * MAX_CODE, TODAY) == ([CodeRow(1, "x" * MAX_CODE)], [])
