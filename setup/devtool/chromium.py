"""The browser of the page tests: found, or Debian's in a private folder."""

import os
import re
import shutil
from pathlib import Path

from . import apt, config, stamps
from .messages import Problem, say
from .process import output

# The order in which Odoo itself looks.
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
PACKAGES = ["chromium", "fonts-liberation"]
WRAPPER = config.CHROMIUM_ROOT / "bin" / "chromium"
BINARY = "usr/lib/chromium/chromium"
# The C library belongs to the machine's own loader; a second one breaks both.
LEAVE_OUT = ("libc6_", "libc-bin_", "chromium-sandbox_")
SCRIPT = """#!/bin/sh
# Starts the private Chromium with its own libraries and fonts.
root='{root}'
LD_LIBRARY_PATH="{libraries}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
FONTCONFIG_FILE="$root/fonts.conf"
export LD_LIBRARY_PATH FONTCONFIG_FILE
exec "$root/{binary}" "$@"
"""
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
    <dir>{root}/usr/share/fonts</dir>
    <dir>/usr/share/fonts</dir>
    <cachedir>{cache}</cachedir>
</fontconfig>
"""


def find():
    """Return the path of a browser that Odoo would take, or None."""
    if stamps.read("chromium") == _want() and WRAPPER.exists():
        return str(WRAPPER)
    return next(filter(None, map(shutil.which, NAMES)), None)


def ensure():
    """Return the browser, fetching one if there is none; never do without."""
    found = find() or fetch()
    folder = str(Path(found).parent)
    if folder not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return found


def version(path):
    """Return what the browser says of itself, such as `Chromium 130.0`."""
    code, text = output([path, "--version"], env=config.odoo_environment())
    lines = [line for line in text.splitlines() if re.search(r"\d+\.\d+", line)]
    return lines[-1].strip() if code == 0 and lines else None


def fetch():
    """Unpack Debian's Chromium and what it needs into the private folder."""
    if not apt.available():
        raise Problem(
            "the page tests need Chromium and there is none",
            "install Chromium or Google Chrome so that `chromium` or "
            "`google-chrome` is on PATH, then try again",
        )
    stamps.forget("chromium")
    say("Chromium: taking Debian's package from this machine's package source")
    debs = apt.download(PACKAGES, suite=None, with_dependencies=True)
    debs = [deb for deb in debs if not deb.name.startswith(LEAVE_OUT)]
    shutil.rmtree(config.CHROMIUM_ROOT, ignore_errors=True)
    say(f"Chromium: unpacking {len(debs)} packages")
    excludes = ("./usr/share/doc", "./usr/share/man", "./usr/share/locale")
    apt.unpack(debs, config.CHROMIUM_ROOT, excludes)
    _write_wrapper()
    told = version(WRAPPER)
    if not told:
        raise Problem(
            "the private Chromium does not start",
            "install the machine's own (apt-get install chromium) and try again",
            output([WRAPPER, "--version"])[1],
        )
    stamps.write("chromium", _want())
    shutil.rmtree(config.APT, ignore_errors=True)
    say(f"Chromium: {told}")
    return str(WRAPPER)


def _want():
    return stamps.digest(PACKAGES, str(config.CHROMIUM_ROOT))


def _write_wrapper():
    root = config.CHROMIUM_ROOT
    triplet = _triplet()
    libraries = [
        root / "usr/lib" / triplet,
        root / "lib" / triplet,
        root / "usr/lib" / triplet / "pulseaudio",
        root / "usr/lib/chromium",
    ]
    WRAPPER.parent.mkdir(parents=True, exist_ok=True)
    cache = root / "font-cache"
    (root / "fonts.conf").write_text(FONTS_CONF.format(root=root, cache=cache))
    text = SCRIPT.format(
        root=root, binary=BINARY, libraries=":".join(map(str, libraries))
    )
    WRAPPER.write_text(text)
    WRAPPER.chmod(0o755)


def _triplet():
    """Return Debian's name of this machine's kind of libraries."""
    words = ["dpkg-architecture", "-qDEB_HOST_MULTIARCH"]
    if shutil.which(words[0]):
        return output(words)[1].strip()
    return f"{os.uname().machine}-linux-gnu"
