"""Bring up what a command needs, in order, one `./dev` at a time."""

import shutil
from concurrent.futures import ThreadPoolExecutor

from . import chromium, config, environment, locks, node, odoo_source, postgres
from .messages import Problem
from .odoo import Odoo
from .process import is_no_space, no_space

# Bytes that must be free: for a first set-up, and for going on.
FIRST_SPACE = 3 * 1024**3
SOME_SPACE = 512 * 1024**2


def make_home():
    """Make the private folder, ignored by git wherever it lies."""
    try:
        config.HOME.mkdir(parents=True, exist_ok=True)
        (config.HOME / ".gitignore").write_text("*\n")
    except OSError as error:
        if is_no_space(error):
            raise
        raise Problem(
            f"cannot write to {config.HOME} ({error.strerror})",
            "set DEV_HOME to a folder of your own",
        ) from error
    for folder in (config.LOGS, config.STATE, config.DATA, config.HOME / "home"):
        folder.mkdir(exist_ok=True)


def check_space():
    """Stop early when the disk cannot hold what is to come."""
    first = not (config.ODOO_ROOT.exists() or config.VENV.exists())
    free = shutil.disk_usage(config.HOME).free
    if free < (FIRST_SPACE if first else SOME_SPACE):
        raise no_space()


def prepare(*, browser=False):
    """Return Odoo, ready to run against a running PostgreSQL.

    :param bool browser: bring up Chromium as well
    """
    make_home()
    with locks.waiting("prepare"):
        check_space()
        with ThreadPoolExecutor() as pool:
            venv = pool.submit(
                environment.ensure,
                config.VENV,
                config.SETUP / "requirements-dev.txt",
            )
            page = pool.submit(chromium.ensure) if browser else None
            venv.result()
            home = odoo_source.ensure()
            if page:
                page.result()
        postgres.ensure()
    return Odoo(home)


def prepare_python():
    """Bring up the Python environment alone, for tests without a database."""
    make_home()
    with locks.waiting("prepare"):
        check_space()
        environment.ensure(config.VENV, config.SETUP / "requirements-dev.txt")


def prepare_linters():
    """Bring up the linters' environment and the formatters of Node.js."""
    make_home()
    with locks.waiting("prepare-linters"):
        check_space()
        environment.ensure(config.TOOLS, config.SETUP / "requirements-lint.txt")
        node.ensure()
