"""Classes of one model extend each other, in whatever order an addon imports them."""

import ast
from collections import defaultdict
from pathlib import Path

import project
import pytest

FOLDERS = ("models", "wizards")


def imported_files(addon):
    """Yield the files of an addon's models in the order in which Odoo loads them."""
    for folder in FOLDERS:
        init = Path(addon) / folder / "__init__.py"
        if not (project.ROOT / init).exists():
            continue
        for node in project.tree(init).body:
            if isinstance(node, ast.ImportFrom):
                yield from (init.with_name(f"{a.name}.py") for a in node.names)


def model_of(node):
    """Return the name of the model that a class makes or extends, if it is one."""
    for item in node.body:
        if (
            isinstance(item, ast.Assign)
            and ast.unparse(item.targets[0]) in ("_name", "_inherit")
            and isinstance(item.value, ast.Constant)
        ):
            return item.value.value
    return None


def methods(path):
    """Yield (model, method, whether it calls super) of a file."""
    for node in project.tree(path).body:
        model = isinstance(node, ast.ClassDef) and model_of(node)
        for item in node.body if model else ():
            if isinstance(item, ast.FunctionDef):
                yield model, item.name, "super(" in ast.unparse(item)


@pytest.mark.parametrize("addon", project.addons())
def test_no_class_hides_the_method_of_one_that_was_loaded_before(addon):
    seen, hidden = defaultdict(list), []
    for path in imported_files(addon):
        for model, name, calls_super in methods(path):
            if seen[model, name] and not calls_super:
                hidden.append(f"{path} hides {model}.{name} of {seen[model, name]}")
            seen[model, name].append(path.name)
    assert not hidden
