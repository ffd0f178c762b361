"""What has the shape that a caller should send, and what has not."""

import pytest
from engine import shapes
from engine.rounding import is_number

INFINITE = float("inf")


@pytest.mark.parametrize(
    ("shape", "right", "wrong"),
    [
        (
            shapes.is_id,
            [1, 2**31 - 1],
            [0, -1, 2**31, True, 1.0, "1", None, [], [1], {}, INFINITE],
        ),
        (
            shapes.is_key,
            [1, -1, "1", "-7", "2147483647"],
            [0, "0", "-0", "", "abc", "1.0", "²", "١", "2147483648", "9" * 99, 1.0]
            + [True, None, " 1", "1\n", [], {}],
        ),
        (
            shapes.is_text,
            ["", "words", "“ß”", "x" * 9999],
            ["a\0b", "\ud800", b"bytes", None, 1, ["a"], {}],
        ),
        (
            shapes.is_token,
            ["click", "x" * 64],
            ["", "x" * 65, "\0", 1, None, True],
        ),
        (
            shapes.is_day,
            ["2026-06-30", "2026-06-30 10:00:00", "2026-06-30T10:00:00.000Z"],
            ["", "2026-13-01", "2026-02-30", "20260630", "2026-W01-1", "abc", 1, None]
            + ["٢٠٢٦-06-30", "2026-06-30\0"],
        ),
        (
            shapes.optional(shapes.is_id),
            [None, False, 1],
            [True, 0, "", []],
        ),
        (
            shapes.list_of(shapes.is_id),
            [[], [1], (1, 2)],
            [None, 1, {}, {1: 1}, "1", [0], [1, [1]]],
        ),
        (
            shapes.pair_of(shapes.is_id, is_number),
            [[1, 2.5], (1, -1)],
            [[], [1], [1, 2, 3], ["a", 1], [1, float("nan")], [1, 1e300], {}, None],
        ),
        (
            shapes.map_of(shapes.is_key, is_number),
            [{}, {"1": 2}, {-1: 0.5}],
            [[], None, {"abc": 1}, {"1": "abc"}, {"1": [1]}],
        ),
        (
            shapes.facts(card=shapes.is_id, note=shapes.optional(shapes.is_text)),
            [{"card": 1}, {"card": 1, "note": "", "other": object()}],
            [{}, {"card": "1"}, {"card": 1, "note": 1}, [], None, "card"],
        ),
        (shapes.is_anything, [None, [], {}, INFINITE], []),
    ],
)
def test_what_has_a_shape_and_what_has_not(shape, right, wrong):
    assert [value for value in right if not shape(value)] == []
    assert [value for value in wrong if shape(value)] == []
