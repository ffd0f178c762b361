from decimal import Decimal

from odoo.tests import tagged

from .commit_common import CommittingCase
from odoo.addons.loyalty_program.models import loyalty_program_tier_batch

MEMBERS = 24
WORKERS = 3


@tagged("post_install", "-at_install")
class TestTierWorkers(CommittingCase):
    """Several workers share a recheck of all tiers: real transactions that commit."""

    def setUp(self):
        super().setUp()
        # Small chunks, so that every worker gets some.
        self.patch(loyalty_program_tier_batch, "CHUNK", 5)
        self._set_silver(100)
        self.cards = self._make_members(MEMBERS)
        with self._commit() as env:
            env["loyalty.ledger"]._post(
                [
                    self._make_posting(
                        card_id, 60, base_amount=Decimal(60), counts_for_tier=True
                    )
                    for card_id in self.cards
                ],
                notify=False,
            )
            self._work(env)

    def tearDown(self):
        with self._commit() as env:
            env["loyalty.card"].browse(self.cards)._leave()
        super().tearDown()

    def _work(self, env, batches=None):
        """Do a worker's part, committing after each batch.

        :param int batches: stop after so many, as a crash would
        """
        program = env["loyalty.program"].browse(self.program)
        done = 0
        for _movers in program._requalify_members(5):
            env.cr.commit()
            done += 1
            if done == batches:
                break
        return done

    def _set_silver(self, threshold):
        with self._commit() as env:
            program = env["loyalty.program"].browse(self.program)
            program.tier_ids.sorted("threshold")[1].threshold = threshold

    def _count_moves(self, env):
        moves = env["loyalty.tier.change"].search(
            [("card_id", "in", self.cards), ("cause", "=", "up")]
        )
        left = env["loyalty.tier.recheck"].search_count(
            [("program_id", "=", self.program)]
        )
        return len(moves), len(moves.card_id), left

    def test_everybody_moves_once_whoever_works(self):
        self._set_silver(50)
        results, _tries = self._race(*[self._work] * WORKERS)
        self.assertTrue(all(isinstance(result, int) for result in results), results)
        with self._commit() as env:
            # What a worker left to another that was busy is the next night's.
            self._work(env)
            self.assertEqual(self._count_moves(env), (MEMBERS, MEMBERS, 0))

    def test_what_a_crash_left_is_done_the_next_time(self):
        self._set_silver(40)
        with self._commit() as env:
            self._work(env, batches=3)
        with self._commit() as env:
            moved, _members, left = self._count_moves(env)
            self.assertTrue(0 < moved < MEMBERS, moved)
            self.assertTrue(left)
        with self._commit() as env:
            self._work(env)
            self.assertEqual(self._count_moves(env), (MEMBERS, MEMBERS, 0))
