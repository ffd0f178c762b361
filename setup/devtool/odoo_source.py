"""Odoo 19 itself: ODOO_HOME, or Debian's package in a private folder."""

import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import apt, config, stamps
from .environment import site_packages
from .messages import Problem, say

PACKAGE_SUITE = "sid"
PACKAGE = "odoo-19"
# Newer and older suites have these under other names or paths: broken icons.
FONTS_SUITE = "trixie"
FONTS = [
    "fonts-font-awesome",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "fonts-glyphicons-halflings",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
]
DIST_PACKAGES = "usr/lib/python3/dist-packages"
# Debian leaves this file out, but the back office's bundle names it. Without it
# each page logs an error and every tour of the back office fails.
STUB = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
VERSION = re.compile(r"^version_info\s*=\s*\((\d+|'[^']*'),\s*(\d+)", re.MULTILINE)


def series(home):
    """Return the (major, minor) of the Odoo in a folder, or None."""
    try:
        text = (home / "odoo" / "release.py").read_text()
    except OSError:
        return None
    found = VERSION.search(text)
    return (found[1].strip("'"), found[2]) if found else None


def checked(home, label):
    """Return `home` if it holds an Odoo of our series."""
    found = series(home)
    want = "{}.{}".format(*config.ODOO_SERIES)
    if found is None:
        raise Problem(
            f"{label} holds no odoo/release.py",
            f"point ODOO_HOME to a checkout of Odoo {want}",
        )
    if ".".join(found) != want:
        raise Problem(
            f"{label} is Odoo {'.'.join(found)} and the suite needs {want}",
            f"point ODOO_HOME to a checkout of branch {want}, or unset it",
        )
    return home


def ensure():
    """Return the folder that holds the package `odoo`, importable in the venv."""
    named = os.environ.get("ODOO_HOME")
    if named:
        home = Path(named).expanduser().absolute()
        checked(home, f"ODOO_HOME={named}")
    else:
        home = config.ODOO_ROOT / DIST_PACKAGES
        _ensure_package(home)
        checked(home, f"Debian's {PACKAGE}")
    link = site_packages(config.VENV) / "odoo-home.pth"
    if not link.exists() or link.read_text() != f"{home}\n":
        link.write_text(f"{home}\n")
    return home


def addons_path(home):
    """Return the value of Odoo's option addons_path."""
    paths = [str(config.ROOT)]
    # A checkout keeps its addons beside the package; Debian has them inside, where
    # Odoo looks anyway.
    if not (home / "odoo" / "addons" / "web").is_dir():
        paths.append(str(home / "addons"))
    return ",".join(paths)


def _ensure_package(home):
    want = stamps.digest(PACKAGE, PACKAGE_SUITE, FONTS, config.languages())
    if stamps.read("odoo") == want and (home / "odoo" / "release.py").exists():
        return
    if not apt.available():
        raise Problem(
            "there is no Odoo here, and no Debian package source to take one from",
            "set ODOO_HOME to a checkout of Odoo 19.0 and try again (see the README)",
        )
    stamps.forget("odoo")
    say("Odoo 19: taking Debian's package from this machine's package source")
    with ThreadPoolExecutor() as pool:
        package = pool.submit(apt.download, [PACKAGE], PACKAGE_SUITE)
        fonts = pool.submit(apt.download, FONTS, FONTS_SUITE)
        package, fonts = package.result(), fonts.result()
    say("Odoo 19: unpacking")
    shutil.rmtree(config.ODOO_ROOT, ignore_errors=True)
    everything_but = ["*/i18n/*.po", "./usr/share/doc"]
    kept = [f"*/i18n/{language}.po" for language in config.languages()]
    with ThreadPoolExecutor() as pool:
        jobs = [
            pool.submit(apt.unpack, package, config.ODOO_ROOT, everything_but),
            pool.submit(apt.unpack, fonts, config.ODOO_ROOT, everything_but),
        ]
        if kept:
            jobs.append(pool.submit(apt.unpack, package, config.ODOO_ROOT, (), kept))
        for job in jobs:
            job.result()
    stub = home / STUB
    if not stub.exists():
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.write_text("/* Debian's package has no background blur for calls */\n")
    stamps.write("odoo", want)
    for suite in (PACKAGE_SUITE, FONTS_SUITE):
        shutil.rmtree(config.APT / suite, ignore_errors=True)
