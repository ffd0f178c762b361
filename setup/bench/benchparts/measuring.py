"""Time, queries and memory."""

import json
import re
import statistics
import time
from pathlib import Path

from odoo import sql_db

WARM_UPS = 3
STATUS = Path("/proc/self/status")


def cost(act):
    """Return the milliseconds, those of the processor, and the queries of a call."""
    queries = sql_db.sql_counter
    processor, started = time.process_time(), time.perf_counter()
    act()
    spent = time.perf_counter() - started
    used = time.process_time() - processor
    return spent * 1000, used * 1000, sql_db.sql_counter - queries


def seconds(act):
    """Return the seconds that a call took."""
    return cost(act)[0] / 1000


def request(env, act):
    """Return the cost of what a request would do: cold cache, flush and commit."""
    env.cr.commit()
    env.invalidate_all()

    def served():
        act()
        env.cr.commit()

    return cost(served)


def medians(samples):
    """Return the median of each column, without the first few samples."""
    columns = zip(*samples[WARM_UPS:], strict=True)
    return [statistics.median(column) for column in columns]


def peak_memory(act):
    """Return the largest resident memory of this process during a call, in MB."""
    Path("/proc/self/clear_refs").write_text("5")
    act()
    return int(re.search(r"VmHWM:\s+(\d+) kB", STATUS.read_text())[1]) / 1024


def report(target, measures):
    """Hand the measures to `./dev bench`."""
    Path(target).write_text(json.dumps(measures))
