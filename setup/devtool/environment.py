"""Python environments: one for Odoo and its tests, one for the linters."""

import importlib.util
import re
import shutil
import sys

from . import apt, config, stamps
from .messages import Problem, say
from .process import run

INCLUDE = re.compile(r"^-r\s+(\S+)", re.MULTILINE)


def requirement_files(path):
    """Return a requirements file and all that it includes."""
    text = path.read_text()
    found = [path]
    for name in INCLUDE.findall(text):
        found += requirement_files((path.parent / name).resolve())
    return found


def wanted(requirements):
    """Return the digest that an environment's stamp must hold."""
    version = "{}.{}".format(*sys.version_info)
    return stamps.digest(version, *requirement_files(requirements))


def ensure(folder, requirements):
    """Make the environment in `folder` unless the same one is there.

    :param Path folder: of the environment; its name names the stamp
    :param Path requirements: pip's requirements file
    """
    want = wanted(requirements)
    mark = f"python-{folder.name}"
    if stamps.read(mark) == want and (folder / "bin" / "python").exists():
        return
    version = sys.version.split()[0]
    say(f"Python {version}: installing {requirements.name} into {folder}")
    stamps.forget(mark)
    log = config.LOGS / f"{mark}.log"
    pip = create(folder, log)
    run(
        [
            *pip,
            "install",
            "-q",
            "--disable-pip-version-check",
            "--no-input",
            f"--cache-dir={config.HOME / 'cache' / 'pip'}",
            "-r",
            requirements,
        ],
        what=f"pip install -r setup/{requirements.name}",
        log=log,
        mend=f"check the network or pip's configuration, then try again; see {log}",
    )
    stamps.write(mark, want)


def create(folder, log):
    """Make an empty environment and return the command of its pip."""
    shutil.rmtree(folder, ignore_errors=True)
    if importlib.util.find_spec("venv") is None:
        raise no_ensurepip()
    python = folder / "bin" / "python"
    command = [sys.executable, "-m", "venv", folder]
    if importlib.util.find_spec("ensurepip"):
        run(command, what="python -m venv", log=log)
        return [python, "-m", "pip"]
    wheel = debian_pip()
    run([*command, "--without-pip"], what="python -m venv", log=log)
    return [python, wheel / "pip"]


def debian_pip():
    """Return pip's wheel out of Debian's package, for a Python without ensurepip."""
    folder = config.HOME / "pip"
    found = sorted(folder.glob("usr/share/python-wheels/pip-*.whl"))
    if found:
        return found[-1]
    if not apt.available():
        raise no_ensurepip()
    say("pip: this Python has none (no ensurepip); taking Debian's")
    debs = apt.download(["python3-pip-whl"], suite=None)
    apt.unpack(debs, folder)
    return sorted(folder.glob("usr/share/python-wheels/pip-*.whl"))[-1]


def no_ensurepip():
    return Problem(
        f"the Python at {sys.executable} cannot make environments (no ensurepip)",
        "install its venv package (Debian: apt-get install python3-venv)",
    )


def site_packages(folder):
    """Return the environment's folder of packages."""
    return next(folder.glob("lib/python3*/site-packages"))
