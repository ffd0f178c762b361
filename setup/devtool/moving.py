"""`./dev test --moving`: into a shop that has cards, out of it, and in again.

The tests of the hooks call them inside a database that has the suite. Here the
installation is a real one, and so is the removal: what is left afterwards must have the
tables, columns, indexes and functions of before, and the right balances.
"""

import difflib
import time

from . import addons, config, databases, odoo_log, templates
from .messages import Problem, say
from .odoo import log_of
from .process import output
from .results import Result

DATABASE = "moving"
FOLDER = config.SETUP / "moving"

#: Differing lines of two schemas that are shown.
SHOWN = 40


def run(odoo):
    """Install, use, uninstall, compare, install again.

    :rtype: list[Result]
    """
    ours = addons.required()
    databases.clone(templates.stock(odoo), DATABASE)
    before = []
    steps = (
        ("a shop with cards", lambda: _make(odoo, before)),
        ("in", lambda: _install(odoo, ours)),
        ("life with the suite", lambda: _script(odoo, "come(env)")),
        ("update", lambda: _update(odoo)),
        ("balances after it", lambda: _script(odoo, "check_update(env)")),
        ("out", lambda: _script(odoo, f"leave(env, {ours[::-1]})")),
        ("the schema of before", lambda: _compare(before)),
        ("life without it", lambda: _script(odoo, f"check_left(env, {ours})")),
        ("in again", lambda: _install(odoo, ours)),
        ("opening entries again", lambda: _script(odoo, "come_again(env)")),
    )
    results = []
    for name, step in steps:
        say(f"moving: {name}")
        result, started = Result(f"moving: {name}"), time.monotonic()
        results.append(result)
        try:
            result.problems = step()
            result.passed = 1
        except Problem as problem:
            result.problems, result.details = [str(problem)], [problem.details]
            # The later steps would tell of nothing but this.
            break
        finally:
            result.seconds = time.monotonic() - started
    databases.drop(DATABASE)
    return results


def _make(odoo, before):
    """Make the shop, and add its schema to ``before``: a company has sequences."""
    problems = _script(odoo, "make(env)")
    before += schema(DATABASE)
    return problems


def _script(odoo, call):
    """Call a function of `setup/moving/shop.py` in Odoo's shell; judge the log."""
    text = (
        f"import sys\nsys.path.insert(0, {str(FOLDER)!r})\n"
        f"import shop\nshop.{call}\nenv.cr.commit()\n"
    )
    log = config.LOGS / f"moving-{call.partition('(')[0]}.log"
    odoo.script(DATABASE, text, what=call.partition("(")[0], log=log)
    return _complaints(log)


def _install(odoo, names):
    odoo.install(DATABASE, install=names, what="installing the suite")
    return _complaints(log_of(DATABASE))


def _update(odoo):
    # What stands on it, ours too, is updated along.
    odoo.install(DATABASE, update=["loyalty"], what="updating `loyalty`")
    return _complaints(log_of(DATABASE))


def _complaints(log):
    allowed = odoo_log.rules(odoo_log.ALLOWLIST, "pattern")
    found = odoo_log.entries(log.read_text(errors="replace"))
    return [f"in {log.name}: {text}" for text in odoo_log.complaints(found, allowed)]


def _compare(before):
    return differences(before, schema(DATABASE))


def schema(name):
    """Return the lines that define a database's tables, indexes and functions."""
    real = databases.full_name(name)
    code, text = output(["pg_dump", "--schema-only", "--no-owner", real])
    if code:
        raise Problem("pg_dump failed", "install PostgreSQL's client programs", text)
    return comparable(text)


def comparable(text):
    """Return the lines of a dump that say something, sorted.

    A table that was altered and altered back has its columns in another order.
    """
    return sorted(
        line.strip().rstrip(",")
        for line in text.splitlines()
        if line.strip() and not line.startswith(("--", "\\"))
    )


def differences(before, after):
    """Return a problem for each line that came or went, at most :data:`SHOWN`."""
    lines = difflib.unified_diff(before, after, n=0, lineterm="")
    changes = [
        line
        for line in lines
        if line[:1] in "+-" and not line.startswith(("+++", "---"))
    ]
    return [f"schema: {line}" for line in changes[:SHOWN]]
