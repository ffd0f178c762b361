"""Each defect of docs/stock-defects.md has a test that fails on plain Odoo."""

import re

import project
import pytest
from devtool.stock_defects import marked

ROW = re.compile(r"^\| (\d+) \|", re.MULTILINE)
NAME = re.compile(r"test_(defect|pain)_(\d\d)_")
DOCUMENT = project.text("docs/stock-defects.md")
DEFECTS, PAINS = DOCUMENT.split("Complaints of users", 1)

#: The complaints that the project's list of features calls true of stock, and defects
#: that were measured: what the suite was made to mend.
WANTED = {
    "defect": set(range(1, 27)),
    "pain": {1, 3, 7, 10, 11, 12, 13, 19, 21},
}


def shown():
    """Yield (kind, number) of the tests that say how plain Odoo fails them."""
    for path in project.addon_files(".py"):
        if path.name.startswith("test_"):
            for _case, name in marked(project.text(path)):
                match = NAME.match(name)
                yield match[1], int(match[2])


@pytest.mark.parametrize(("kind", "part"), [("defect", DEFECTS), ("pain", PAINS)])
def test_each_one_is_told_and_shown(kind, part):
    assert {int(number) for number in ROW.findall(part)} == WANTED[kind]
    assert {number for what, number in shown() if what == kind} == WANTED[kind]
