"""Odoo's own linter addon, `test_lint`, run on our addons."""

import os
import time

from . import addons, config, databases, odoo_log, templates
from .addon_tests import judge
from .process import call, tail

SCRIPT = config.SETUP / "inside_odoo" / "run_test_lint.py"
DATABASE = "lint"


def run(odoo):
    """Run it in a clone of the suite's template.

    :rtype: Result
    """
    started = time.monotonic()
    databases.clone(templates.SUITE, DATABASE)
    conf = odoo.configuration(DATABASE, DATABASE)
    log = config.LOGS / "test_lint.log"
    tools = config.VENV / "bin"
    variables = {
        **config.odoo_environment(),
        "LINT_ADDONS": ",".join(addons.required()),
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
    }
    command = [config.PYTHON, SCRIPT, "-c", conf, "--no-http"]
    code = call(command, log=log, env=variables, cwd=config.HOME)
    allowed = odoo_log.rules(odoo_log.ALLOWLIST, "pattern")
    report = odoo_log.read_tests(log.read_text(errors="replace"), allowed)
    result = judge(report, code, "Odoo's test_lint")
    if not report.complete:
        result.details.append(tail(log, 30))
    databases.drop(DATABASE)
    result.seconds = time.monotonic() - started
    return result
