"""The closing line is what CI reads, and it never hides a failure."""

import re

from devtool.pure_tests import read
from devtool.results import Result, check, summary, unexplained_skips

REPORT = """<testsuites><testsuite>
<testcase classname="a" name="passes"/>
<testcase classname="a" name="fails"><failure message="1 != 2"/></testcase>
<testcase classname="a" name="breaks"><error message="no file"/></testcase>
<testcase classname="a" name="skipped"><skipped message="too slow"/></testcase>
</testsuite></testsuites>"""


def closing(*results):
    return summary(results).splitlines()[-1]


def test_closing_line_is_plain():
    assert closing(Result("a", passed=3), Result("b", passed=2)) == "5 passed, 0 failed"


def test_skips_are_counted_when_there_are_any():
    assert closing(Result("a", passed=3, skipped=1)) == "3 passed, 0 failed, 1 skipped"


def test_problem_counts_as_a_failure():
    assert closing(Result("a", passed=3, problems=["odd"])) == "3 passed, 1 failed"


def test_summary_shows_why():
    text = summary([check("lint ruff", False, "E501 too long")])
    assert "E501 too long" in text


def test_pytest_report_is_counted():
    result = read(REPORT, "pytest")
    assert (result.passed, result.failed, result.skipped) == (1, 2, 1)
    assert "too slow" in result.problems[0]


def test_missing_pytest_report_fails():
    assert not read("", "pytest").ok


def test_pytest_without_tests_fails():
    assert not read("<testsuites/>", "pytest").ok


def test_listed_skip_is_accepted():
    rules = [(re.compile("^a::b$"), "a reason")]
    assert unexplained_skips([("a::b", "why")], rules) == []
    assert unexplained_skips([("a::c", "why")], rules)
