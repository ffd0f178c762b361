"""The benches can be loaded, and say what to reach; only `./dev bench` runs them."""

import ast

import pytest
from devtool import benching

SCRIPTS = sorted(benching.scripts().items())
PARTS = {path.stem: path for path in (benching.FOLDER / "benchparts").glob("*.py")}


def tree(path):
    return ast.parse(path.read_text(), filename=str(path))


def test_there_are_benches():
    assert len(SCRIPTS) >= 7


@pytest.mark.parametrize(("name", "path"), SCRIPTS)
def test_bench_says_what_it_is_beside(name, path):
    facts = benching.constants(path)
    assert facts["BESIDE"] in (benching.STOCK, benching.PLAIN, benching.SAME)
    assert {kind for kind, _limit in facts["REACH"].values()} <= {
        "times",
        "more",
        "most",
    }


@pytest.mark.parametrize(("name", "path"), SCRIPTS)
def test_bench_reports_what_it_is_to_reach(name, path):
    text = path.read_text()
    for measure in benching.constants(path)["REACH"]:
        assert text.count(f'"{measure}"') >= 2, measure
    compile(text, str(path), "exec")


@pytest.mark.parametrize(
    "path", [path for _name, path in SCRIPTS] + list(PARTS.values()), ids=str
)
def test_parts_of_a_bench_exist(path):
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.ImportFrom):
            continue
        module = (node.module or "").removeprefix("benchparts").strip(".")
        if node.module == "benchparts":
            assert {alias.name for alias in node.names} <= PARTS.keys()
        elif node.level or (node.module or "").startswith("benchparts."):
            assert module in PARTS
            defined = {
                found.name
                for found in tree(PARTS[module]).body
                if isinstance(found, (ast.FunctionDef, ast.ClassDef))
            }
            assert {alias.name for alias in node.names} <= defined


@pytest.mark.parametrize(
    ("base", "suite", "reach", "expected"),
    [
        (10, 11, ("times", 1.15), True),
        (10, 12, ("times", 1.15), False),
        (40, 46, ("more", 6), True),
        (40, 47, ("more", 6), False),
        (None, 50, ("most", 50), True),
        (None, 51, ("most", 50), False),
        (10, 99, None, True),
    ],
)
def test_what_is_reached(base, suite, reach, expected):
    assert benching.kept(base, suite, reach) is expected


def test_table_tells_what_was_missed():
    text = benching.table(
        [
            ("confirm, ms", "stock", 100.0, 150.0, ("times", 1.15)),
            ("expire, MB", "plain SQL", None, 3.0, ("most", 50)),
        ]
    )
    missed, reached = text.split("\n")[2:4]
    assert "1.50" in missed
    assert missed.endswith("missed")
    assert not reached.endswith("missed")


@pytest.mark.parametrize(
    ("stock", "suite", "places"),
    [
        ({"a": [1, {"b": 2}]}, {"a": [1.0, {"b": 2}]}, []),
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, ["/a/1/b"]),
        ({"a": [1]}, {"a": [1, 2]}, ["/a/1"]),
        ({"a": 1}, {"b": 1}, ["/a", "/b"]),
        ([0.1], [0.30000000000000004 - 0.2], ["/0"]),
        ([None], [[]], ["/0"]),
    ],
)
def test_reports_that_must_be_the_same(stock, suite, places):
    found = benching.differences(stock, suite)
    assert [where for where, _stock, _suite in found] == places


def test_facts_are_counted_one_by_one():
    assert benching.count_facts({"a": [1, {"b": None, "c": "x"}], "d": []}) == 3


def test_of_each_story_the_first_difference_is_shown():
    found = [("/a/3/x", 1, 2), ("/a/3/y", 1, 2), ("/a/7/x", 1, 2), ("/b/0", 1, 2)]
    shown = [where for where, _stock, _suite in benching.first_ones(found)]
    assert shown == ["/a/3/x", "/a/3/y", "/b/0"]
