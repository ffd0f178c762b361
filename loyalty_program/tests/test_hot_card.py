from datetime import date
from functools import partial
from unittest.mock import patch

from psycopg2.errors import LockNotAvailable

from odoo.tests import tagged
from odoo.tools import mute_logger

from .commit_common import CommittingCase
from odoo.addons.loyalty_program.models import loyalty_ledger_queue

ORDERS = 24


@tagged("post_install", "-at_install")
class TestHotCard(CommittingCase):
    """A pool whose members buy at the same instant: earning waits for nobody."""

    def _post_committed(self, card, points, entry_type="earn", **values):
        with self._commit() as env:
            posting = self._make_posting(card, points, entry_type, **values)
            return self._post(env, posting)

    def _count_queue(self, card):
        with self._commit() as env:
            account = env["loyalty.card"].browse(card)._get_account()
            return env["loyalty.ledger.queue"].search_count(
                [("card_id", "=", account.id)]
            )

    def _leave_queue(self):
        """Let the fold after the commit not happen, as after a crash."""
        name = "odoo.addons.loyalty_program.models.loyalty_ledger_queue"
        return patch(f"{name}.LoyaltyLedger._fold_apart")

    def _hold(self, card):
        """Return a cursor that holds the lock of the account."""
        holder = self.registry.cursor()
        self.addCleanup(holder.close)
        holder.execute(
            "SELECT id FROM loyalty_card WHERE id = %s FOR NO KEY UPDATE", (card,)
        )
        return holder

    def test_orders_of_one_pool_at_the_same_instant_all_succeed(self):
        cards = self._make_members(ORDERS, has_pool=True)
        orders = [self._make_order(card) for card in cards]
        results, tries = self._race(*(partial(self._confirm, o) for o in orders))
        self.assertEqual(results, [1] * ORDERS)
        self.assertEqual(tries, ORDERS, "nobody had to begin again")
        self.assertEqual(self._count_queue(cards[0]), 0)
        self.assertEqual(self._get_balance(cards[0]), 100 * ORDERS)
        with self._commit() as env:
            tiers = env["loyalty.card"].browse(cards).tier_id.mapped("name")
            self.assertEqual(tiers, ["Silver"], "each by its own purchase")

    def test_earning_waits_for_no_lock(self):
        (card,) = self._make_members(1, points=10)
        holder = self._hold(card)
        quiet = mute_logger("odoo.sql_db", loyalty_ledger_queue.__name__)
        with patch.object(loyalty_ledger_queue, "PATIENCE", "50ms"), quiet:
            self.assertEqual(self._post_committed(card, 30), 1)
        self.assertEqual(self._count_queue(card), 1)
        self.assertEqual(self._get_balance(card), 10)
        holder.rollback()
        with self._commit() as env:
            env["loyalty.ledger"]._cron_fold()
        self.assertEqual(self._count_queue(card), 0)
        self.assertEqual(self._get_balance(card), 40)

    def test_who_checks_a_balance_waits_for_who_changes_it(self):
        (card,) = self._make_members(1, points=10)
        self._hold(card)
        waiting = self.assertRaises(LockNotAvailable)
        with self._commit() as env, mute_logger("odoo.sql_db"), waiting:
            env.cr.execute("SET LOCAL lock_timeout = '50ms'")
            env["loyalty.ledger"]._lock_cards([card])

    def _queue(self, card, points, **values):
        """Post points that stay in the queue."""
        holder = self._hold(card)
        with self._leave_queue():
            self._post_committed(card, points, **values)
        holder.close()

    def test_what_waits_can_be_spent_by_the_next_who_gets_the_lock(self):
        (card,) = self._make_members(1, points=10)
        self._queue(card, 30)
        with self._commit() as env:
            posting = self._make_posting(card, -40, "redeem")
            self._post(env, posting, allow_debt=False)
        self.assertEqual(self._count_queue(card), 0)
        self.assertEqual(self._get_balance(card), 0)

    def test_the_next_earning_takes_along_what_waits(self):
        (card,) = self._make_members(1)
        self._queue(card, 30)
        self._post_committed(card, 5)
        self.assertEqual(self._count_queue(card), 0)
        self.assertEqual(self._get_balance(card), 35)

    def test_what_waits_can_be_undone(self):
        (card,) = self._make_members(1, points=10)
        self._queue(card, 30, key=f"hot:{card}")
        with self._commit() as env:
            entry = env["loyalty.ledger.entry"].search([("key", "=", f"hot:{card}")])
            self._post(
                env,
                self._make_posting(card, -30, "earn_reversal", reverses_id=entry.id),
            )
        self.assertEqual(self._count_queue(card), 0)
        self.assertEqual(self._get_balance(card), 10)

    def test_the_same_key_waits_once(self):
        (card,) = self._make_members(1)
        self._queue(card, 30, key=f"hot:{card}")
        self._queue(card, 30, key=f"hot:{card}")
        with self._commit() as env:
            env["loyalty.ledger"]._cron_fold()
        self.assertEqual(self._get_balance(card), 30)

    def test_waiting_points_pay_a_debt_and_keep_their_hold(self):
        (card,) = self._make_members(1)
        self._post_committed(card, -50, "redeem")
        self._queue(card, 40, expires_on=date(2099, 2, 1))
        self._queue(card, 30, expires_on=date(2099, 1, 1))
        self._queue(card, 20, hold_days=9)
        with self._commit() as env:
            env["loyalty.ledger"]._cron_fold()
        with self._commit() as env:
            facts = env["loyalty.card"].browse(card)
            self.assertEqual((facts.points, facts.points_pending), (20, 20))
            lots = env["loyalty.lot"].search(
                [("card_id", "=", card), ("remaining", "!=", 0)], order="id"
            )
            # The debt is paid by what expires first, and is gone.
            self.assertEqual(
                [(lot.state, lot.expires_on, lot.remaining) for lot in lots],
                [("open", date(2099, 2, 1), 20), ("pending", False, 20)],
            )
        self._get_balance(card)

    def test_the_tier_follows_at_the_fold(self):
        (card,) = self._make_members(1)
        self._queue(card, 30, base_amount=500, counts_for_tier=True)
        with self._commit() as env:
            self.assertEqual(env["loyalty.card"].browse(card).tier_id.name, "Bronze")
            env["loyalty.ledger"]._cron_fold()
        with self._commit() as env:
            self.assertEqual(env["loyalty.card"].browse(card).tier_id.name, "Gold")
