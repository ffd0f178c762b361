"""`./dev pot`: the addons' translation templates, and whether they are fresh."""

import json
import re
import time

from . import addons, config, databases, templates
from .messages import say
from .results import Result
from .session import prepare

SCRIPT = config.SETUP / "inside_odoo" / "export_pot.py"
# Lines that change with each export although no term did.
VOLATILE = re.compile(r'^"(POT-Creation-Date|PO-Revision-Date|Project-Id-Version)\b')


def export(odoo):
    """Return {addon: text of its .pot} as Odoo exports it now.

    From a copy of the template: a database that has been updated keeps terms of
    what is gone.
    """
    target = config.STATE / "exported.json"
    target.unlink(missing_ok=True)
    log = config.LOGS / "pot.log"
    ours = addons.required()
    text = f"TARGET = {str(target)!r}\nADDONS = {ours!r}\n" + SCRIPT.read_text()
    databases.clone(templates.SUITE, "pot")
    odoo.script("pot", text, what="exporting the translation templates", log=log)
    databases.drop("pot")
    return json.loads(target.read_text())


def terms(text):
    """Return a .pot without the lines that say when it was made."""
    lines = text.replace("\r\n", "\n").splitlines()
    return [line.rstrip() for line in lines if not VOLATILE.match(line)]


def path(name):
    """Return the place of an addon's template."""
    return config.ROOT / name / "i18n" / f"{name}.pot"


def check(odoo):
    """Compare the templates in the repository with a fresh export.

    :rtype: Result
    """
    started = time.monotonic()
    result = Result("translation templates")
    for name, text in export(odoo).items():
        have = path(name)
        if have.exists() and terms(have.read_text()) == terms(text):
            result.passed += 1
        else:
            result.failed += 1
            state = "is stale" if have.exists() else "is missing"
            result.details.append(f"{have.relative_to(config.ROOT)} {state}: ./dev pot")
    result.seconds = time.monotonic() - started
    return result


def refresh(_arguments):
    """Write the templates whose terms have changed."""
    odoo = prepare()
    templates.suite(odoo)
    for name, text in export(odoo).items():
        have = path(name)
        if have.exists() and terms(have.read_text()) == terms(text):
            continue
        have.parent.mkdir(exist_ok=True)
        have.write_text(text)
        say(f"wrote {have.relative_to(config.ROOT)}")
    return 0
