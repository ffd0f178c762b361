"""Codes are random, legible, and betray the slip of a hand."""

import math
import re
from itertools import pairwise

from engine import codes
from hypothesis import given
from hypothesis import strategies as st

LOOK_ALIKES = ("0OQD", "1IL", "2Z", "5S", "6G", "8B", "UV")
numbers = st.integers(0, len(codes.ALPHABET) ** codes.RANDOM_SYMBOLS - 1)
made = numbers.map(lambda number: codes.generate(lambda _limit: number))
#: Characters that a keyboard has.
keys = st.characters(min_codepoint=33, max_codepoint=126)


def plain(code):
    return code.replace("-", "")


def test_a_code_has_at_least_sixty_random_bits():
    limits = []
    codes.generate(lambda limit: limits.append(limit) or 0)
    assert math.log2(limits[0]) >= 60


def test_no_two_symbols_look_alike():
    for group in LOOK_ALIKES:
        assert sum(char in codes.ALPHABET for char in group) <= 1
    assert len(set(codes.ALPHABET)) == len(codes.ALPHABET)


def test_the_alphabet_is_prime_in_number_as_the_check_needs():
    size = len(codes.ALPHABET)
    assert all(size % divisor for divisor in range(2, size))
    assert size > codes.RANDOM_SYMBOLS + 1


@given(made)
def test_a_code_is_grouped_and_begins_as_odoos_barcodes_do(code):
    assert re.fullmatch(r"044(-[2-9CDFHJKMNPRTVWXY]{5}){3}", code)


@given(made, made)
def test_different_numbers_are_different_codes(one, other):
    assert plain(one)[:-1] != plain(other)[:-1] or one == other


def test_a_hundred_thousand_codes_are_all_different_and_use_every_symbol():
    many = {codes.generate() for _number in range(100_000)}
    assert len(many) == 100_000
    for place in range(4, 21):
        seen = {code[place] for code in many}
        assert seen == {"-"} or seen == set(codes.ALPHABET)


@given(made)
def test_a_code_reads_as_itself(code):
    reading = codes.read(code)
    assert reading.candidates == (code,)
    assert reading.is_ours
    assert not reading.is_mistyped


@given(made, st.data())
def test_case_spaces_hyphens_and_the_prefix_do_not_matter(code, data):
    body = plain(code) if data.draw(st.booleans()) else plain(code)[3:]
    text = "".join(
        data.draw(st.sampled_from(["", " ", "-", "\N{NO-BREAK SPACE}"]))
        + data.draw(st.sampled_from([char, char.lower()]))
        for char in body
    )
    assert codes.read(text).candidates[-1] == code
    assert not codes.read(text).is_mistyped


@given(made, st.integers(0, 17), keys.filter(str.isalnum))
def test_every_single_wrong_character_shows(code, place, wrong):
    text = plain(code)
    typed = text[:place] + wrong + text[place + 1 :]
    reading = codes.read(typed)
    if code in reading.candidates:
        # The same symbol: another case, or one that only looks like another.
        assert wrong.upper() in {text[place], *LOOK_ALIKE_OF.get(text[place], "")}
    else:
        assert len(reading.candidates) == 1
        assert reading.is_ours
        assert reading.is_mistyped


LOOK_ALIKE_OF = {"2": "Z", "5": "S", "6": "G", "8": "B", "V": "U", "0": "O"}


@given(made)
def test_what_looks_like_a_symbol_is_read_as_it(code):
    typed = "".join(LOOK_ALIKE_OF.get(char, char) for char in code)
    reading = codes.read(typed)
    assert reading.candidates[-1] == code
    assert reading.is_ours
    assert not reading.is_mistyped


@given(made)
def test_every_swap_of_neighbours_shows(code):
    text = plain(code)
    for place, (left, right) in enumerate(pairwise(text)):
        if left == right:
            continue
        typed = text[:place] + right + left + text[place + 2 :]
        reading = codes.read(typed)
        assert code not in reading.candidates
        assert len(reading.candidates) == 1
        assert reading.is_mistyped


@given(made, st.integers(3, 17), st.integers(3, 17))
def test_every_swap_of_any_two_symbols_shows(code, one, other):
    typed = list(plain(code))
    typed[one], typed[other] = typed[other], typed[one]
    same = plain(code)[one] == plain(code)[other]
    assert codes.read("".join(typed)).is_mistyped != same


@given(st.from_regex(r"044[0-9a-f]-[0-9a-f]{4}-[0-9a-f]{4}", fullmatch=True))
def test_odoos_own_codes_are_read_in_any_case_and_never_called_mistyped(code):
    for text in (code, code.upper(), plain(code), f" {code} "):
        reading = codes.read(text)
        assert reading.candidates[-1] == code
        assert not reading.is_ours
        assert not reading.is_mistyped


def test_what_odoo_would_not_make_is_read_as_it_stands():
    for text in ("0441-AB12-CG34", "1441-AB12-CD34", "0441-AB12-CD3"):
        assert codes.read(text).candidates == (text,)


@given(st.text(max_size=40))
def test_the_literal_text_comes_first_without_what_no_one_can_type(text):
    literal = "".join(char for char in text if char.isprintable()).strip()
    assert codes.read(text).candidates[0] == literal
    assert "\0" not in literal


@given(st.text(max_size=14))
def test_short_hand_written_codes_are_never_called_mistyped(text):
    assert not codes.read(text).is_mistyped


def test_words_are_never_called_mistyped():
    words = (
        "SUMMER2026",
        "WELCOME-BACK-10",
        "044123456",
        "0441234567890123456",
        # As long as a code of ours, without the prefix and with it.
        "WELCOME-BACK-2026",
        "044-WELCOME-BACK-2026",
    )
    for text in words:
        assert not codes.read(text).is_mistyped
