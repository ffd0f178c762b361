"""The rows of a file, each with the key that keeps it from being posted twice.

The ``text`` of a row is the beginning of its line, for the person who reads about it.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .formats import MEMBERS, OPENINGS, PURCHASES


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody who was a member in the old system, with the consent given there."""

    line: int
    reference: str
    name: str
    joined_on: date
    consented_on: date
    email: str | None = None
    phone: str | None = None
    consent_version: str | None = None
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """The balance with which a member comes over."""

    line: int
    reference: str
    points: Decimal
    date: date
    text: str = field(default="", compare=False)

    def content(self):
        """Return what makes this row the same in every reading of the file."""
        return [OPENINGS, self.reference, _plain(self.points), self.date.isoformat()]


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    """A purchase of the past.

    :param occurrence: 1 for the first line with this content and no order reference, 2
        for the second: somebody who bought the same twice on a day bought it twice
    """

    line: int
    reference: str
    date: date
    amount: Decimal
    quantity: Decimal = Decimal(1)
    order_ref: str | None = None
    occurrence: int = 1
    text: str = field(default="", compare=False)

    def content(self):
        """Return what makes this row the same in every reading of the file."""
        return [
            PURCHASES,
            self.reference,
            self.date.isoformat(),
            _plain(self.quantity),
            _plain(self.amount),
            self.order_ref or "",
        ]


ROW_TYPES = {MEMBERS: MemberRow, OPENINGS: OpeningRow, PURCHASES: PurchaseRow}


def row_key(row, program_id, source):
    """Return the idempotency key of a row: the same content gives the same key.

    :param row: an opening or a purchase
    :param source: name of the old system; two systems may know the same references
    """
    parts = [program_id, source.strip().casefold(), *row.content()]
    parts.append(getattr(row, "occurrence", 1))
    digest = hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode())
    return f"import:{digest.hexdigest()[:40]}"


def _plain(number):
    """Write 5, 5.0 and 5.00 the same way, never with an exponent."""
    return format(number.normalize(), "f")
