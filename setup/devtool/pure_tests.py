"""Plain pytest: the engine, the repository, and this tool itself."""

import os
import time
import xml.etree.ElementTree as ElementTree

from . import config
from .odoo_log import SKIPLIST, rules
from .process import call, tail
from .results import Result, unexplained_skips


def run(arguments=(), *, name="tests (plain pytest)", log=None, options=(), env=None):
    """Run pytest and read its report.

    :param arguments: paths and options of pytest
    :param Path log: file for the output; None shows it
    :param options: words that choose plugins
    :rtype: Result
    """
    started = time.monotonic()
    report = config.STATE / f"pytest-{os.getpid()}.xml"
    words = ["-p", "no:cacheprovider", *(options or ("-p", "no:odoo"))]
    command = [config.PYTHON, "-m", "pytest", f"--junit-xml={report}", "-rfE", *words]
    variables = {
        **(env or os.environ),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(config.HOME / "cache" / "hypothesis"),
    }
    code = call([*command, *arguments], log=log, cwd=config.ROOT, env=variables)
    result = read(report.read_text() if report.exists() else "", name)
    report.unlink(missing_ok=True)
    result.seconds = time.monotonic() - started
    if not result.ok or code:
        if log:
            result.details.append(tail(log, 60))
        if code and not result.failed:
            result.problems.append(f"pytest ended with {code}")
    return result


def read(text, name):
    """Read a JUnit report of pytest."""
    result = Result(name)
    if not text:
        result.problems.append("pytest left no report")
        return result
    skips = []
    for case in ElementTree.fromstring(text).iter("testcase"):
        label = f"{case.get('classname')}::{case.get('name')}"
        skipped = case.find("skipped")
        if skipped is not None:
            result.skipped += 1
            skips.append((label, skipped.get("message", "")))
        elif case.find("failure") is not None or case.find("error") is not None:
            result.failed += 1
        else:
            result.passed += 1
    result.problems += unexplained_skips(skips, rules(SKIPLIST, "test"))
    if not result.passed + result.failed:
        result.problems.append("no test ran")
    return result
