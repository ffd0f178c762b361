"""Run Odoo's own `test_lint` on some addons; takes Odoo's options.

`test_lint` looks at every addon on the path. Here the list of addons is narrowed to
ours, so that it tells of our files alone. The addons' names come from LINT_ADDONS,
separated by commas. The verdict is logged as Odoo's server logs it.
"""

import logging
import os
import sys
from contextlib import ExitStack
from unittest.mock import patch

from odoo.modules.module import Manifest, initialize_sys_path
from odoo.modules.registry import Registry
from odoo.tools import config

# Inverses of one2many fields that have an index of their own: field and why.
INDEXED = {
    "loyalty.ledger.entry.card_id": "the first column of _card_index",
}

LEFT_OUT = {
    # Reads every file below the addons' path, our private folder included;
    # tests/repo looks for conflict markers in the files that git knows.
    "TestConflictMarkers",
}


def narrowed(names):
    """Return the manifests of our addons only."""
    return [Manifest.for_addon(name) for name in names]


def patches(names):
    """Return what makes `test_lint` see our addons only."""
    import odoo.addons.test_lint.tests as lint

    manifests = narrowed(names)
    yield patch.object(Manifest, "all_addon_manifests", lambda: manifests)
    for module in (lint.test_eslint, lint.test_pofile):
        yield patch.object(module, "get_modules", lambda: list(names))
    known = {*lint.test_index.BTREE_INDEX_IGNORE_FIELDS, *INDEXED}
    yield patch.object(lint.test_index, "BTREE_INDEX_IGNORE_FIELDS", known)
    # Its pylint starts at Odoo's root and adds the addons outside of it.
    yield patch.dict(config.__dict__, root_path=manifests[0].path)


def main():
    config.parse_config(sys.argv[1:], setup_logging=True)
    initialize_sys_path()
    names = os.environ["LINT_ADDONS"].split(",")
    database = config["db_name"][0]
    Registry(database)

    from odoo.tests import loader
    from odoo.tests.result import OdooTestResult
    from odoo.tests.suite import OdooSuite

    cases = [
        case
        for module in loader.get_test_modules("test_lint")
        for case in loader.get_module_test_cases(module)
        if type(case).__name__ not in LEFT_OUT
    ]
    report = OdooTestResult()
    with ExitStack() as stack:
        for change in patches(names):
            stack.enter_context(change)
        OdooSuite(cases)(report)
    logger = logging.getLogger("odoo.tests.result")
    level = logging.INFO if report.wasSuccessful() else logging.ERROR
    logger.log(level, "%s when loading database %r", report, database)
    logging.shutdown()
    return 0 if report.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
