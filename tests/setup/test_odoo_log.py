"""Odoo's log is read for what ran, what failed, and what nobody explained."""

import re

import pytest
from devtool import odoo_log
from devtool.addon_tests import judge
from devtool.messages import Problem

STAMP = "2026-01-05 10:00:{:02},000 77 {} db {}: {} "
TESTS = "odoo.addons.loyalty_program.tests.test_card"


def log(*records):
    """Return a log of records (level, logger, text), one second apart."""
    return "\n".join(
        STAMP.format(second, *record) for second, record in enumerate(records)
    )


def verdict(failed, errors, ran):
    text = f"{failed} failed, {errors} error(s) of {ran} tests when loading database"
    level = "ERROR" if failed + errors else "INFO"
    return (level, "odoo.tests.result", f"{text} 'db'")


GOOD = [
    ("INFO", TESTS, "Starting TestCard.test_one ..."),
    ("INFO", TESTS, "Starting TestCard.test_two ..."),
    verdict(0, 0, 2),
]


def read(*records, allowed=()):
    return odoo_log.read_tests(log(*records), allowed)


def test_good_run_has_no_complaint():
    report = read(*GOOD)
    assert (report.ran, report.failed, report.complaints) == (2, 0, [])
    assert judge(report, 0, "tests").ok


def test_seconds_go_to_the_file():
    assert read(*GOOD).files == {("loyalty_program", "test_card"): 2.0}


def test_failure_is_counted_once():
    failure = ("ERROR", TESTS, "FAIL: TestCard.test_two\nAssertionError: 1 != 2")
    report = read(*GOOD[:2], failure, verdict(1, 0, 2))
    result = judge(report, 1, "tests")
    assert (result.passed, result.failed, result.problems) == (1, 1, [])
    assert "1 != 2" in result.details[0]
    assert report.outcomes["loyalty_program:TestCard.test_two"] == "failed"


@pytest.mark.parametrize("level", ["WARNING", "ERROR", "CRITICAL"])
def test_unexplained_record_fails_the_run(level):
    report = read((level, "odoo.sql_db", "something odd"), *GOOD)
    result = judge(report, 0, "tests")
    assert not result.ok
    assert "something odd" in result.problems[0]


def test_explained_record_does_not():
    rules = [(re.compile("sql_db: something"), "a reason")]
    report = read(("WARNING", "odoo.sql_db", "something odd"), *GOOD, allowed=rules)
    assert judge(report, 0, "tests").ok


def test_lines_of_a_record_stay_together():
    record = ("ERROR", "odoo.http", "Exception\nTraceback\n  last line")
    assert "last line" in read(record, *GOOD).complaints[0]


def test_skip_without_a_listed_reason_fails_the_run():
    skip = ("INFO", TESTS, "skipped TestCard.test_two : Chrome executable not found")
    result = judge(read(*GOOD[:2], skip, GOOD[2]), 0, "tests")
    assert result.skipped == 1
    assert "Chrome executable not found" in result.problems[0]


def test_run_without_a_test_fails():
    assert not judge(read(verdict(0, 0, 0)), 0, "tests").ok


def test_run_without_a_verdict_fails():
    assert not judge(read(*GOOD[:2]), 0, "tests").ok


def test_exit_code_alone_fails_the_run():
    assert not judge(read(*GOOD), 1, "tests").ok


def test_output_before_the_first_record_is_a_complaint():
    text = "Segmentation fault\n" + log(*GOOD)
    assert odoo_log.read_tests(text, []).complaints


def test_rule_needs_a_reason(tmp_path):
    path = tmp_path / "list.toml"
    path.write_text('[[allow]]\npattern = "x"\nreason = ""\n')
    with pytest.raises(Problem, match="reason"):
        odoo_log.rules(path, "pattern")


def test_the_lists_of_the_repository_are_valid():
    odoo_log.rules(odoo_log.ALLOWLIST, "pattern")
    odoo_log.rules(odoo_log.SKIPLIST, "test")
