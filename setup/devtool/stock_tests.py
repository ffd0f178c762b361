"""`./dev test --stock`: the standard addons' own tests, without and with the suite."""

import time
from concurrent.futures import ThreadPoolExecutor

from . import config, databases, odoo_log, stamps, templates
from .messages import Problem, say
from .odoo import free_port
from .process import call, tail
from .results import Result

ADDONS = ("loyalty", "sale_loyalty", "pos_loyalty", "website_sale_loyalty")
TAGS = ",".join(f"/{name}" for name in ADDONS)
EXCEPTIONS = config.SETUP / "stock_exceptions.txt"
PLAIN = "stock_plain"


def exceptions(text):
    """Return {test: reason} of the list of tests that may differ on purpose.

    Each line: `addon:Class.method  # reason with the number of its ADR`.
    """
    found = {}
    for line in text.splitlines():
        name, _hash, reason = line.partition("#")
        if not name.strip():
            continue
        if not reason.strip():
            raise Problem(f"{EXCEPTIONS.name}: {name.strip()} has no reason")
        found[name.strip()] = reason.strip()
    return found


def compare(plain, suite, excepted):
    """Return the tests that pass without the suite and do not pass with it.

    :param dict plain: {test: outcome} on the standard addons alone
    :param dict suite: the same with the suite installed
    :param excepted: names that may differ
    """
    return [
        name
        for name, outcome in sorted(plain.items())
        if outcome == "passed"
        and suite.get(name, "missing") != "passed"
        and name not in excepted
    ]


def run(odoo):
    """Run both and compare them.

    :rtype: list[Result]
    """
    excepted = exceptions(EXCEPTIONS.read_text())
    templates.suite(odoo)
    want = stamps.digest(templates.stock_digest(odoo), TAGS)
    known = stamps.read(PLAIN) or {}
    jobs = {"suite": templates.SUITE}
    if known.get("made_from") != want:
        jobs["plain"] = templates.STOCK
    say(f"the tests of {', '.join(ADDONS)}: {' and '.join(jobs)}")
    with ThreadPoolExecutor(len(jobs)) as pool:
        done = dict(pool.map(lambda item: (item[0], _run(odoo, *item)), jobs.items()))
    if "plain" in done:
        outcomes = done["plain"].outcomes
        if not outcomes:
            raise Problem("no test ran on plain stock", f"see {config.LOGS}")
        known = {"made_from": want, "outcomes": outcomes}
        stamps.write(PLAIN, known)
    return [verdict(known["outcomes"], done["suite"], excepted)]


def verdict(plain, report, excepted):
    """Turn the comparison into a result."""
    result = Result("standard addons' tests with suite")
    broken = compare(plain, report.outcomes, excepted)
    passed = [name for name, outcome in report.outcomes.items() if outcome == "passed"]
    result.passed, result.failed = len(passed), len(broken)
    result.skipped = len([o for o in report.outcomes.values() if o == "skipped"])
    for name in broken:
        text = next((f for f in report.failures if name.split(":")[1] in f), "")
        result.details.append(f"{name} passes without the suite\n{text}")
    unknown = [name for name in excepted if name not in plain]
    result.problems += [f"listed exception is no test: {name}" for name in unknown]
    if not plain:
        result.problems.append("no test passes on plain stock")
    return result


def _run(odoo, label, template):
    started = time.monotonic()
    database = f"stock_{label}"
    databases.clone(template, database)
    conf = odoo.configuration(database, database)
    log = config.LOGS / f"{database}.log"
    words = ["--test-tags", TAGS, "--stop-after-init", "--max-cron-threads=0"]
    words += ["--http-port", str(free_port())]
    command = odoo.command(conf, *words)
    call(command, log=log, env=config.odoo_environment(), cwd=config.HOME)
    report = odoo_log.read_tests(log.read_text(errors="replace"), [])
    if not report.complete:
        raise Problem(f"Odoo's tests did not end ({label})", f"see {log}", tail(log))
    databases.drop(database)
    seconds = time.monotonic() - started
    say(f"{label}: {report.ran} tests, {report.failed} failed, {seconds:.0f} s")
    return report
