"""The outcome of each step, and the one summary at the end."""

from dataclasses import dataclass, field


@dataclass
class Result:
    """What one step of `./dev test` found.

    `problems` are texts that fail the run though no single test did: a log entry
    that nobody explained, a skip without a listed reason, no test at all.
    """

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    problems: list = field(default_factory=list)
    details: list = field(default_factory=list)
    seconds: float = 0.0

    @property
    def ok(self):
        return not self.failed and not self.problems

    def line(self):
        """Return one line for the table at the end."""
        mark = "ok    " if self.ok else "FAILED"
        counts = f"{self.passed:5} passed {self.failed:4} failed"
        extra = f" {self.skipped} skipped" if self.skipped else ""
        if self.problems:
            extra += f", {len(self.problems)} problem(s)"
        return f"{mark} {self.name:<34} {self.seconds:6.1f} s {counts}{extra}"


def check(name, ok, output="", seconds=0.0):
    """Return the result of a step that is one check, such as a linter."""
    result = Result(name, seconds=seconds)
    if ok:
        result.passed = 1
    else:
        result.failed = 1
        result.details.append(output.strip() or "no message")
    return result


def unexplained_skips(skips, rules):
    """Return a problem for each skipped test that no rule gives a reason for.

    :param skips: pairs of a test's name and the reason it gave
    :param rules: pairs of a compiled expression and the listed reason
    """
    return [
        f"skipped without a listed reason: {name} ({reason})"
        for name, reason in skips
        if not any(rule.search(name) for rule, _reason in rules)
    ]


def summary(results):
    """Return the closing lines; the last is `N passed, N failed[, N skipped]`."""
    lines = []
    for result in results:
        if result.ok:
            continue
        lines += ["", f"=== {result.name}"]
        lines += [*result.details, *(f"problem: {text}" for text in result.problems)]
    lines += ["", *(result.line() for result in results), ""]
    passed = sum(result.passed for result in results)
    # A problem outside the tests must not hide behind "0 failed".
    failed = sum(result.failed + len(result.problems) for result in results)
    skipped = sum(result.skipped for result in results)
    closing = f"{passed} passed, {failed} failed"
    lines.append(closing + (f", {skipped} skipped" if skipped else ""))
    return "\n".join(lines)
