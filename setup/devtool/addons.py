"""The addons of this repository, found by their manifests."""

import ast

from . import config
from .messages import Problem
from .stamps import digest


def names():
    """Return the addons' names, those that others depend on first."""
    found = {path.parent.name: None for path in config.ROOT.glob("*/__manifest__.py")}
    ordered = []
    waiting = sorted(found)
    while waiting:
        ready = [n for n in waiting if not set(manifest(n)["depends"]) & set(waiting)]
        if not ready:
            raise Problem(f"the addons {', '.join(waiting)} depend on one another")
        ordered += ready
        waiting = [name for name in waiting if name not in ready]
    return ordered


def required():
    """Return `names()`, or stop when there is none."""
    found = names()
    if not found:
        raise Problem(
            f"no addon in {config.ROOT}", "a folder with __manifest__.py is one"
        )
    return found


def manifest(name):
    """Return an addon's manifest as a dict with at least `depends`."""
    path = config.ROOT / name / "__manifest__.py"
    try:
        values = ast.literal_eval(path.read_text())
    except (SyntaxError, ValueError) as error:
        raise Problem(f"{name}/__manifest__.py is no dictionary ({error})") from error
    return {"depends": [], **values}


def outside_dependencies():
    """Return the standard addons that ours depend on, sorted."""
    ours = names()
    return sorted({d for name in ours for d in manifest(name)["depends"]} - set(ours))


def beside():
    """Return standard addons that ours do not need but meet in many shops, sorted.

    Tests run with them: a till that settles sales orders changes what both do.
    """
    return ["pos_sale"]


def is_source(path):
    """Tell whether a file of an addon has an effect on an installed database."""
    parts = path.parts
    if "__pycache__" in parts or path.suffix in (".pyc", ".orig", ".swp", ".po~"):
        return False
    in_tests = "tests" in parts
    return not (in_tests and path.suffix == ".py")


def addon_digest(name):
    """Return the digest of an addon's files, its Python tests left out."""
    folder = config.ROOT / name
    parts = []
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if is_source(relative) and path.is_file():
            parts += [relative.as_posix(), path]
    return digest(*parts)


def digests():
    """Return {addon: digest} of all addons."""
    return {name: addon_digest(name) for name in names()}


def changes(before, now):
    """Compare two results of `digests`.

    :return: addons to install, addons to update
    :rtype: tuple[list[str], list[str]]
    """
    new = [name for name in now if name not in before]
    changed = [name for name in now if name in before and before[name] != now[name]]
    return new, changed
