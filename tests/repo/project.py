"""What the tests of the repository look at: its addons and the files git knows."""

import ast
import functools
import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The standard addons each of ours may depend on; the design decides, not a test run.
ALLOWED_DEPENDS = {
    "loyalty_program": {"sale_loyalty", "link_tracker"},
    "loyalty_program_pos": {"loyalty_program", "pos_loyalty"},
    "loyalty_program_website": {"loyalty_program", "website_sale_loyalty"},
    "loyalty_program_repair": {"loyalty_program", "repair"},
    "loyalty_program_marketing_card": {"loyalty_program_website", "marketing_card"},
    "loyalty_program_crm": {"loyalty_program", "crm", "sale_crm", "mass_mailing"},
}
# Folders of plain Python inside an addon: they know nothing of Odoo.
PURE_FOLDERS = ("engine", "importer")
SKIPPED_FOLDERS = {".git", ".odoo", "node_modules", "__pycache__"}
SUDO = re.compile(r"#\s*sudo:\s*\S+")


@functools.cache
def files():
    """Return all files of the project, relative to its root.

    Without git (an unpacked archive) every file that is not built counts.
    """
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return sorted(_walk(ROOT))
    names = listed.stdout.decode().split("\0")
    # A file that is deleted but not yet committed is listed all the same.
    return sorted(Path(name) for name in names if name and (ROOT / name).is_file())


def _walk(folder):
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in SKIPPED_FOLDERS:
                yield from _walk(entry.path)
        else:
            yield Path(entry.path).relative_to(ROOT)


@functools.cache
def addons():
    """Return the names of the addons."""
    return sorted(path.parent.name for path in ROOT.glob("*/__manifest__.py"))


@functools.cache
def manifest(name):
    """Return the manifest of an addon."""
    return ast.literal_eval((ROOT / name / "__manifest__.py").read_text())


def addon_files(*suffixes):
    """Return the addons' files with one of these suffixes."""
    return [
        path
        for path in files()
        if path.parts[0] in addons() and path.suffix in suffixes
    ]


def python_files():
    """Return all Python files of the project."""
    return [path for path in files() if path.suffix == ".py"]


@functools.cache
def text(path):
    """Return the text of a file of the project."""
    return (ROOT / path).read_text()


@functools.cache
def tree(path):
    """Return the syntax tree of a Python file of the project."""
    return ast.parse(text(path), str(path))


def our_dependencies(name):
    """Return the addons of ours that one may use: itself and all below it."""
    found = {name}
    for other in manifest(name).get("depends", []):
        if other in addons():
            found |= our_dependencies(other)
    return found


def escalations_without_reason(source):
    """Return the lines of `.sudo()` calls that no `# sudo:` comment explains.

    The reason stands on a line of the statement or in the comment right above it.
    """
    lines = source.splitlines()
    syntax = ast.parse(source)
    statements = [node for node in ast.walk(syntax) if isinstance(node, ast.stmt)]
    found = []
    for node in ast.walk(syntax):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr != "sudo" or _is_false(node):
            continue
        line = node.func.end_lineno
        first = max(s.lineno for s in statements if s.lineno <= line <= s.end_lineno)
        top = first - 1
        while top > 0 and lines[top - 1].strip().startswith("#"):
            top -= 1
        if not any(SUDO.search(text) for text in lines[top:line]):
            found.append(line)
    return found


def _is_false(call):
    """Tell whether a call is `sudo(False)`, which gives rights back."""
    return bool(
        call.args
        and isinstance(call.args[0], ast.Constant)
        and call.args[0].value is False
    )
