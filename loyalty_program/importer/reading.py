"""From a stream of bytes to the cells of its lines, in bounded memory.

A row is one physical line: a quoted cell may hold the delimiter, not a line break.
That is what keeps a forgotten quote from swallowing the rest of the file.
"""

import csv

from .faults import Fault, FileError, Problem
from .formats import BLANKS

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_LINE_BYTES = 10_000
MAX_ROWS = 500_000
_CHUNK = 64 * 1024
_EXCERPT = 100


def read_cells(stream, fmt):
    """Yield the number and the cells of each line that isn't empty.

    :param stream: binary file object, read once from where it stands
    :param FileFormat fmt: how the file is written down
    :return: ``(number, cells, text)``, or a :class:`Fault` for a line without cells
    :raise FileError: the file is too big, empty or no text at all
    """
    rows = 0
    for number, line in _read_lines(stream):
        if not isinstance(line, Fault):
            line = _decode(number, line, fmt.encoding)
        if isinstance(line, str):
            if not line.strip():
                continue
            line = _split(number, line, fmt.delimiter)
        rows += 1
        if rows > MAX_ROWS:
            raise FileError("too_many_rows", limit=MAX_ROWS)
        yield line
    if not rows:
        raise FileError("empty")


def read_first_cells(stream, fmt):
    """Return the cells of the first line, to guess the columns from.

    :return: list of cells, empty where the first line cannot be read
    """
    try:
        first = next(read_cells(stream, fmt))
    except FileError:
        return []
    return [] if isinstance(first, Fault) else first[1]


def _read_lines(stream):
    """Yield number and raw line; of one that is too long only its beginning is kept."""
    size = number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        size += len(line)
        if number == 1:
            line = _check_beginning(line)
        if len(line) > MAX_LINE_BYTES:
            size += _skip_rest(stream, line)
            problem = Problem("line_too_long", {"limit": MAX_LINE_BYTES})
            line = Fault(number, (problem,), _excerpt_bytes(line))
        if size > MAX_FILE_BYTES:
            raise FileError("file_too_big", limit=MAX_FILE_BYTES // 1024 // 1024)
        yield number, line if isinstance(line, Fault) else line.rstrip(b"\r\n")


def _skip_rest(stream, line):
    """Pass over what is left of a line and return how many bytes that was."""
    size = 0
    while not line.endswith(b"\n") and size <= MAX_FILE_BYTES:
        line = stream.readline(_CHUNK)
        if not line:
            break
        size += len(line)
    return size


def _check_beginning(line):
    """Refuse what is no text file; take the mark off that some programs put first."""
    if line.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise FileError("spreadsheet")
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileError("utf16")
    return line.removeprefix(b"\xef\xbb\xbf")


def _decode(number, line, encoding):
    try:
        text = line.decode(encoding)
    except UnicodeDecodeError as error:
        values = {"encoding": encoding.upper(), "byte": error.start + 1}
        problem = Problem("encoding_wrong", values)
        return Fault(number, (problem,), _excerpt_bytes(line))
    if "\0" in text:
        return Fault(number, (Problem("not_text"),), _excerpt(text.replace("\0", "")))
    if encoding != "utf-8" and not line.isascii() and _is_utf8(line):
        # Accents that happen to be valid UTF-8 are not written that way by accident;
        # read in the other encoding they would become members called "ZoÃ«".
        problem = Problem("encoding_is_utf8", {"encoding": encoding.upper()})
        return Fault(number, (problem,), _excerpt(text))
    return text


def _is_utf8(line):
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _split(number, text, delimiter):
    if delimiter == BLANKS:
        return number, text.split(), _excerpt(text)
    try:
        (cells,) = csv.reader([text], delimiter=delimiter, strict=True)
    except csv.Error:
        return Fault(number, (Problem("quotes"),), _excerpt(text))
    return number, cells, _excerpt(text)


def _excerpt(text):
    return text if len(text) <= _EXCERPT else text[: _EXCERPT - 1] + "…"


def _excerpt_bytes(line):
    return _excerpt(line[: 2 * _EXCERPT].decode("ascii", "replace").strip())
