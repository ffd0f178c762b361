from functools import partial

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .commit_common import CommittingCase

MEMBERS = 8
PLACES = 3


@tagged("post_install", "-at_install")
class TestRewardExperienceAtOnce(CommittingCase):
    """The last places of a date, and more members than places at the same time."""

    def test_as_many_get_a_place_as_there_are(self):
        with self._commit() as env:
            reward = env["loyalty.reward"].create(
                {
                    "program_id": self.program,
                    "reward_type": "experience",
                    "required_points": 100,
                    "experience_date_ids": [Command.create({"capacity": PLACES})],
                }
            )
            self.reward = reward.id
        cards = self._make_members(MEMBERS, points=100)
        results, _tries = self._race(*[partial(self._ask, card) for card in cards])
        won = [result for result in results if isinstance(result, int)]
        lost = [result for result in results if isinstance(result, UserError)]
        self.assertEqual((len(won), len(lost)), (PLACES, MEMBERS - PLACES))
        with self._commit() as env:
            date = env["loyalty.reward"].browse(self.reward).experience_date_ids
            self.assertEqual((date.taken, date.left), (PLACES, 0))
            points = env["loyalty.card"].browse(cards).mapped("points")
            self.assertEqual(points.count(0), PLACES)
            env["loyalty.reward.claim"].browse(won)._void()
            self.assertEqual(date.taken, 0)

    def _ask(self, card_id, env):
        reward = env["loyalty.reward"].browse(self.reward)
        return env["loyalty.card"].browse(card_id)._claim_reward(reward, "website").id
