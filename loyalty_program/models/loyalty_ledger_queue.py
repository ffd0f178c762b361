import logging
from functools import partial

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: How long a fold waits for the lock of an account before it leaves it to the cron.
PATIENCE = "5s"

#: Accounts that one run of the cron folds.
FOLD_LIMIT = 1000


class LoyaltyLedgerQueue(models.Model):
    """Entries whose account was busy when they were posted: they wait to be folded.

    The row lives for milliseconds: the transaction that posted folds it as soon as
    it has committed. Until then the entry is in the ledger and not in the balance.
    """

    _name = "loyalty.ledger.queue"
    _description = "Loyalty Ledger Queue"
    _log_access = False

    entry_id = fields.Many2one(
        comodel_name="loyalty.ledger.entry",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Account",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    is_pending = fields.Boolean(readonly=True)
    expires_on = fields.Date(readonly=True)


class LoyaltyLedger(models.AbstractModel):
    """One busy account: earning does not wait for its lock."""

    _inherit = "loyalty.ledger"

    def _fold_after_commit(self, account_ids):
        """Fold what waits for the accounts once this transaction has committed."""
        # The hook runs after the commit, in a transaction of its own.
        fold = partial(self._fold_apart, self.env.registry, sorted(account_ids))
        self.env.cr.postcommit.add(fold)

    @staticmethod
    def _fold_apart(registry, account_ids):
        """Fold in a short transaction that waits for locks instead of failing.

        :return: whether it was done; if not, the cron does it
        """
        try:
            with registry.cursor() as cr:
                cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
                cr.execute("SELECT set_config('lock_timeout', %s, true)", (PATIENCE,))
                env = api.Environment(cr, SUPERUSER_ID, {})
                env["loyalty.ledger"]._fold(account_ids)
        except Exception:
            # The sale is committed and must not look failed. Nothing is lost either:
            # the queue keeps the entries for the cron.
            _logger.warning(
                "Points of the accounts %s wait for the next run of the cron.",
                account_ids,
                exc_info=True,
            )
            return False
        return True

    def _fold(self, account_ids):
        """Bring queued entries into the balances; tiers and mails follow.

        Needs a READ COMMITTED transaction, so that it sees what was committed while
        it waited for the lock.
        """
        for account in self.env["loyalty.card"].browse(account_ids):
            self.env.execute_query(self._query_lock_only(account.id))
            self._forget_balances(account)
            before = account.points
            folded = self.env.execute_query(self._query_lock(account.ids))[0][0]
            self._forget_balances(account)
            members = self.env["loyalty.card"].browse(folded)
            members._refresh_tiers(allow_down=True)
            members._notify_points_reached(dict.fromkeys(folded, before))

    def _query_lock_only(self, account_id):
        return SQL(
            "SELECT id FROM loyalty_card WHERE id = %s FOR NO KEY UPDATE", account_id
        )

    @api.model
    def _cron_fold(self):
        """Fold what a crash or a long lock left in the queue."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT card_id FROM loyalty_ledger_queue LIMIT %s", FOLD_LIMIT
            )
        )
        for (account_id,) in rows:
            self._fold_apart(self.env.registry, [account_id])
