"""The addons' tests, by Odoo's own runner, on clones of the template."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

from . import addons, config, databases, odoo_log, stamps, templates
from .messages import say
from .odoo import free_port
from .process import call, tail
from .results import Result, unexplained_skips

DURATIONS = "durations"
# Seconds to expect of what has never run: a test, one that asks for pages, a browser.
GUESS_S = 0.3
GUESS_PAGE_S = 0.7
GUESS_BROWSER_S = 8.0
TEST = re.compile(r"^    def test_", re.MULTILINE)
PAGE = re.compile(r"HttpC|WebsiteCommon|url_open|_open\(")
BROWSER = re.compile(r"\b(start_tour|start_pos_tour|browser_js)\b")


def test_files():
    """Return the addons' test files as paths relative to the root."""
    found = []
    for name in addons.names():
        found += sorted((config.ROOT / name / "tests").rglob("test_*.py"))
    return [path.relative_to(config.ROOT).as_posix() for path in found]


def key(path):
    """Return a test file's name in the record of durations."""
    return path


def expected(path, durations):
    """Return how many seconds a test file will take, as far as we know."""
    if path in durations:
        return durations[path]
    text = (config.ROOT / path).read_text()
    each = GUESS_PAGE_S if PAGE.search(text) else GUESS_S
    browsers = len(BROWSER.findall(text))
    return each * len(TEST.findall(text)) + GUESS_BROWSER_S * browsers


def split(weights, count):
    """Share out files so that the shares take about the same time.

    :param dict weights: {file: seconds}
    :param int count: the number of shares
    :return: lists of files, none of them empty
    """
    shares = [[] for _ in range(count)]
    loads = [0.0] * count
    for name in sorted(weights, key=lambda name: (-weights[name], name)):
        lightest = loads.index(min(loads))
        shares[lightest].append(name)
        loads[lightest] += weights[name]
    return [share for share in shares if share]


def run(odoo):
    """Run all addon tests, two processes at once, each with its database.

    :rtype: list[Result]
    """
    durations = stamps.read(DURATIONS) or {}
    weights = {path: expected(path, durations) for path in test_files()}
    shares = split(weights, config.workers())
    if not shares:
        return [Result("addon tests", problems=["no test file in any addon"])]
    say(f"addon tests: {len(weights)} files in {len(shares)} processes")
    numbers = range(1, len(shares) + 1)
    with ThreadPoolExecutor(len(shares)) as pool:
        done = list(pool.map(lambda n: run_share(odoo, n, shares[n - 1]), numbers))
    for _result, seconds in done:
        durations.update(seconds)
    stamps.write(
        DURATIONS, {path: durations[path] for path in weights if path in durations}
    )
    return [result for result, _seconds in done]


def run_share(odoo, number, files):
    """Run some test files in a database of their own.

    :return: the result, and the seconds of each file
    :rtype: tuple[Result, dict]
    """
    database = f"test_{number}"
    databases.clone(templates.SUITE, database)
    tags = ",".join(f"/{path}" for path in files)
    log = config.LOGS / f"{database}.log"
    result, report = run_tags(odoo, database, tags, log, f"addon tests {number}")
    spent = {
        f"{addon}/tests/{module.replace('.', '/')}.py": seconds
        for (addon, module), seconds in report.files.items()
    }
    silent = [path for path in files if path not in spent]
    result.problems += [f"no test of {path} ran" for path in silent]
    databases.drop(database)
    return result, believable(spent, result.seconds)


def believable(spent, whole):
    """Drop what no file can have taken: the log of frozen time jumps by months.

    :param dict spent: {file: seconds} as the log tells
    :param float whole: seconds of the whole run
    """
    return {
        path: round(seconds, 1)
        for path, seconds in spent.items()
        if 0 <= seconds <= whole
    }


def run_tags(odoo, database, tags, log, name):
    """Run Odoo's test runner in a prepared database and judge its log.

    :param str tags: value of --test-tags
    :rtype: tuple[Result, Report]
    """
    started = time.monotonic()
    conf = odoo.configuration(database, database)
    words = ["--test-tags", tags, "--stop-after-init", "--max-cron-threads=0"]
    words += ["--http-port", str(free_port())]
    command = odoo.command(conf, *words)
    code = call(command, log=log, env=config.odoo_environment(), cwd=config.HOME)
    text = log.read_text(errors="replace")
    report = odoo_log.read_tests(text, odoo_log.rules(odoo_log.ALLOWLIST, "pattern"))
    result = judge(report, code, name)
    if code and not report.complete:
        result.details.append(tail(log, 30))
    result.seconds = time.monotonic() - started
    return result, report


def judge(report, code, name):
    """Turn a report and an exit code into a result.

    :param odoo_log.Report report: what the log told
    :param int code: the exit code of Odoo
    :rtype: Result
    """
    skipped = len(report.skipped)
    result = Result(name, failed=report.failed, skipped=skipped)
    result.passed = max(0, report.ran - report.failed - skipped)
    result.details += report.failures
    result.problems += [f"in Odoo's log: {text}" for text in report.complaints]
    listed = odoo_log.rules(odoo_log.SKIPLIST, "test")
    result.problems += unexplained_skips(report.skipped, listed)
    if not report.complete:
        result.problems.append(f"Odoo ended without a verdict (exit {code})")
    elif not report.ran:
        result.problems.append("no test ran")
    elif code and not report.failed:
        result.problems.append(f"Odoo ended with {code}")
    return result
