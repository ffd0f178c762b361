"""`./dev test --stock`: the standard addons' own tests, without and with the suite."""

import time
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor

from . import config, databases, odoo_log, stamps, templates
from .messages import Problem, say
from .odoo import free_port
from .process import call, tail
from .results import Result, unexplained_skips

ADDONS = ("loyalty", "sale_loyalty", "pos_loyalty", "website_sale_loyalty")
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
    want = stamps.digest(templates.stock_digest(odoo), *ADDONS)
    known = stamps.read(PLAIN) or {}
    jobs = {"suite": templates.SUITE}
    if known.get("made_from") != want:
        jobs["plain"] = templates.STOCK
    say(f"the tests of {', '.join(ADDONS)}: {' and '.join(jobs)}")
    with ThreadPoolExecutor(len(jobs)) as pool:
        done = dict(pool.map(lambda item: (item[0], _run(odoo, *item)), jobs.items()))
    if "plain" in done:
        outcomes, messages = done["plain"]
        known = {"made_from": want, "outcomes": outcomes}
        if outcomes and not messages:
            stamps.write(PLAIN, known)
        for name in messages:
            say(f"fails on plain stock too, so it is not compared: {name}")
    return [verdict(known["outcomes"], *done["suite"], excepted)]


def verdict(plain, suite, messages, excepted):
    """Turn the comparison into a result.

    :param dict plain: {test: outcome} on the standard addons alone
    :param dict suite: the same with the suite installed
    :param dict messages: {failed test: message} with the suite
    """
    result = Result("standard addons' tests with suite")
    broken = compare(plain, suite, excepted)
    passed = [name for name, outcome in suite.items() if outcome == "passed"]
    result.passed, result.failed = len(passed), len(broken)
    for name in broken:
        text = messages.get(name, suite.get(name, "it did not run"))
        result.details.append(f"{name} passes without the suite\n{text}")
    skips = [(name, "") for name, outcome in suite.items() if outcome == "skipped"]
    result.skipped = len(skips)
    listed = odoo_log.rules(odoo_log.SKIPLIST, "test")
    result.problems += unexplained_skips(skips, listed)
    unknown = [name for name in excepted if name not in plain]
    result.problems += [f"listed exception is no test: {name}" for name in unknown]
    if "passed" not in plain.values():
        result.problems.append("no test passes on plain stock")
    return result


def _run(odoo, label, template):
    """Run them all on a clone; return {test: outcome} and {test: message}.

    By pytest, because Odoo's runner would run those meant for installation while
    only a part of the addons is loaded; here each meets the whole registry.
    """
    started = time.monotonic()
    database = f"stock_{label}"
    databases.clone(template, database)
    if template == templates.STOCK:
        templates.bundle(odoo, database)
    conf = odoo.configuration(database, database, http_port=free_port())
    report = config.STATE / f"{database}.xml"
    report.unlink(missing_ok=True)
    log = config.LOGS / f"{database}.log"
    words = ["-p", "no:cacheprovider", "--odoo-http", "--import-mode=prepend"]
    words += [f"--junit-xml={report}"]
    command = [config.PYTHON, "-m", "pytest", *words, *_folders(odoo)]
    variables = {**config.odoo_environment(), "ODOO_RC": str(conf)}
    code = call(command, log=log, env=variables, cwd=config.ROOT)
    if code not in (0, 1) or not report.exists():
        raise Problem(f"the tests did not end ({label})", f"see {log}", tail(log))
    databases.drop(database)
    outcomes, messages = read(report.read_text())
    seconds = time.monotonic() - started
    say(f"{label}: {len(outcomes)} tests, {len(messages)} failed, {seconds:.0f} s")
    return outcomes, messages


def _folders(odoo):
    """Return the test folders of the standard addons."""
    places = (odoo.home / "odoo" / "addons", odoo.home / "addons")
    candidates = [[place / name / "tests" for place in places] for name in ADDONS]
    return [next(path for path in paths if path.is_dir()) for paths in candidates]


def read(text):
    """Read a JUnit report of pytest.

    :return: {test: "passed", "failed" or "skipped"} and {failed test: message}
    """
    outcomes, messages = {}, {}
    for case in ElementTree.fromstring(text).iter("testcase"):
        addon = next((a for a in ADDONS if f".{a}." in case.get("classname")), "?")
        name = f"{addon}:{case.get('classname').split('.')[-1]}.{case.get('name')}"
        bad = [case.find(kind) for kind in ("failure", "error")]
        bad = [found for found in bad if found is not None]
        if bad:
            outcomes[name] = "failed"
            messages[name] = bad[0].text or bad[0].get("message", "")
        elif outcomes.get(name) != "failed":
            skipped = case.find("skipped") is not None
            outcomes[name] = "skipped" if skipped else "passed"
    return outcomes, messages
