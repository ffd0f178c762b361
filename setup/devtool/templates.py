"""Template databases, each made anew only when what went into it changed.

`template_stock` has the standard addons that ours depend on; `template_suite` is a
copy of it with our addons and with the pages' scripts and styles bundled.
"""

from . import addons, databases, locks, odoo_log, stamps
from .config import LOGS
from .messages import say
from .odoo import log_of
from .results import Result

STOCK = "template_stock"
SUITE = "template_suite"
BUNDLE = "env['ir.qweb']._pregenerate_assets_bundles()\nenv.cr.commit()\n"


def _is_current(name, want):
    return databases.made_from(name) == want


def stock_digest(odoo):
    """Return the digest of what the stock template is made from."""
    release = odoo.home / "odoo" / "release.py"
    return stamps.digest(str(odoo.home), release, *_standard_addons())


def _standard_addons():
    return addons.outside_dependencies() + addons.beside()


def stock(odoo):
    """Make the template with the standard addons only; return its name."""
    with locks.waiting("templates"):
        return _stock(odoo)


def suite(odoo):
    """Make the template with our addons and bundled pages; return its name."""
    with locks.waiting("templates"):
        return _suite(odoo)


def _stock(odoo):
    want = stock_digest(odoo)
    if not _is_current(STOCK, want):
        needed = _standard_addons()
        say("template 1: installing the standard addons (about a minute, once)")
        databases.create(STOCK)
        odoo.install(STOCK, install=needed, what="installing the standard addons")
        databases.remember(STOCK, want)
    return STOCK


def _suite(odoo):
    ours = addons.required()
    now = addons.digests()
    want = {"stock": stock_digest(odoo), "addons": now}
    if not _is_current(SUITE, want):
        _stock(odoo)
        say("template 2: installing our addons and bundling the pages")
        databases.clone(STOCK, SUITE)
        odoo.install(SUITE, install=ours, what="installing the suite")
        bundle(odoo, SUITE)
        databases.remember(SUITE, want)
    return SUITE


def installation():
    """Judge the log of the suite's last installation.

    :rtype: Result
    """
    allowed = odoo_log.rules(odoo_log.ALLOWLIST, "pattern")
    found = odoo_log.entries(log_of(SUITE).read_text(errors="replace"))
    problems = odoo_log.complaints(found, allowed)
    problems = [f"in the log of the installation: {text}" for text in problems]
    return Result("installation of the suite", passed=1, problems=problems)


def bundle(odoo, name):
    """Bundle the pages' scripts and styles once, so that no test has to."""
    log = LOGS / f"bundle-{name}.log"
    odoo.script(name, BUNDLE, what="bundling the pages", log=log)


def working_copy(odoo, name):
    """Return a database for quick work, updated where addons have changed.

    Unlike the template it is not made anew for each change: only the addons that
    changed are updated in it.
    """
    with locks.waiting(name):
        return _working_copy(odoo, name)


def _working_copy(odoo, name):
    now = addons.digests()
    before = databases.made_from(name)
    if before is None:
        suite(odoo)
        databases.clone(SUITE, name)
        databases.remember(name, now)
        return name
    new, changed = addons.changes(before, now)
    if new or changed:
        databases.forget(name)
        say(f"updating {', '.join(new + changed)} in the database {name}")
        odoo.install(name, install=new, update=changed, what="updating the addons")
        databases.remember(name, now)
    return name
