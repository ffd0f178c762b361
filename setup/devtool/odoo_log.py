"""Read Odoo's log: what tests ran, and what nobody has explained."""

import re
import tomllib
from dataclasses import dataclass, field
from datetime import datetime

from .config import SETUP
from .messages import Problem

ALLOWLIST = SETUP / "log_allowlist.toml"
SKIPLIST = SETUP / "skip_allowlist.toml"
LINE = re.compile(
    r"^(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) \d+ "
    r"(?P<level>[A-Z]+) (?P<database>\S+) (?P<logger>[\w.?-]+): (?P<text>.*)$"
)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
TEST_LOGGER = re.compile(r"^odoo\.addons\.(\w+)\.tests\.(.+)$")
STARTING = re.compile(r"^Starting (\S+) \.\.\.$")
SKIPPED = re.compile(r"^skipped (\S+) : (.*)$", re.DOTALL)
FAILED = re.compile(r"^(?:FAIL|ERROR): (?:Subtest )?(\S+)")
TOTAL = re.compile(r"^(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading")
BAD_LEVELS = ("WARNING", "ERROR", "CRITICAL")


@dataclass
class Entry:
    """One record of the log with its continuation lines."""

    time: str
    level: str
    logger: str
    text: str

    @property
    def seconds(self):
        return datetime.strptime(self.time, "%Y-%m-%d %H:%M:%S,%f").timestamp()

    def __str__(self):
        return f"{self.level} {self.logger}: {self.text}"


@dataclass
class Report:
    """What a run of Odoo's tests told.

    `skipped` holds (test, reason), `failures` and `complaints` texts, `files` the
    seconds of each test file under (addon, dotted name).
    """

    ran: int = 0
    failed: int = 0
    skipped: list = field(default_factory=list)
    failures: list = field(default_factory=list)
    complaints: list = field(default_factory=list)
    files: dict = field(default_factory=dict)
    outcomes: dict = field(default_factory=dict)
    complete: bool = False


def entries(text):
    """Return the records of a log; lines before the first one are one of it."""
    found = []
    for line in COLOUR.sub("", text).splitlines():
        match = LINE.match(line)
        if match:
            found.append(
                Entry(*match.group("time", "level", "logger"), match["text"].rstrip())
            )
        elif found:
            found[-1].text += f"\n{line}"
        elif line.strip():
            found.append(Entry("1970-01-01 00:00:00,000", "ERROR", "output", line))
    return found


def rules(path, key):
    """Return [(compiled expression, reason)] of a reasoned list.

    :raise Problem: for an entry without a reason
    """
    found = []
    for item in tomllib.loads(path.read_text()).get("allow", []):
        expression, reason = item.get(key), item.get("reason", "").strip()
        if not expression or len(reason) < 10:
            raise Problem(f"{path.name}: each entry needs a {key} and a reason")
        found.append((re.compile(expression), reason))
    return found


def complaints(found, allowed):
    """Return the warnings and errors that no rule explains, tests' own excepted."""
    return [
        str(entry)
        for entry in found
        if entry.level in BAD_LEVELS
        and not _is_verdict(entry)
        and not any(rule.search(str(entry)) for rule, _reason in allowed)
    ]


def _is_verdict(entry):
    """Tell whether a record is the runner's word on a test, counted elsewhere."""
    if entry.logger == "odoo.tests.result":
        return True
    return bool(TEST_LOGGER.match(entry.logger) and FAILED.match(entry.text))


def read_tests(text, allowed):
    """Read the log of one run of Odoo's tests.

    :param str text: the log
    :param list allowed: rules for warnings and errors
    :rtype: Report
    """
    report = Report()
    found = entries(text)
    current, since = None, 0.0
    for entry in found:
        total = TOTAL.match(entry.text) if entry.logger == "odoo.tests.result" else None
        if total:
            failures, errors, ran = map(int, total.groups())
            report.ran += ran
            report.failed += failures + errors
            report.complete = True
        match = TEST_LOGGER.match(entry.logger)
        if not match:
            continue
        if STARTING.match(entry.text):
            _spend(report, current, entry.seconds - since)
            current, since = match.groups(), entry.seconds
        _note(report, match[1], entry)
    if found:
        _spend(report, current, found[-1].seconds - since)
    report.complaints = complaints(found, allowed)
    return report


def _spend(report, name, seconds):
    if name:
        report.files[name] = report.files.get(name, 0.0) + seconds


def _note(report, addon, entry):
    """Enter one record of a test into the report."""
    started, skipped = STARTING.match(entry.text), SKIPPED.match(entry.text)
    failed = FAILED.match(entry.text) if entry.level == "ERROR" else None
    if started:
        report.outcomes.setdefault(f"{addon}:{started[1]}", "passed")
    elif skipped:
        report.skipped.append((f"{addon}:{skipped[1]}", skipped[2].strip()))
        report.outcomes[f"{addon}:{skipped[1]}"] = "skipped"
    elif failed:
        report.failures.append(str(entry))
        report.outcomes[f"{addon}:{failed[1]}"] = "failed"
