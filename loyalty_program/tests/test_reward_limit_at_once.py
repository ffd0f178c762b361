from functools import partial

from odoo.exceptions import UserError
from odoo.tests import tagged

from .commit_common import CommittingCase

CLAIMS = 200
PIECES = 10


@tagged("post_install", "-at_install")
class TestRewardLimitAtOnce(CommittingCase):
    """The last pieces of a reward, and many who want them at the same time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls._commit() as env:
            reward = env["loyalty.program"].browse(cls.program).reward_ids
            reward = reward.sorted("required_points")[0]
            reward.write({"limit_total": PIECES, "issues_coupon": True})
            cls.reward = reward.id

    def _claim(self, card_id, env):
        reward = env["loyalty.reward"].browse(self.reward)
        card = env["loyalty.card"].browse(card_id)
        return card._issue_coupon(reward, "website").id

    def _get_left(self):
        with self._commit() as env:
            return env["loyalty.reward"].browse(self.reward).limit_left

    def test_two_hundred_claims_of_the_last_ten_give_ten(self):
        cards = self._make_members(CLAIMS, points=100)
        won, lost = self._race_in_waves([partial(self._claim, card) for card in cards])
        self.assertEqual(len(won), PIECES)
        self.assertEqual(len(lost), CLAIMS - PIECES)
        self.assertEqual(self._get_left(), 0)
        with self._commit() as env:
            coupons = env["loyalty.card"].browse(won)
            self.assertEqual(set(coupons.mapped("coupon_state")), {"issued"})
            points = env["loyalty.card"].browse(cards).mapped("points")
            self.assertEqual(points.count(0), PIECES)
            self.assertEqual(points.count(100), CLAIMS - PIECES)
            coupons._void()
        self.assertEqual(self._get_left(), PIECES)

    def test_of_two_browsers_one_gets_the_coupon(self):
        card = self._make_members(1, points=150)[0]
        results, _tries = self._race(*[partial(self._claim, card)] * 2)
        won = [result for result in results if isinstance(result, int)]
        lost = [str(result) for result in results if isinstance(result, UserError)]
        self.assertEqual(len(won), 1)
        self.assertIn("50 are missing", lost[0])
        with self._commit() as env:
            self.assertEqual(env["loyalty.card"].browse(card).points, 50)
            env["loyalty.card"].browse(won)._void()
