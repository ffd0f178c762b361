"""PostgreSQL itself is killed at random moments: nothing is lost, nothing twice.

On a server of its own with the settings that PostgreSQL comes with: workers post, and
the nightly work expires and releases lots, while all processes of the server get a
SIGKILL. It recovers, and every posting that was acknowledged is there once.
"""

# ruff: noqa: F821 - the shell provides `env`, `./dev bench` the constants

import logging
import multiprocessing
import os
import time
from decimal import Decimal
from functools import partial
from random import Random, SystemRandom
from unittest.mock import patch

import psycopg2
from benchparts import cluster, ledger, measuring, shop

from odoo import SUPERUSER_ID, api, sql_db
from odoo.service.model import retrying
from odoo.tools import config

from odoo.addons.loyalty_program.engine.values import Posting
from odoo.addons.loyalty_program.models import loyalty_ledger_batch

BESIDE = "plain SQL"
REACH = {
    "acknowledged postings lost": ("most", 0),
    "postings there twice": ("most", 0),
    "acknowledged batches lost": ("most", 0),
    "lots left or dealt with twice": ("most", 0),
    "differences of the self-audit": ("most", 0),
}
CARDS = 30
WORKERS = 3
DAY = 400
KILLS = max(round(6 * SIZE), 3)
BATCH_KILLS = max(round(3 * SIZE), 2)
LOTS = max(round(4000 * SIZE), 2000)
BATCH = 50
KINDS = [(5, "bonus"), (20, "earn"), (20, "earn"), (-7, "redeem"), (-3, "adjust")]
GONE = (psycopg2.OperationalError, psycopg2.InterfaceError)
EXPIRED = [ledger.Round("earn", 10, 400, rest=10, expires_in=-3)] * 2
HELD = [ledger.Round("earn", 10, 20, rest=10, state="pending")] * 2

# A failure names the seed: it plays the same postings again.
seed = SystemRandom().getrandbits(32)
random = Random(seed)
context = multiprocessing.get_context("fork")


def begin(work, told, may_die):
    """Run ``work(cursor, tell)`` in a process connected to the server that dies.

    :param told: the queue on which it tells what it did, None at the end
    :param bool may_die: whether the server is killed meanwhile
    """

    def run():
        # The connections belong to the process that forked this one.
        sql_db._Pool = sql_db._Pool_readonly = None
        for name, value in server.options.items():
            config[f"db_{name}"] = value
        env.registry._db = sql_db.db_connect(env.cr.dbname)
        # Conflicts and the end of the server are what this is about.
        logging.disable(logging.CRITICAL)
        try:
            work(env.registry.cursor, told.put)
        except BaseException as error:  # noqa: BLE001 - the parent tells and ends
            if not (may_die and isinstance(error, GONE)):
                told.put(SystemExit(f"seed {seed}: {error!r}"))
        finally:
            told.put(None)
            # No clean-up of what this process has not made.
            os._exit(0)

    process = context.Process(target=run)
    process.start()
    return process


def hear(told, workers=1):
    """Yield what so many processes tell until they end."""
    while workers:
        word = told.get()
        if isinstance(word, SystemExit):
            raise word
        if word is None:
            workers -= 1
        else:
            yield word


def run_all(*works, kill_after=None):
    """Run the works beside each other to their end; return what they told.

    :param int kill_after: kill the server after so many deeds, and start it again.
        Counted, not timed: the moment is in the middle on any machine
    """
    told = context.SimpleQueue()
    processes = [begin(work, told, bool(kill_after)) for work in works]
    heard = []
    for word in hear(told, len(works)):
        heard.append(word)
        if len(heard) == kill_after:
            time.sleep(random.uniform(0, 0.01))
            server.kill()
    for process in processes:
        process.join()
    if kill_after:
        if len(heard) < kill_after:
            raise SystemExit(f"seed {seed}: the work ended before the server did")
        server.start()
    return heard


def ask(work):
    """Return what ``work(environment)`` returns on the server."""

    def run(cursor, tell):
        with cursor() as cr:
            tell(work(api.Environment(cr, SUPERUSER_ID, {})))

    return run_all(run)[0]


def make_day(card_ids, name):
    """Return the postings of a worker's busy day: gains, spending, corrections."""
    postings = []
    for number in range(DAY):
        points, kind = random.choice(KINDS)
        held = random.choice([0, 0, 3]) if kind == "earn" else 0
        card_id = random.choice(card_ids)
        key = f"killed:{name}:{number}"
        postings.append(Posting(card_id, kind, Decimal(points), key, hold_days=held))
    return postings


def post_each(postings, cursor, tell):
    """Post as requests do, tried again after a conflict; tell what is committed."""
    for posting in postings:
        with cursor() as cr:
            own = api.Environment(cr, SUPERUSER_ID, {})
            retrying(partial(own["loyalty.ledger"]._post, [posting]), own)
        tell(posting.key)


def read_folder(own):
    """Return where the server is that answers."""
    own.cr.execute("SHOW unix_socket_directories")
    return own.cr.fetchone()[0]


def read_keys(own):
    """Return all keys that are there, by the table itself: an index may be broken."""
    own.cr.execute("SET enable_indexscan = off")
    own.cr.execute("SET enable_indexonlyscan = off")
    own.cr.execute("SET enable_bitmapscan = off")
    own.cr.execute("SELECT key FROM loyalty_ledger_entry")
    return [key for (key,) in own.cr.fetchall()]


