"""Referrals: codes are read kindly, and nobody is their own friend."""

import pytest
from engine.codes import ALPHABET
from engine.referral import (
    ADDRESS,
    CODE_LENGTH,
    EMAIL,
    PHONE,
    REASONS,
    SELF,
    Person,
    compare,
    email_key,
    generate_code,
    is_same_household,
    is_same_phone,
    is_too_many,
    phone_key,
    read_address,
    read_code,
    show_code,
)
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.text("abcdefghij", min_size=1, max_size=12)
CODES = st.text(ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH)
DIGITS = st.text("123456789", min_size=9, max_size=12)
PEOPLE = st.builds(
    Person,
    ids=st.frozensets(st.integers(1, 4), min_size=1, max_size=2),
    emails=st.frozensets(st.sampled_from(["a@x.com", "b@x.com"])),
    phones=st.frozensets(st.sampled_from(["2079460958", "442079460958", "1234567"])),
    addresses=st.frozensets(
        st.sampled_from(
            [
                read_address("1 Main Street", "", "123", "Town", "GB"),
                read_address("1 Main St.", "Flat 2", "123", "Town", ""),
                read_address("2 Main St.", "", "", "Town", "GB"),
            ]
        )
    ),
)


def test_a_new_code_has_only_legible_symbols():
    assert read_code(generate_code()) is not None
    assert generate_code(lambda limit: limit - 1) == ALPHABET[-1] * CODE_LENGTH


@given(CODES)
def test_a_code_is_read_as_it_is_shown_or_typed(code):
    for text in (show_code(code), code.lower(), f" {' '.join(code)} "):
        assert read_code(text) == code


@pytest.mark.parametrize(
    "text", [None, "", "  ", "1234", "K7M2XWP", "K7M2XWPDD", "é" * 8]
)
def test_what_cannot_be_a_code_is_none(text):
    assert read_code(text) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jo.Doe+shop@GoogleMail.com", "jodoe@gmail.com"),
        ("mia+1@Example.com", "MIA@example.com"),
        (" mia@example.com ", "mia@example.com"),
    ],
)
def test_one_mailbox_in_two_spellings(one, other):
    assert email_key(one) == email_key(other)


def test_dots_count_where_the_mailbox_counts_them():
    assert email_key("jo.doe@example.com") != email_key("jodoe@example.com")


@pytest.mark.parametrize(
    "text",
    [None, False, "", "mia", "@example.com", "+x@a.com", "a@", "x" * 250 + "@a.com"],
)
def test_what_is_no_mailbox_is_none(text):
    assert email_key(text) is None


@given(NAMES, st.data())
def test_dots_tags_and_case_never_make_somebody_else(name, data):
    place = data.draw(st.integers(0, len(name)))
    dotted = f"{name[:place]}.{name[place:]}"
    tag = data.draw(NAMES)
    assert email_key(f"{dotted.upper()}+{tag}@gmail.com") == f"{name}@gmail.com"


@given(DIGITS)
def test_a_phone_number_is_the_same_with_and_without_its_country(digits):
    national = f"0{digits[:3]} {digits[3:]}"
    for other in (f"+49 {digits}", f"0049/{digits}", f"+49-{digits[:2]}-{digits[2:]}"):
        assert is_same_phone(phone_key(national), phone_key(other))


@pytest.mark.parametrize("text", [None, False, "", "12", "000 000", "ext. 12345"])
def test_an_extension_is_no_phone_number(text):
    assert phone_key(text) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            ("Hauptstraße 5a", "", "10115", "", "DE"),
            ("hauptstr. 5 A", "", "10115", "Berlin", ""),
            True,
        ),
        (
            ("12 Élan Street", "", "", "Paris", "FR"),
            ("12 Elan St", "", "", "paris", "FR"),
            True,
        ),
        (
            ("12 Elan St", "Flat 1", "1", "", ""),
            ("12 Elan St", "Flat 2", "1", "", ""),
            False,
        ),
        (("12 Elan St", "Flat 1", "1", "", ""), ("12 Elan St", "", "1", "", ""), True),
        (("12 Elan St", "", "1", "", "FR"), ("12 Elan St", "", "1", "", "BE"), False),
        (("12 Elan St", "", "1", "A", ""), ("12 Elan St", "", "2", "A", ""), False),
        (("12 Elan St", "", "1", "", ""), ("12 Elan St", "", "", "A", ""), False),
    ],
)
def test_households(one, other, same):
    one, other = read_address(*one), read_address(*other)
    assert is_same_household(one, other) is same
    assert is_same_household(other, one) is same


@pytest.mark.parametrize(
    "parts", [("", "", "1", "A", "FR"), ("12 Elan St", "", "", "", "FR")]
)
def test_what_names_no_house_is_no_address(parts):
    assert read_address(*parts) is None


@given(PEOPLE, PEOPLE)
def test_likeness_goes_both_ways_and_is_told_in_order(one, other):
    found = compare(one, other)
    assert found == compare(other, one)
    assert list(found) == sorted(found, key=REASONS.index)
    assert (SELF in found) == bool(one.ids & other.ids)
    if not one.ids & other.ids:
        assert (EMAIL in found) == bool(one.emails & other.emails)


def test_strangers_are_two_people_and_twins_are_told_apart_by_every_sign():
    house = read_address("1 Main St", "", "123", "", "")
    one = Person(
        frozenset({1}),
        frozenset({"a@x.com"}),
        frozenset({"1234567"}),
        frozenset({house}),
    )
    same = Person(frozenset({2}), one.emails, one.phones, one.addresses)
    assert compare(one, same) == (EMAIL, PHONE, ADDRESS)
    assert compare(one, Person(frozenset({3}))) == ()


@pytest.mark.parametrize(
    ("count", "limit", "beyond"),
    [(0, 0, False), (99, 0, False), (2, 3, False), (3, 3, True)],
)
def test_a_limit_of_nought_is_none(count, limit, beyond):
    assert is_too_many(count, limit) is beyond
