from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.tests import tagged

from .commit_common import CommittingCase
from odoo.addons.loyalty_program.models import (
    loyalty_expiry_reminder,
    loyalty_ledger_batch,
)

MEMBERS = 24
WORKERS = 3


@tagged("post_install", "-at_install")
class TestExpiryWorkers(CommittingCase):
    """Several workers share the night: real transactions that commit."""

    def setUp(self):
        super().setUp()
        # Small batches, so that every worker gets some.
        self.patch(loyalty_ledger_batch, "LOT_BATCH", 5)
        self.patch(loyalty_expiry_reminder, "BATCH", 3)
        with self._commit() as env:
            env["loyalty.program"].browse(self.program).expiry_mode = "earning"
        self.cards = self._make_members(MEMBERS)

    def _give(self, days):
        """Give each member three lots that expire in so many days."""
        with self._commit() as env:
            day = fields.Date.today() + timedelta(days=days)
            env["loyalty.ledger"]._post(
                [
                    self._make_posting(card_id, 10, expires_on=day)
                    for card_id in self.cards
                    for _lot in range(3)
                ],
                notify=False,
            )

    def _work(self, run, env):
        """Do a worker's part of a night, committing after each batch."""
        batches = 0
        for _rows in run(env):
            env.cr.commit()
            batches += 1
        return batches

    def _expire(self, env):
        program = env["loyalty.program"].browse(self.program)
        return self._work(lambda env: env["loyalty.ledger"]._run_expiry(program), env)

    def _remind(self, env):
        return self._work(
            lambda env: env["loyalty.expiry.reminder"]._run_reminders(), env
        )

    def _earn(self, env):
        return self._post(env, self._make_posting(self.cards[0], 7))

    def test_every_lot_expires_once_whoever_works_and_buys(self):
        self._give(-1)
        self._race(*[self._expire] * WORKERS, self._earn)
        with self._commit() as env:
            # What a worker left to another that was busy is the next night's.
            self._expire(env)
            entries = env["loyalty.ledger.entry"].search(
                [("card_id", "in", self.cards), ("entry_type", "=", "expire")]
            )
            self.assertEqual(len(entries), 3 * MEMBERS)
            cards = env["loyalty.card"].browse(self.cards)
            self.assertEqual(cards.mapped("points"), [7] + [0] * (MEMBERS - 1))
            differing = cards.filtered(lambda card: card.points != card.ledger_points)
            self.assertFalse(differing)

    def test_a_night_that_meets_others_goes_on_but_not_for_ever(self):
        nights = []

        def run(conflicts):
            nights.append(conflicts)
            if len(nights) <= conflicts:
                raise SerializationFailure
            yield nights

        with self._commit() as env:
            env["loyalty.ledger"]._run_committed(lambda: run(3))
        self.assertEqual(len(nights), 4)
        nights.clear()
        with self._commit() as env, self.assertRaises(SerializationFailure):
            env["loyalty.ledger"]._run_committed(lambda: run(99))
        self.assertEqual(len(nights), loyalty_ledger_batch.ATTEMPTS)

    def test_every_member_gets_one_mail_whoever_works(self):
        with self._commit() as env:
            for card in env["loyalty.card"].browse(self.cards):
                card.partner_id.email = f"member{card.id}@example.com"
        self._give(20)
        results, _tries = self._race(*[self._remind] * WORKERS)
        self.assertTrue(all(isinstance(result, int) for result in results), results)
        with self._commit() as env:
            self._remind(env)
            mails = env["mail.mail"].search([("model", "=", "loyalty.expiry.reminder")])
            partners = env["loyalty.card"].browse(self.cards).partner_id
            mails = mails.filtered(lambda mail: mail.recipient_ids <= partners)
            self.assertEqual(len(mails), MEMBERS)
            self.assertEqual(mails.recipient_ids, partners)
            mails.unlink()
            env["loyalty.expiry.reminder"].search(
                [("card_id", "in", self.cards)]
            ).unlink()
