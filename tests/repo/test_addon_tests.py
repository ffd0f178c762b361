"""Every addon test is found by Odoo's runner, at the stage meant for it."""

import ast

import project
import pytest

TEST_FILES = [
    path
    for path in project.addon_files(".py")
    if path.parts[1] == "tests" and path.name.startswith("test_")
]
STAGE = {"post_install", "-at_install"}


def test_classes(path):
    """Yield the classes of a file that have tests of their own."""
    for node in project.tree(path).body:
        if isinstance(node, ast.ClassDef) and any(
            isinstance(item, ast.FunctionDef) and item.name.startswith("test")
            for item in node.body
        ):
            yield node


test_classes.__test__ = False


def tags(node):
    """Return the arguments of a class's decorator `tagged`."""
    return {
        argument.value
        for call in node.decorator_list
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("tagged")
        for argument in call.args
        if isinstance(argument, ast.Constant)
    }


@pytest.mark.parametrize("name", project.addons())
def test_addon_has_tests(name):
    assert any(path.parts[0] == name for path in TEST_FILES)


@pytest.mark.parametrize("path", TEST_FILES, ids=str)
def test_file_is_imported_once(path):
    init = project.tree(path.parent / "__init__.py")
    imported = [
        alias.name
        for node in ast.walk(init)
        if isinstance(node, ast.ImportFrom) and node.level == 1 and not node.module
        for alias in node.names
    ]
    assert imported.count(path.stem) == 1


@pytest.mark.parametrize("path", TEST_FILES, ids=str)
def test_file_has_tests(path):
    assert list(test_classes(path))


@pytest.mark.parametrize("path", TEST_FILES, ids=str)
def test_classes_run_after_installation(path):
    untagged = [node.name for node in test_classes(path) if not tags(node) >= STAGE]
    assert not untagged


@pytest.mark.parametrize("path", TEST_FILES, ids=str)
def test_nothing_is_skipped(path):
    skips = [
        node.lineno
        for node in ast.walk(project.tree(path))
        if isinstance(node, ast.Attribute | ast.Name)
        and ast.unparse(node).split(".")[-1].startswith(("skip", "expectedFailure"))
    ]
    assert not skips
