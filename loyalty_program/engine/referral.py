"""Who brought whom, and when that is nobody new: codes, likeness, reasons.

Two contacts are compared by what people change when they are their own friend: the
spelling of an e-mail address, the shape of a phone number, the words of an address.
"""

import re
import secrets
import unicodedata
from dataclasses import dataclass

from .codes import ALPHABET

#: Why a referral waits for somebody to look at it, in the order in which it is told.
SELF = "self"
EMAIL = "email"
PHONE = "phone"
ADDRESS = "address"
AGAIN = "again"
CUSTOMER = "customer"
NETWORK = "network"
MEMBER = "member"
CAP = "cap"
REASONS = (SELF, EMAIL, PHONE, ADDRESS, AGAIN, CUSTOMER, NETWORK, MEMBER, CAP)

#: Who joined so many days ago at most may still name who brought them.
FRESH_DAYS = 30

#: Symbols of a code: told to a friend, typed by hand, one in 78 thousand million.
CODE_LENGTH = 8

#: Characters of the longest e-mail address.
EMAIL_LENGTH = 254

#: Mailboxes that ignore dots in the name.
DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}

#: Fewer digits are an extension, or nothing.
PHONE_DIGITS = 7

#: Words of an address that everybody spells differently.
_ABBREVIATIONS = (
    (re.compile(r"stra(?:ss|ß)e\b"), "str"),
    (re.compile(r"\bstreet\b"), "st"),
    (re.compile(r"\broad\b"), "rd"),
    (re.compile(r"\bavenue\b"), "ave"),
)
#: What a hurried eye or hand puts for a symbol of the alphabet.
_LOOK_ALIKES = str.maketrans("ZSGBU", "2568V")


# === Codes ===


def generate_code(randbelow=secrets.randbelow):
    """Return a new code as it is stored.

    :param randbelow: source of randomness: a limit to a number below it
    """
    return "".join(ALPHABET[randbelow(len(ALPHABET))] for _place in range(CODE_LENGTH))


def read_code(text):
    """Return the stored form of a typed code, or None when it cannot be one.

    Case, spaces and hyphens do not matter.
    """
    plain = "".join(char for char in str(text or "").upper() if char.isalnum())
    plain = plain.translate(_LOOK_ALIKES)
    if len(plain) != CODE_LENGTH or not set(plain) <= set(ALPHABET):
        return None
    return plain


def show_code(code):
    """Return the code as people read it, in two halves."""
    half = CODE_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"


# === Likeness ===


@dataclass(frozen=True)
class Address:
    """An address in the form in which it is compared; ``unit`` is the flat, if any."""

    street: str
    unit: str
    postcode: str
    city: str
    country: str


@dataclass(frozen=True)
class Person:
    """What is known of somebody, in the forms in which it is compared.

    :param ids: the contact, and the company that it belongs to
    :param emails: see :func:`email_key`; ``phones``: see :func:`phone_key`
    :param addresses: see :func:`read_address`
    """

    ids: frozenset[int]
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    addresses: frozenset[Address] = frozenset()


def email_key(email):
    """Return the mailbox behind an address, or None where there is none.

    ``Jo.Doe+shop@googlemail.com`` and ``jodoe@gmail.com`` are one mailbox.
    """
    if len(str(email or "")) > EMAIL_LENGTH:
        return None
    name, at, domain = str(email or "").strip().casefold().rpartition("@")
    name = name.partition("+")[0]
    domain = DOTLESS.get(domain, domain)
    if domain in DOTLESS:
        name = name.replace(".", "")
    return f"{name}@{domain}" if name and at and domain else None


def phone_key(phone):
    """Return the digits of a phone number without leading zeros, None for too few."""
    digits = "".join(char for char in str(phone or "") if char.isdecimal())
    # Digits of other scripts are read as what they are worth.
    digits = "".join(str(int(char)) for char in digits).lstrip("0")
    return digits if len(digits) >= PHONE_DIGITS else None


def is_same_phone(one, other):
    """Tell whether two keys are one number, with or without the country's code."""
    return one.endswith(other) or other.endswith(one)


def read_address(street, unit, postcode, city, country):
    """Return an address as it is compared, or None where it names no house.

    :rtype: Address | None
    """
    address = Address(*map(_plain, (street, unit, postcode, city, country)))
    if not address.street or not (address.postcode or address.city):
        return None
    return address


def is_same_household(one, other):
    """Tell whether two addresses are one flat, as far as both say."""
    if one.street != other.street or _differ(one.country, other.country):
        return False
    if _differ(one.unit, other.unit):
        return False
    if one.postcode and other.postcode:
        return one.postcode == other.postcode
    return bool(one.city) and one.city == other.city


def _differ(one, other):
    return bool(one and other) and one != other


def _plain(text):
    """Return a text without accents, case, spaces and punctuation."""
    text = unicodedata.normalize("NFKD", str(text or "").casefold())
    text = "".join(char for char in text if not unicodedata.combining(char))
    for pattern, short in _ABBREVIATIONS:
        text = pattern.sub(short, text)
    return "".join(char for char in text if char.isalnum())


# === Reasons ===


def compare(referrer, friend):
    """Return why the friend looks like the member who brought them.

    :param Person referrer: the member
    :param Person friend: who was brought
    :return: tuple of reasons, in their order; empty: two people
    """
    if referrer.ids & friend.ids:
        return (SELF,)
    reasons = []
    if referrer.emails & friend.emails:
        reasons.append(EMAIL)
    if _any_pair(is_same_phone, referrer.phones, friend.phones):
        reasons.append(PHONE)
    if _any_pair(is_same_household, referrer.addresses, friend.addresses):
        reasons.append(ADDRESS)
    return tuple(reasons)


def is_too_many(count, limit):
    """Tell whether one more is beyond the limit.

    :param int count: how many there are without it
    :param int limit: how many there may be; 0: any number
    """
    return bool(limit) and count >= limit


def _any_pair(test, ones, others):
    return any(test(one, other) for one in ones for other in others)
