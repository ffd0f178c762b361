"""What is asked of an import, and what came of it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .faults import Fault
from .formats import FileFormat


@dataclass(frozen=True, slots=True)
class ImportJob:
    """One file of one kind, meant for one programme.

    :param kind: ``members``, ``openings`` or ``purchases``
    :param fmt: how the file is written down
    :param source: name of the old system; part of every idempotency key
    :param consent: whether everybody in the file agreed to become a member; without
        it, balances and purchases of customers who are no members are bad lines
    """

    kind: str
    fmt: FileFormat = field(default_factory=FileFormat)
    source: str = "history"
    consent: bool = False


@dataclass(slots=True)
class Report:
    """What a check found, or what an import did.

    :param rows: lines that are good
    :param known: good lines that an earlier import brought in already
    :param joining: reference -> day, of the customers who become members
    :param faults: the bad lines, in the order of the file
    """

    rows: int = 0
    known: int = 0
    amount: Decimal = Decimal(0)
    points: Decimal = Decimal(0)
    joining: dict[str, date] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
