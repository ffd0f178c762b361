"""An event's details are what their type says, or they are refused."""

import json
from decimal import Decimal

import pytest
from engine.schema import KINDS, MAX_TEXT, FieldSpec, Problem, clean, find_problems
from hypothesis import given
from hypothesis import strategies as st

RATING = FieldSpec(
    "rating", "integer", required=True, minimum=Decimal(1), maximum=Decimal(5)
)
COMMENT = FieldSpec("comment", "text")
CHANNEL = FieldSpec("channel", "choice", choices=("shop", "web"))

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def codes(payload, *specs):
    return [problem.code for problem in find_problems(payload, specs)]


def test_good_details_have_no_problem():
    payload = {"rating": 5, "comment": "Lovely", "channel": "web"}
    assert find_problems(payload, (RATING, COMMENT, CHANNEL)) == []


def test_an_unknown_field_is_refused():
    problems = find_problems({"rating": 5, "stars": 5}, [RATING])
    assert problems == [Problem("unknown", "stars")]


@pytest.mark.parametrize("payload", [{}, {"rating": None}])
def test_a_required_field_is_missed(payload):
    assert codes(payload, RATING) == ["missing"]


def test_a_required_text_is_more_than_blanks():
    name = FieldSpec("name", "text", required=True)
    assert codes({"name": "  "}, name) == ["missing"]


@pytest.mark.parametrize(("rating", "code"), [(0, "small"), (6, "large")])
def test_a_number_keeps_its_bounds(rating, code):
    assert codes({"rating": rating}, RATING) == [code]


@pytest.mark.parametrize(
    ("kind", "bad"),
    [
        ("integer", 4.5),
        ("integer", "4"),
        ("integer", True),
        ("integer", 10**400),
        ("number", float("nan")),
        ("number", float("inf")),
        ("number", 1e300),
        ("number", False),
        ("number", "1.5"),
        ("text", 7),
        ("text", ["a"]),
        ("text", "nul\0"),
        ("text", "\ud800"),
        ("boolean", 1),
        ("boolean", "true"),
        ("date", "30.06.2026"),
        ("date", "2026-02-30"),
        ("date", "20260630"),
        ("choice", 1),
    ],
)
def test_a_value_of_another_kind_is_refused(kind, bad):
    assert codes({"x": bad}, FieldSpec("x", kind)) == ["kind"]


def test_a_choice_is_one_of_those_offered():
    problems = find_problems({"channel": "phone"}, [CHANNEL])
    assert problems == [Problem("choice", "channel", "shop, web")]


def test_a_text_has_an_end():
    assert codes({"comment": "x" * MAX_TEXT}, COMMENT) == []
    assert codes({"comment": "x" * (MAX_TEXT + 1)}, COMMENT) == ["large"]


@pytest.mark.parametrize("payload", [None, [], "rating", 5, {1: 2}, {"a\0": 1}])
def test_details_are_an_object(payload):
    assert codes(payload, RATING) == ["shape"]


def test_what_is_left_out_is_not_kept():
    assert clean({"rating": 5, "comment": None}) == {"rating": 5}


@given(
    JSON,
    st.lists(
        st.builds(FieldSpec, st.text(), st.sampled_from(KINDS), st.booleans()),
        max_size=4,
    ),
)
def test_whatever_is_sent_is_judged_and_what_passes_can_be_stored(payload, specs):
    if not find_problems(payload, specs):
        text = json.dumps(clean(payload), allow_nan=False)
        assert json.loads(text) == clean(payload)
        assert set(clean(payload)) <= {spec.key for spec in specs}
