"""Imports point one way: adapters to the service, the service to the engine."""

import ast
import re

import project
import pytest

PURE_FILES = [
    path
    for path in project.addon_files(".py")
    if len(path.parts) > 2 and path.parts[1] in project.PURE_FOLDERS
]
IMPORTING_FILES = project.addon_files(".py", ".js", ".xml", ".csv")
MENTION = re.compile(r"\bloyalty_program(?:_[a-z]+)?(?=[./])")
FORBIDDEN = re.compile(r"^(odoo|requests|psycopg2|werkzeug|lxml)\b")


def imported(path):
    """Yield (level, module) of each import in a Python file."""
    for node in ast.walk(project.tree(path)):
        if isinstance(node, ast.Import):
            yield from ((0, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.level, node.module or ""


def test_there_are_pure_files():
    assert PURE_FILES


@pytest.mark.parametrize("path", PURE_FILES, ids=str)
def test_pure_code_imports_nothing_of_odoo(path):
    foreign = [
        module
        for level, module in imported(path)
        if level == 0 and FORBIDDEN.match(module)
    ]
    assert not foreign


@pytest.mark.parametrize("path", PURE_FILES, ids=str)
def test_pure_code_does_not_reach_out_of_its_folder(path):
    depth = len(path.parts) - 2  # files right below engine/ have depth 1
    assert all(level <= depth for level, _module in imported(path))


@pytest.mark.parametrize("path", PURE_FILES, ids=str)
def test_pure_code_has_no_clock(path):
    calls = [
        ast.unparse(node)
        for node in ast.walk(project.tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("now", "today", "utcnow")
    ]
    assert not calls


@pytest.mark.parametrize("path", IMPORTING_FILES, ids=str)
def test_addon_names_only_addons_below_it(path):
    allowed = project.our_dependencies(path.parts[0])
    named = set(MENTION.findall(project.text(path))) & set(project.addons())
    assert named <= allowed