def post_all(postings):
    """Return a work that posts all that is not there yet; how many were new."""
    return lambda own: len(own["loyalty.ledger"]._post(postings))


def fold(own):
    """Bring what waits in the queue into the balances, as the cron does."""
    own["loyalty.ledger"]._cron_fold()
    own.cr.rollback()
    return own["loyalty.ledger.queue"].search_count([])


def audit(own):
    """Return how many differences the self-audit finds."""
    for _left in own["loyalty.audit"]._run():
        own.cr.commit()
    found = own["loyalty.audit"].search([], limit=1)
    if found.state != "done":
        raise SystemExit("the audit did not end")
    return found.difference_count


def kill_postings(card_ids):
    """Return the acknowledged, the lost, those there twice and the differences."""
    acknowledged = lost = twice = differences = 0
    for number in range(KILLS):
        # One card is everybody's: some wait in the queue, some try again.
        days = [
            make_day([card_ids[0], *card_ids[w::WORKERS]], f"{number}:{w}")
            for w in range(WORKERS)
        ]
        works = [lambda *tools, d=day: post_each(d, *tools) for day in days]
        heard = run_all(*works, kill_after=random.randint(1, DAY // 2))
        keys = ask(read_keys)
        there = set(keys)
        wanted = [posting for day in days for posting in day]
        missing = [posting for posting in wanted if posting.key not in there]
        if not missing:
            raise SystemExit("the server was killed too late")
        acknowledged += len(heard)
        lost += len(set(heard) - there)
        twice += len(keys) - len(there)
        differences += ask(audit)
        differences += ask(fold)
        # Whoever was not told that it is done tries again.
        twice += abs(len(missing) - ask(post_all(wanted)))
    return acknowledged, lost, twice, differences + ask(audit)


def batches(step, program_id, is_small=True):
    """Return a work that does one step of the nightly work, batch by batch."""

    def work(cursor, tell):
        size = BATCH if is_small else loyalty_ledger_batch.LOT_BATCH
        with cursor() as cr, patch.object(loyalty_ledger_batch, "LOT_BATCH", size):
            own = api.Environment(cr, SUPERUSER_ID, {})
            program = own["loyalty.program"].browse(program_id)
            for cards in getattr(own["loyalty.ledger"], step)(program):
                ids = cards.ids
                cr.commit()
                tell(ids)

    return work


def count_due(program_id, condition):
    """Return a work that tells the accounts with lots still to deal with."""

    def work(own):
        own.cr.execute(
            f"""SELECT card_id FROM loyalty_lot
                WHERE program_id = %s AND remaining <> 0 AND {condition}""",
            (program_id,),
        )
        return [card_id for (card_id,) in own.cr.fetchall()]

    return work


def kill_batches(step, program_id, condition):
    """Return the batches lost, the lots left and the differences of the audit."""
    lost = differences = halves = 0
    # A batch takes both lots of its accounts.
    most = LOTS // 2 // BATCH // BATCH_KILLS - 1
    for _kill in range(BATCH_KILLS):
        work = batches(step, program_id)
        heard = run_all(work, kill_after=random.randint(1, most))
        due = set(ask(count_due(program_id, condition)))
        lost += sum(not due.isdisjoint(ids) for ids in heard)
        halves += bool(due)
        differences += ask(audit)
    if halves < BATCH_KILLS:
        raise SystemExit("the server was killed too late")
    run_all(batches(step, program_id, is_small=False))
    left = len(ask(count_due(program_id, condition)))
    return lost, left, differences + ask(audit)


def count_expired(own):
    """Return how far the expired entries are from one for each lot."""
    own.cr.execute(
        """SELECT COUNT(*), COUNT(DISTINCT key), SUM(points) FROM loyalty_ledger_entry
           WHERE entry_type = 'expire' AND program_id = %s""",
        (expiring.id,),
    )
    count, keys, points = own.cr.fetchone()
    return abs(count - LOTS) + count - keys + abs(int(points) + 10 * LOTS)


expiring = shop.only_program(env)
ledger.fill(env, expiring, LOTS // 2, EXPIRED)
releasing = shop.only_program(env)
ledger.fill(env, releasing, LOTS // 2, HELD)
program = shop.only_program(env)
cards = [shop.member(env, program, f"Bench {number}").id for number in range(CARDS)]
(expiring | releasing).active = True
env.cr.commit()
with cluster.throw_away() as server:
    server.start(cluster.FAST)
    server.copy(env.cr.dbname)
    server.stop()
    server.start()
    if ask(read_folder) != str(server.folder):
        raise SystemExit("the works do not reach the server that dies")
    acknowledged, lost, twice, differences = kill_postings(cards)
    expired = kill_batches(
        "_run_expiry", expiring.id, "state = 'open' AND expires_on < current_date"
    )
    released = kill_batches("_run_release", releasing.id, "state = 'pending'")
    wrong = expired[1] + released[1] + ask(count_expired)
measuring.report(
    TARGET,
    {
        "times the server was killed": [None, KILLS + 2 * BATCH_KILLS],
        "acknowledged postings": [None, acknowledged],
        "acknowledged postings lost": [None, lost],
        "postings there twice": [None, twice],
        "acknowledged batches lost": [None, expired[0] + released[0]],
        "lots left or dealt with twice": [None, wrong],
        "differences of the self-audit": [
            None,
            differences + expired[2] + released[2],
        ],
    },
)
