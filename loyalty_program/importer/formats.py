"""The three kinds of file, their columns, and how a file is written down."""

import re
from dataclasses import dataclass, field

from .faults import FileError

MEMBERS = "members"
OPENINGS = "openings"
PURCHASES = "purchases"

BLANKS = " "  # this delimiter stands for any run of blanks and tabs


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that a file of a kind can tell.

    :param name: name of the value in the row
    :param reader: name of the reader in ``cells.READERS``
    :param required: whether every line must tell it
    :param headers: headers by which the column is recognised, in lower case
    """

    name: str
    reader: str
    required: bool
    headers: tuple[str, ...]


_REFERENCE = Column(
    "reference",
    "reference",
    True,
    ("reference", "member", "member reference", "customer", "customer id", "ref"),
)

COLUMNS = {
    MEMBERS: (
        _REFERENCE,
        Column("name", "name", True, ("name", "full name", "customer name")),
        Column("email", "email", False, ("email", "e-mail", "mail")),
        Column("phone", "phone", False, ("phone", "telephone", "mobile")),
        Column("joined_on", "date", True, ("joined", "joined on", "member since")),
        Column(
            "consented_on",
            "date",
            True,
            ("consent", "consent date", "consented on", "consented"),
        ),
        Column(
            "consent_version",
            "code",
            False,
            ("consent version", "terms version", "terms"),
        ),
    ),
    OPENINGS: (
        _REFERENCE,
        Column("points", "points", True, ("points", "balance", "opening balance")),
        Column("date", "date", True, ("date", "balance date")),
    ),
    PURCHASES: (
        _REFERENCE,
        Column("date", "date", True, ("date", "purchase date", "day")),
        Column("quantity", "quantity", False, ("quantity", "qty", "units", "items")),
        Column("amount", "amount", True, ("amount", "total", "value", "spend")),
        Column(
            "order_ref",
            "code",
            False,
            ("order", "order reference", "receipt", "invoice"),
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How the bytes of a file become cells.

    :param encoding: name of a Python codec in which a line ends with byte 10
    :param delimiter: one character; ``BLANKS`` for columns set apart by blanks
    :param has_header: whether the first line that is not empty names the columns
    :param date_order: ``ymd``, ``dmy`` or ``mdy``
    :param decimal_mark: ``.`` or ``,``
    :param columns: value name -> header, or number of the column from 1; a value that
        is not named here is recognised by its header, or is not in the file
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    has_header: bool = True
    date_order: str = "ymd"
    decimal_mark: str = "."
    columns: dict[str, str] = field(default_factory=dict)


# The layout in which the CDNOW purchases are published: number in the full file,
# customer, day, number of CDs, dollars, set apart by blanks, without a header.
CDNOW = FileFormat(
    delimiter=BLANKS,
    has_header=False,
    columns={"reference": "2", "date": "3", "quantity": "4", "amount": "5"},
)


def guess_columns(kind, cells):
    """Find the columns of a kind by the headers of a file.

    :param cells: the headers as they stand in the file
    :return: value name -> header, for what was recognised
    :rtype: dict
    """
    by_header = {cell.strip().lower(): cell.strip() for cell in reversed(cells)}
    guess = {}
    for column in COLUMNS[kind]:
        known = (column.name, *column.headers)
        found = next((by_header[name] for name in known if name in by_header), None)
        if found is not None:
            guess[column.name] = found
    return guess


def locate_columns(kind, fmt, cells):
    """Say at which place of a line each value stands.

    :param cells: the first line: the headers, or without a header the first row
    :return: value name -> place from 0
    :rtype: dict
    :raise FileError: a required column is missing, or a named one isn't in the file
    """
    wanted = dict(fmt.columns)
    if fmt.has_header:
        wanted = {**guess_columns(kind, cells), **wanted}
    known = {column.name for column in COLUMNS[kind]}
    places = {
        name: _locate(header, fmt, cells)
        for name, header in wanted.items()
        if header and name in known
    }
    missing = [c.name for c in COLUMNS[kind] if c.required and c.name not in places]
    if missing:
        raise FileError("columns_missing", names=missing, found=len(cells))
    if len(set(places.values())) < len(places):
        raise FileError("column_used_twice")
    return places


def _locate(header, fmt, cells):
    if fmt.has_header:
        wanted = header.strip().lower()
        headers = [cell.strip().lower() for cell in cells]
        if headers.count(wanted) > 1:
            raise FileError("header_twice", header=header)
        if wanted in headers:
            return headers.index(wanted)
    place = int(header) if re.fullmatch("[0-9]{1,4}", header) else 0
    if 1 <= place <= len(cells):
        return place - 1
    raise FileError("column_unknown", header=header, found=len(cells))
