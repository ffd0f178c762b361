"""The small pure parts: sharing out, comparing, naming, telling versions."""

from pathlib import Path

import pytest
from devtool import (
    addon_tests,
    addons,
    databases,
    demo,
    moving,
    odoo_source,
    postgres,
    stamps,
    stock_defects,
    stock_tests,
    translations,
)
from devtool.messages import Problem


def test_shares_take_about_the_same_time():
    weights = {"a": 60.0, "b": 30.0, "c": 20.0, "d": 10.0}
    assert addon_tests.split(weights, 2) == [["a"], ["b", "c", "d"]]


def test_no_share_is_empty():
    assert addon_tests.split({"a": 1.0}, 2) == [["a"]]
    assert addon_tests.split({}, 2) == []


def test_a_file_takes_no_longer_than_the_whole_run():
    told = {"a": 3.04, "frozen": 12_564_157.2, "back": -2.0}
    assert addon_tests.believable(told, 60.0) == {"a": 3.0}


def test_changes_tell_new_from_changed():
    before = {"a": "1", "b": "1"}
    assert addons.changes(before, {"a": "1", "b": "2", "c": "1"}) == (["c"], ["b"])


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("models/card.py", True),
        ("static/tests/tours/join.js", True),
        ("tests/test_card.py", False),
        ("models/__pycache__/card.pyc", False),
    ],
)
def test_what_counts_as_a_change(path, expected):
    assert addons.is_source(Path(path)) is expected


def test_addons_come_after_those_they_depend_on():
    found = addons.names()
    assert found.index("loyalty_program") < found.index("loyalty_program_pos")


def test_tests_of_stocks_defects_are_found_by_their_mark():
    text = """
class TestTill(StockTooCase):
    @on_stock("100 != 0", KeyError)
    def test_defect_01_marked(self): pass
    def test_defect_02_unmarked(self): pass
    @other("100")
    def test_defect_03_with_another_mark(self): pass
"""
    assert stock_defects.marked(text) == [("TestTill", "test_defect_01_marked")]
    assert stock_defects.marked("") == []


def test_broken_stock_test_is_found():
    plain = {"a": "passed", "b": "passed", "c": "failed", "d": "passed"}
    suite = {"a": "passed", "b": "failed", "c": "failed"}
    assert stock_tests.compare(plain, suite, {}) == ["b", "d"]
    assert stock_tests.compare(plain, suite, {"b": "why"}) == ["d"]


def test_stock_exception_needs_a_reason():
    assert stock_tests.exceptions("# head\nx:T.test  # ADR-0002\n") == {
        "x:T.test": "ADR-0002"
    }
    with pytest.raises(Problem, match="no reason"):
        stock_tests.exceptions("x:T.test\n")


@pytest.mark.parametrize("name", ["", "Demo", "a-b", 'x"; drop', "1a", "a" * 42])
def test_odd_database_name_is_refused(name):
    with pytest.raises(Problem, match="no name"):
        databases.full_name(name)


def test_foreign_server_gets_a_prefix(monkeypatch):
    monkeypatch.setenv("PGHOST", "db.example")
    assert postgres.is_external()
    assert databases.full_name("demo").startswith("dev")
    assert databases.full_name("demo").endswith("_demo")


def make_odoo(folder, version):
    (folder / "odoo").mkdir()
    text = f"version_info = ({version}, FINAL, 0, '')\n"
    (folder / "odoo" / "release.py").write_text(text)
    return folder


def test_right_odoo_is_taken(tmp_path):
    home = make_odoo(tmp_path, "19, 0, 0")
    assert odoo_source.checked(home, "it") == home


@pytest.mark.parametrize("version", ["18, 0, 0", "19, 1, 0", "'saas~19', 2, 0"])
def test_foreign_odoo_is_refused(tmp_path, version):
    with pytest.raises(Problem, match=r"needs 19\.0"):
        odoo_source.checked(make_odoo(tmp_path, version), "ODOO_HOME=x")


def test_folder_without_odoo_is_refused(tmp_path):
    with pytest.raises(Problem, match=r"release\.py"):
        odoo_source.checked(tmp_path, "ODOO_HOME=x")


def test_dates_of_an_export_are_no_change():
    old = '"POT-Creation-Date: 2026-01-01"\n"Content-Type: text/plain"\nmsgid "a"\n'
    new = '"POT-Creation-Date: 2026-02-02"\n"Content-Type: text/plain"\nmsgid "a"\n'
    assert translations.terms(old) == translations.terms(new)
    assert translations.terms(old) != translations.terms(new.replace('"a"', '"b"'))


def test_welcome_leaves_out_a_till_that_is_not_there():
    assert "/pos/ui/7" in demo.welcome("http://localhost:1", "7")
    assert "/pos/ui" not in demo.welcome("http://localhost:1", None)


def test_parts_of_a_digest_do_not_run_together():
    assert stamps.digest("ab", "c") != stamps.digest("a", "bc")


def test_a_schema_that_is_altered_and_altered_back_is_the_same():
    before = "--\n\\restrict a1\nCREATE TABLE card (\n  id integer,\n  points float\n)"
    after = "CREATE TABLE card (\n  points float,\n  id integer\n)"
    assert moving.comparable(before) == moving.comparable(after)


def test_what_came_and_what_went_is_told():
    before = moving.comparable("CREATE INDEX a;\nCREATE INDEX b;\n")
    after = moving.comparable("CREATE INDEX b;\nCREATE INDEX c;\n")
    assert moving.differences(before, after) == [
        "schema: -CREATE INDEX a;",
        "schema: +CREATE INDEX c;",
    ]
    assert moving.differences(before, before) == []
