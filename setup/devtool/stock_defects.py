"""`./dev test --defects`: the tests of stock's defects, on plain Odoo.

With the suite they are tests like any other and pass. Here they meet the standard
addons alone: each must fail, in the way that its `@on_stock(...)` tells. What fails in
another way, or does not fail at all, fails this run.
"""

import ast

from . import addons, config, databases, pure_tests, templates
from .messages import say
from .odoo import free_port

MARK = "on_stock"
DATABASE = "stock_defects"


def marked(text):
    """Return the names of a file's tests that say how plain Odoo fails them.

    :param str text: the source
    :return: list of (class, test)
    """
    return [
        (node.name, item.name)
        for node in ast.parse(text).body
        if isinstance(node, ast.ClassDef)
        for item in node.body
        if isinstance(item, ast.FunctionDef) and _is_marked(item)
    ]


def _is_marked(function):
    calls = [node for node in function.decorator_list if isinstance(node, ast.Call)]
    return any(ast.unparse(call.func) == MARK for call in calls)


def targets():
    """Return the marked tests of all addons, as pytest names them."""
    found = []
    for name in addons.names():
        for path in sorted((config.ROOT / name / "tests").glob("test_*.py")):
            place = path.relative_to(config.ROOT).as_posix()
            found += ["::".join((place, *names)) for names in marked(path.read_text())]
    return found


def run(odoo, words=()):
    """Run them all, on a database of their own.

    :param words: options of pytest, such as -k WORD
    :rtype: Result
    """
    chosen = targets()
    say(f"{len(chosen)} tests of stock's defects, on plain Odoo")
    databases.clone(templates.stock(odoo), DATABASE)
    conf = odoo.configuration(DATABASE, DATABASE, http_port=free_port())
    result = pure_tests.run(
        [*chosen, *words],
        name="stock's defects on plain Odoo",
        options=("--odoo-http",),
        env={**config.odoo_environment(), "ODOO_RC": str(conf)},
    )
    databases.drop(DATABASE)
    return result
