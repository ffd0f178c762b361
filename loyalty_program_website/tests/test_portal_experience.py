import html
from datetime import timedelta
from uuid import uuid4

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestPortalExperience(LoyaltyWebsiteCommon):
    """A customer asks for an experience on their own page, and calls it off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        now = fields.Datetime.now()
        cls.reward = cls.env["loyalty.reward"].create(
            {
                "program_id": cls.program.id,
                "reward_type": "experience",
                "description": "Roastery tour",
                "required_points": 100,
                "experience_date_ids": [
                    Command.create(
                        {
                            "starts_at": now + timedelta(days=days),
                            "place": place,
                            "capacity": capacity,
                        }
                    )
                    for days, place, capacity in (
                        (10, "North yard", 1),
                        (20, "South yard", 0),
                        (-1, "Old yard", 5),
                    )
                ],
            }
        )
        dates = {date.place: date for date in cls.reward.experience_date_ids}
        cls.north, cls.south = dates["North yard"], dates["South yard"]
        cls.old = dates["Old yard"]

    def setUp(self):
        super().setUp()
        self._give_points(self.card, 250)
        self._sign_in(self.member_user)

    def _ask(self, date):
        """Press the button and return the page that follows."""
        values = {
            "program_id": self.program.id,
            "reward_id": self.reward.id,
            "token": uuid4().hex,
            "date": date,
        }
        return html.unescape(self._post_form("/my/loyalty/claim", **values).text)

    def _cancel(self, claim_id):
        answer = self._post_form(
            "/my/loyalty/claim/cancel", program_id=self.program.id, claim_id=claim_id
        )
        return html.unescape(answer.text)

    def test_the_dates_ahead_are_offered_with_their_places(self):
        choice = self._text(self._open(), "o_lp_claim_date")
        self.assertIn("North yard (1 place left)", choice)
        self.assertIn("South yard (no places left)", choice)
        self.assertNotIn("Old yard", choice)

    def test_a_request_waits_is_confirmed_and_called_off(self):
        page = self._ask(self.north.id)
        self.assertIn("Waits for our answer", page)
        self.assertIn("North yard", page)
        self.assertEqual((self.card.points, self.north.left), (150, 0))
        claim = self.card.claim_ids
        claim.action_approve()
        self.assertIn("Confirmed", self._read_main("/my/loyalty"))
        page = self._cancel(claim.id)
        self.assertIn("It is cancelled", page)
        self.assertIn("Void, your points came back", page)
        self.assertNotIn("o_lp_cancel_claim", page)
        self.assertEqual((self.card.points, self.north.left), (250, 1))
        self.assertIn("too late", self._cancel(claim.id))
        self.assertEqual(self.card.points, 250)

    def test_a_declined_request_says_why(self):
        self._ask(self.north.id)
        self.card.claim_ids._decline("The roaster is being repaired.")
        page = self._read_main("/my/loyalty")
        self.assertIn("Declined, your points came back", page)
        self.assertIn("The roaster is being repaired.", page)

    def test_what_cannot_be_is_told_and_takes_nothing(self):
        self.assertIn("no places at present", self._ask(self.south.id))
        for forged in (self.old.id, 0, -1, "x", 10**30):
            self.assertIn("Choose one of the dates", self._ask(forged))
        self.assertEqual(self.card.points, 250)
        self.assertFalse(self.card.claim_ids)

    def test_nobody_calls_off_what_is_another_ones(self):
        self._ask(self.north.id)
        claim = self.card.claim_ids
        self._sign_in(self.other_user)
        self._cancel(claim.id)
        for forged in (0, -1, "x", 10**30):
            self._cancel(forged)
        self.assertEqual(claim.state, "requested")
        self.assertEqual(self.card.points, 150)

    def test_a_thing_is_on_its_way_and_then_handed_over(self):
        mug = self.env["product.product"].create({"name": "Mug", "type": "consu"})
        gift = self.env["loyalty.reward"].create(
            {
                "program_id": self.program.id,
                "reward_type": "physical",
                "required_points": 50,
                "reward_product_id": mug.id,
            }
        )
        claim = self.card._claim_reward(gift, "website")
        page = self._read_main("/my/loyalty")
        self.assertIn("On its way to you", page)
        self.assertIn("1 × Mug", page)
        claim.sudo().state = "given"
        self.assertIn("Handed over", self._read_main("/my/loyalty"))
