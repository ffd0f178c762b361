from uuid import uuid4

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import TillCase
from odoo.addons.loyalty_program.tests.claim_common import make_donation


@tagged("post_install", "-at_install")
class TestClaim(TillCase):
    """Rewards of the catalogue at the till: claimed by a button, never a line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = make_donation(cls.program)
        cls.register = cls.till.with_user(cls.cashier)

    def _claim(self, points=None, token=None, card=None, reward=None, **wish):
        return self.register.loyalty_claim_reward(
            (card or self.card).id,
            (reward or self.reward).id,
            token or uuid4().hex,
            {"points": points, **wish},
        )

    def test_points_become_a_donation(self):
        self._give(150)
        answer = self._claim(100, token="click")
        self.assertIn("Trees", answer["claim"]["given"])
        self.assertEqual(answer["loyalty.card"][0]["points"], 50)
        self._claim(100, token="click")
        self.assertEqual(self.card.points, 50)
        self.assertEqual(self.card.claim_ids.channel, "pos")
        self.assertEqual(self.card.claim_ids.claimed_by_id, self.cashier)

    def test_what_cannot_be_is_told_and_takes_nothing(self):
        self._give(150)
        for points, words in (
            (160, "suffice for 140"),
            (30, "steps of 20"),
            (0, "at least 20"),
            (-20, "at least 20"),
            (20.5, "decimals"),
            ("NaN", "no number"),
            (1e300, "no number"),
            ("all", "no number"),
        ):
            with (
                self.subTest(points=points),
                self.assertRaisesRegex(UserError, words),
                self.env.cr.savepoint(),
            ):
                self._claim(points)
        stranger = self.env["loyalty.card"].create(
            {"program_id": self.program.id, "partner_id": self.stranger.id}
        )
        with self.assertRaisesRegex(UserError, "no member"):
            self._claim(20, card=stranger)
        seller = new_test_user(self.env, "till_seller", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.till.with_user(seller).loyalty_claim_reward(
                self.card.id, self.reward.id, "x", {"points": 20}
            )
        self.assertEqual(self.card.points, 150)

    def test_the_till_knows_which_reward_is_no_line(self):
        fields = self.env["loyalty.reward"]._load_pos_data_fields(self.till)
        self.assertIn("is_claimed_ahead", fields)

    def test_a_forged_line_is_reported(self):
        self._give(150)
        order = self._sell(
            self.member, self._line(self.record, 2), self._reward_line(self.reward, 5)
        )
        notes = " ".join(order.message_ids.mapped("body"))
        self.assertIn("claimed from the catalogue", notes)
