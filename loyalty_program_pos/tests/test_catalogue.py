from datetime import timedelta
from uuid import uuid4

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import TillCase
from odoo.addons.loyalty_program.tests.claim_common import make_reward


@tagged("post_install", "-at_install")
class TestCatalogue(TillCase):
    """What a till offers for points, and what it tells when it is taken."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.register = cls.till.with_user(cls.cashier)
        cls._give(cls, 150)

    def _make_reward(self, kind, **values):
        return make_reward(self.program, kind, **values)

    def _offer(self, reward):
        answer = self.register.loyalty_get_catalogue(self.card.id)
        self.assertEqual(answer["loyalty.card"][0]["points"], self.card.points)
        return next((o for o in answer["offers"] if o["id"] == reward.id), None)

    def _take(self, reward, **wish):
        answer = self.register.loyalty_claim_reward(
            self.card.id, reward.id, uuid4().hex, wish
        )
        return answer["claim"]

    def test_offers_say_what_they_take_and_why_not(self):
        cheap, dear = self.program.reward_ids.sorted("required_points")[:2]
        self.assertIsNone(self._offer(cheap), "a discount is taken on an order")
        (cheap | dear).issues_coupon = True
        offer = self._offer(cheap)
        self.assertEqual(
            (offer["kind"], offer["points"], offer["refusal"], offer["choice"]),
            ("coupon", cheap.required_points, False, False),
        )
        self.assertIn("100 points", offer["words"])
        dear.required_points = 160
        self.assertIn("10 are missing", self._offer(dear)["refusal"])

    def test_a_choice_of_points_has_its_range(self):
        wallet = self._make_reward(
            "wallet", discount_mode="per_point", discount=0.04, required_points=50
        )
        self.assertEqual(
            self._offer(wallet)["choice"],
            {"lowest": 50, "highest": 150, "step": 50, "value": 0.04},
        )
        self.assertIn("4.00", self._take(wallet, points=100)["given"])
        self.assertIn("100 are missing", self._offer_refusal(wallet, 150))

    def _offer_refusal(self, reward, points):
        reward.choice_minimum = points
        return self._offer(reward)["refusal"]

    def test_a_date_is_chosen_and_its_place_kept(self):
        evening = self._make_reward("experience", required_points=20)
        now = fields.Datetime.now()
        soon, full, later = self.env["loyalty.experience.date"].create(
            [
                {"reward_id": evening.id, "starts_at": now + timedelta(days=days)}
                | {"capacity": capacity, "place": place}
                for days, capacity, place in ((3, 2, "Soon"), (4, 0, ""), (5, 1, ""))
            ]
        )
        dates = {date["id"]: date for date in self._offer(evening)["dates"]}
        self.assertIn("Soon", dates[soon.id]["name"])
        self.assertEqual(
            (dates[soon.id]["left"], dates[soon.id]["refusal"]), (2, False)
        )
        self.assertIn("no places", dates[full.id]["refusal"])
        with self.assertRaisesRegex(UserError, "Choose one of the dates"):
            self._take(evening)
        with self.assertRaisesRegex(UserError, "no places"):
            self._take(evening, date=full.id)
        answer = self._take(evening, date=later.id)
        self.assertIn("place is kept", answer["note"])
        self.assertEqual((later.taken, self.card.points), (1, 130))
        with self.assertRaisesRegex(UserError, "The only place"):
            self._take(evening, date=later.id)
        self.assertEqual(self.card.points, 130)

    def test_a_code_is_shown_in_large(self):
        gift_card = self._make_reward(
            "gift_card", discount_mode="per_order", discount=5, gift_card_days=30
        )
        answer = self._take(gift_card)
        card = self.card.claim_ids.payout_card_id
        self.assertEqual((answer["code"], card.points), (card.code, 5))
        self.assertNotIn(card.code, answer["given"])
        self.assertEqual(answer["until"], card.expiration_date)
        self.assertIn("<svg", answer["svg"])

    def test_a_code_of_a_partner_comes_with_its_instructions(self):
        pool = self.env["loyalty.code.pool"].create(
            {"name": "Cinema", "instructions": "Show it at the box office."}
        )
        codes = self.env["loyalty.partner.code"].sudo()
        codes.create({"pool_id": pool.id, "code": "ODEON-1"})
        self._give(100)
        cinema = self._make_reward("partner_code", code_pool_id=pool.id)
        answer = self._take(cinema)
        self.assertEqual((answer["code"], answer["given"]), ("ODEON-1", ""))
        self.assertEqual(answer["note"], "Show it at the box office.")
        self.assertIn("no codes left", self._offer(cinema)["refusal"])

    def test_only_who_serves_at_an_open_till_sees_it(self):
        seller = new_test_user(self.env, "catalogue_seller", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.till.with_user(seller).loyalty_get_catalogue(self.card.id)
        stranger = self.env["loyalty.card"].create(
            {"program_id": self.program.id, "partner_id": self.stranger.id}
        )
        with self.assertRaisesRegex(UserError, "no member"):
            self.register.loyalty_get_catalogue(stranger.id)
        self.till.current_session_id.state = "closing_control"
        with self.assertRaises(AccessError):
            self.register.loyalty_get_catalogue(self.card.id)
