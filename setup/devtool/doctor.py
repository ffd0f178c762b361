"""`./dev doctor`: what is here, what is missing, and what to do about it."""

import os
import shutil
import sys

from . import apt, chromium, config, environment, node, odoo_source, postgres, stamps
from .messages import Problem


def main(_arguments):
    """Look without changing anything; return 1 if something is missing."""
    checks = (_python, _space, _odoo, _postgres, _chromium, _linters)
    worst = 0
    for look in checks:
        try:
            print(f"ok       {look()}")
        except Problem as problem:
            worst = 1
            print(f"MISSING  {problem}")
    return worst


def _python():
    text = f"Python {sys.version.split()[0]} at {sys.executable}"
    want = environment.wanted(config.SETUP / "requirements-dev.txt")
    if stamps.read("python-venv") != want:
        return f"{text} (its packages: not installed yet, `./dev demo` does it)"
    return f"{text}, packages installed"


def _space():
    place = config.HOME
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free / 1024**3
    if free < 1:
        raise Problem(
            f"{free:.1f} GB free for {config.HOME}", "free some or set DEV_HOME"
        )
    return f"{free:.0f} GB free for {config.HOME}"


def _odoo():
    named = os.environ.get("ODOO_HOME")
    if named:
        home = odoo_source.Path(named).expanduser().absolute()
        odoo_source.checked(home, f"ODOO_HOME={named}")
        return f"Odoo 19.0 at ODOO_HOME={named}"
    home = config.ODOO_ROOT / odoo_source.DIST_PACKAGES
    if odoo_source.series(home):
        odoo_source.checked(home, "Debian's package")
        return f"Odoo 19.0, Debian's package in {config.ODOO_ROOT}"
    if apt.available():
        return "Odoo 19.0: not here yet, Debian's package will be taken"
    raise Problem("no Odoo and no Debian package source", "set ODOO_HOME")


def _postgres():
    if postgres.is_external():
        if shutil.which("psql") or config.VENV.exists():
            os.environ["PATH"] += f"{os.pathsep}{_pg_bin()}"
            postgres._check_external()
        return f"PostgreSQL at PGHOST={os.environ.get('PGHOST')}"
    if os.geteuid() == 0:
        postgres.unprivileged()
    return f"PostgreSQL: embedded, data in {postgres.DATA}"


def _pg_bin():
    return postgres.bin_folder() if config.VENV.exists() else ""


def _chromium():
    found = chromium.find()
    if found:
        told = chromium.version(found)
        if told:
            return f"{told} at {found}"
        raise Problem(f"{found} does not start", "reinstall it, or ./dev chromium")
    if apt.available():
        return (
            "Chromium: not here yet, `./dev chromium` (or `./dev test`) takes Debian's"
        )
    raise Problem("no Chromium", "install Chromium or Google Chrome for the page tests")


def _linters():
    want = environment.wanted(config.SETUP / "requirements-lint.txt")
    if stamps.read("python-tools") != want:
        return "linters: not installed yet, `./dev lint` does it"
    if not node.node().exists():
        raise Problem("the linters' Node.js is missing", "`./dev clean tools`")
    return "linters installed"
