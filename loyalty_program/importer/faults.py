"""What can be wrong with a file or with a line of it, as codes and values.

The wording belongs to the service, which can translate it; a code here is a stable
name that a test or a caller may compare.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a line cannot be imported."""

    code: str
    values: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that cannot be imported.

    :param line: number of the line in the file, from 1, the header included
    :param problems: every reason, in the order of the columns
    :param text: the beginning of the line, for the person who mends it
    """

    line: int
    problems: tuple[Problem, ...]
    text: str = ""


class FileError(Exception):
    """The file as a whole cannot be read: nothing in it can be skipped or saved."""

    def __init__(self, code, **values):
        super().__init__(code, values)
        self.code = code
        self.values = values
