"""`./dev lint`: the linters and formatters, each a named step."""

import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor

from . import addons, config, node
from .messages import Problem, say
from .process import output
from .results import check, summary
from .session import prepare_linters

PYTHON_FOLDERS = ("dev", "setup", "tests")
# An addon's README is made from its readme/ folder when it is released. A model may
# have a file per concern. How XML writes a number or its header, prettier decides.
PYLINT_OFF = "--disable=missing-readme,consider-merging-classes-inherited"
OCA_OFF = "--disable=missing-readme,xml-header-wrong,xml-field-numeric-without-eval"
WEB_FILES = ("js", "xml", "scss", "css")


def _tool(name):
    return config.TOOLS / "bin" / name


def _files(*suffixes):
    """Return the addons' files with these suffixes, relative to the root."""
    found = []
    for name in addons.names():
        for path in sorted((config.ROOT / name).rglob("*")):
            if path.suffix.lstrip(".") in suffixes and "lib" not in path.parts:
                found.append(path.relative_to(config.ROOT).as_posix())
    return found


def ruff(fix):
    words = ["--fix"] if fix else []
    return [_tool("ruff"), "check", "--no-cache", *words, "."]


def ruff_format(fix):
    words = [] if fix else ["--check", "--diff"]
    return [_tool("ruff"), "format", "--no-cache", *words, "."]


def pylint(_fix):
    found = [name for name in addons.names() if (config.ROOT / name).is_dir()]
    return found and [_tool("pylint"), PYLINT_OFF, *found]


def prettier(fix):
    found = _files(*WEB_FILES)
    mode = "--write" if fix else "--check"
    script = node.command("prettier", "bin/prettier.cjs")
    return found and [*script, "--config", "prettier.config.cjs", mode, *found]


def eslint(fix):
    found = _files("js")
    words = ["--fix"] if fix else []
    script = node.command("eslint", "bin/eslint.js")
    words += ["--no-warn-ignored", "--max-warnings=0"]
    return found and [*script, "-c", "eslint.config.cjs", *words, *found]


def oca_modules(_fix):
    found = addons.names()
    return found and [_tool("oca-checks-odoo-module"), OCA_OFF, *found]


def oca_po(_fix):
    found = _files("po", "pot")
    return found and [_tool("oca-checks-po"), *found]


STEPS = {
    "ruff": ruff,
    "format": ruff_format,
    "pylint": pylint,
    "prettier": prettier,
    "eslint": eslint,
    "oca": oca_modules,
    "oca-po": oca_po,
}


def run_step(name, fix=False):
    """Run one step; nothing to look at counts as passed.

    :rtype: Result
    """
    started = time.monotonic()
    command = STEPS[name](fix)
    if not command:
        return check(f"lint {name}", True)
    code, text = output(command, cwd=config.ROOT, env=_environment())
    # The OCA tools end with 0 in some versions although they complain.
    complained = name.startswith("oca") and re.search(r"\[[a-z-]+\]", text)
    seconds = time.monotonic() - started
    return check(f"lint {name}", code == 0 and not complained, text, seconds)


def _environment():
    variables = node.variables()
    variables["PATH"] = f"{config.TOOLS / 'bin'}:{variables['PATH']}"
    variables["PYLINTHOME"] = str(config.HOME / "cache" / "pylint")
    return variables


def run_all(names=(), fix=False):
    """Run the named steps, or all; two at a time unless they rewrite files."""
    prepare_linters()
    names = list(names) or list(STEPS)
    with ThreadPoolExecutor(1 if fix else config.workers()) as pool:
        return list(pool.map(lambda name: run_step(name, fix), names))


def main(arguments):
    """Run `./dev lint [--fix] [STEP ...]`."""
    fix = "--fix" in arguments
    names = [word for word in arguments if word != "--fix"]
    unknown = [name for name in names if name not in STEPS]
    if unknown:
        raise Problem(
            f"there is no lint step {', '.join(unknown)}",
            f"the steps are {', '.join(STEPS)}",
        )
    if not shutil.which("git"):
        say("note: git is not installed; ruff then reads all files below this folder")
    results = run_all(names, fix)
    print(summary(results))
    return 0 if all(result.ok for result in results) else 1
