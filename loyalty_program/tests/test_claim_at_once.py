from functools import partial

from odoo.fields import Command
from odoo.tests import tagged

from .commit_common import CommittingCase

CLAIMS = 200
LAST = 10


@tagged("post_install", "-at_install")
class TestClaimAtOnce(CommittingCase):
    """Two hundred claims of the last ten of a reward, of every kind, give ten."""

    def _make_reward(self, kind, **values):
        with self._commit() as env:
            reward = env["loyalty.reward"].create(
                {
                    "program_id": self.program,
                    "reward_type": kind,
                    "required_points": 100,
                    **values,
                }
            )
            self.addCleanup(self._void_rest, reward.id)
            return reward.id

    def _void_rest(self, reward_id):
        with self._commit() as env:
            claims = env["loyalty.reward.claim"].search([("reward_id", "=", reward_id)])
            claims.filtered(lambda claim: claim.state != "void")._void()

    def _claim(self, reward_id, card_id, env):
        reward = env["loyalty.reward"].browse(reward_id)
        return env["loyalty.card"].browse(card_id)._claim_reward(reward, "website").id

    def _assert_ten_win(self, reward_id):
        """Let 200 members claim; return what the ten claims are, for their kind."""
        cards = self._make_members(CLAIMS, points=100)
        claims, refusals = self._race_in_waves(
            [partial(self._claim, reward_id, card) for card in cards]
        )
        self.assertEqual((len(claims), len(refusals)), (LAST, CLAIMS - LAST))
        for refusal in refusals:
            self.assertRegex(
                str(refusal), "(have been|are being) claimed|All 10 places"
            )
        with self._commit() as env:
            points = env["loyalty.card"].browse(cards).mapped("points")
            self.assertEqual((points.count(0), points.count(100)), (LAST, 190))
            found = env["loyalty.reward.claim"].search([("reward_id", "=", reward_id)])
            self.assertEqual(sorted(found.ids), sorted(claims))
        return claims

    def _void(self, claims):
        with self._commit() as env:
            voided, refusals = env["loyalty.reward.claim"].browse(claims)._void()
            self.assertEqual((len(voided), refusals), (len(claims), []))

    def _get_left(self, reward_id):
        with self._commit() as env:
            return env["loyalty.reward"].browse(reward_id).limit_left

    def test_a_donation_a_wallet_and_a_gift_card_with_a_limit(self):
        with self._commit() as env:
            cause = env["loyalty.cause"].create({"name": "At once"}).id
        money = {"discount_mode": "per_order", "discount": 5, "limit_total": LAST}
        for kind, values in (
            ("donation", {"cause_id": cause}),
            ("wallet", {}),
            ("gift_card", {}),
        ):
            with self.subTest(kind):
                reward = self._make_reward(kind, **money, **values)
                claims = self._assert_ten_win(reward)
                self.assertEqual(self._get_left(reward), 0)
                self._void(claims)
                self.assertEqual(self._get_left(reward), LAST)

    def test_a_thing_with_a_limit(self):
        with self._commit() as env:
            mug = env["product.product"].create({"name": "At once", "type": "consu"})
        reward = self._make_reward(
            "physical", reward_product_id=mug.id, limit_total=LAST
        )
        self._void(self._assert_ten_win(reward))
        self.assertEqual(self._get_left(reward), LAST)

    def test_an_experience_with_so_many_places(self):
        date = Command.create({"capacity": LAST})
        reward = self._make_reward("experience", experience_date_ids=[date])
        claims = self._assert_ten_win(reward)
        with self._commit() as env:
            date = env["loyalty.reward"].browse(reward).experience_date_ids
            self.assertEqual((date.taken, date.left), (LAST, 0))
        self._void(claims)
        with self._commit() as env:
            date = env["loyalty.reward"].browse(reward).experience_date_ids
            self.assertEqual((date.taken, date.left), (0, LAST))

    def test_a_members_donations_at_once_add_up_to_what_was_taken(self):
        with self._commit() as env:
            cause = env["loyalty.cause"].create({"name": "At once"}).id
        reward = self._make_reward(
            "donation", cause_id=cause, discount_mode="per_order", discount=5
        )
        (card,) = self._make_members(1, points=300)
        claims, refusals = self._race_in_waves([partial(self._claim, reward, card)] * 8)
        self.assertEqual((len(claims), len(refusals)), (3, 5))
        with self._commit() as env:
            self.assertEqual(env["loyalty.card"].browse(card)._get_donated(), 15)
            self.assertEqual(env["loyalty.cause"].browse(cause).donated, 15)
        self.assertEqual(self._get_balance(card), 0)

    def test_a_limit_a_month_holds_for_clicks_at_once(self):
        reward = self._make_reward(
            "wallet",
            discount_mode="per_order",
            discount=5,
            limit_member=2,
            limit_period="month",
        )
        (card,) = self._make_members(1, points=1000)
        claims, refusals = self._race_in_waves([partial(self._claim, reward, card)] * 8)
        self.assertEqual((len(claims), len(refusals)), (2, 6))
        for refusal in refusals:
            self.assertIn("2 times a month", str(refusal))
        self.assertEqual(self._get_balance(card), 800)
