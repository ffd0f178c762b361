from functools import partial

from odoo.exceptions import UserError
from odoo.tests import tagged

from .commit_common import CommittingCase

CLAIMS = 200
CODES = 10


@tagged("post_install", "-at_install")
class TestPartnerCodeAtOnce(CommittingCase):
    """Rewards of the catalogue that many, or one twice, claim at the same time."""

    def test_two_hundred_claims_of_the_last_ten_give_ten(self):
        with self._commit() as env:
            pool = env["loyalty.code.pool"].create({"name": "At once", "low_level": 0})
            pool.user_id = False
            wizard = env["loyalty.code.import"].create(
                {
                    "pool_id": pool.id,
                    "text": "\n".join(f"CODE-{number}" for number in range(CODES)),
                }
            )
            wizard.action_import()
            reward = env["loyalty.reward"].create(
                {
                    "program_id": self.program,
                    "reward_type": "partner_code",
                    "code_pool_id": pool.id,
                    "required_points": 100,
                }
            )
        cards = self._make_members(CLAIMS, points=100)
        codes, lost = self._race_in_waves(
            [partial(self._claim, reward.id, card) for card in cards]
        )
        self.assertEqual(len(codes), CODES)
        self.assertEqual(set(codes), {f"CODE-{number}" for number in range(CODES)})
        self.assertEqual(len(lost), CLAIMS - CODES)
        with self._commit() as env:
            points = env["loyalty.card"].browse(cards).mapped("points")
            self.assertEqual(points.count(0), CODES)
            self.assertEqual(points.count(100), CLAIMS - CODES)
            claims = env["loyalty.reward.claim"].search([("reward_id", "=", reward.id)])
            self.assertEqual(len(claims), CODES)
            env["loyalty.code.pool"].browse(pool.id).active = False

    def test_of_two_browsers_one_gets_the_reward(self):
        card = self._make_members(1, points=150)[0]
        results, _tries = self._race(*[partial(self._cash, card, 100)] * 2)
        won = [result for result in results if isinstance(result, int)]
        lost = [str(result) for result in results if isinstance(result, UserError)]
        self.assertEqual(len(won), 1)
        self.assertIn("50 points here", lost[0])
        self.assertEqual(self._get_balance(card), 50)

    def test_two_claims_at_once_fill_one_wallet(self):
        card = self._make_members(1, points=100)[0]
        results, _tries = self._race(*[partial(self._cash, card, 50)] * 2)
        self.assertEqual(len(set(results)), 1)
        self.assertEqual(self._get_balance(results[0]), 5)
        self.assertEqual(self._get_balance(card), 0)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls._commit() as env:
            cashback = env["loyalty.reward"].create(
                {
                    "program_id": cls.program,
                    "reward_type": "wallet",
                    "discount_mode": "per_point",
                    "discount": 0.05,
                    "required_points": 10,
                }
            )
            cls.cashback = cashback.id

    def _cash(self, card_id, points, env):
        """Turn points into money and return the id of the wallet."""
        reward = env["loyalty.reward"].browse(self.cashback)
        card = env["loyalty.card"].browse(card_id)
        return card._claim_reward(reward, "website", points=points).payout_card_id.id

    def _claim(self, reward_id, card_id, env):
        reward = env["loyalty.reward"].browse(reward_id)
        card = env["loyalty.card"].browse(card_id)
        return card._claim_reward(reward, "website").partner_code
