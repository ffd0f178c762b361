"""What `./dev` says, and the one kind of error it stops with."""

import sys
import time

_started = time.monotonic()


class Problem(Exception):  # noqa: N818 -- a state to mend, not a mistake of ours
    """Stop with one line that names the cause and the mend.

    :param str cause: what is wrong, a clause without a full stop
    :param str mend: what the reader can do about it, may be empty
    :param str details: lines to print above, such as the end of a log
    """

    def __init__(self, cause, mend="", details=""):
        super().__init__(cause)
        self.cause = cause
        self.mend = mend
        self.details = details

    def __str__(self):
        return f"{self.cause}: {self.mend}" if self.mend else self.cause


def say(text):
    """Print one progress line with the seconds since the start."""
    elapsed = time.monotonic() - _started
    print(f"[{elapsed:6.1f} s] {text}", flush=True)


def show(problem):
    """Print a problem on the standard error stream."""
    sys.stdout.flush()
    if problem.details:
        print(problem.details.rstrip(), file=sys.stderr)
    print(f"dev: {problem}", file=sys.stderr, flush=True)
