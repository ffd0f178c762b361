from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .claim_common import ClaimCase
from .common import NOW


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRewardDonation(ClaimCase):
    """Members give points to a cause, each of them worth some money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cause = cls.env["loyalty.cause"].create({"name": "Trees"})
        cls.terms = {
            "cause_id": cls.cause.id,
            "discount_mode": "per_point",
            "discount": 0.05,
            "required_points": 20,
        }
        cls.gift = cls._make_reward("donation", **cls.terms)
        cls._post(1000, "bonus", expires_on=date(2028, 12, 31))

    def test_the_member_says_how_many_points(self):
        claim = self._claim(points="140")
        self.assertEqual((claim.points, claim.amount), (140, 7))
        self.assertEqual(claim.cause_id, self.cause)
        self.assertIn("7.00", claim._describe_given())
        self.assertIn("Trees", claim._describe_given())
        self.assertEqual(self._claim().points, 20, "as few as may be")

    def test_a_bad_number_of_points_is_told_and_takes_nothing(self):
        self.gift.choice_maximum = 200
        for wish, words in (
            ("abc", "no number"),
            ("-40", "at least 20"),
            ("0", "at least 20"),
            ("40.5", "decimals"),
            ("50", "steps of 20"),
            ("220", "200 points at most"),
            ("nan", "no number"),
        ):
            with self.assertRaisesRegex(UserError, words, msg=wish):
                self._claim(points=wish)
        self.gift.choice_maximum = 0
        with self.assertRaisesRegex(UserError, "suffice for 1,000"):
            self._claim(points="1020")
        self.assertEqual(self.card.points, 1000)

    def test_the_year_of_the_member_and_the_total_of_the_cause(self):
        self._claim(points=100)
        self._claim(points=200).with_user(self.manager).action_void()
        with freeze_time("2026-12-31 23:59:59"):
            self._claim(points=60)
        with freeze_time("2027-01-01 00:00:00"):
            self._claim(points=40)
            self.assertEqual(self.card._get_donated(), 2)
        self.assertEqual(self.card._get_donated(2026), 8)
        other = self._make_member("Olaf Other")
        self._post(100, "bonus", other)
        self._claim(card=other, points=100)
        self.assertEqual(self.card._get_donated(2026), 8)
        cause = self.cause.with_user(self.loyalty_user)
        self.assertEqual((cause.donated, cause.donation_count), (15, 4))
        found = self.env["loyalty.reward.claim"].search(
            cause.action_view_donations()["domain"]
        )
        self.assertEqual(len(found), 5)

    def test_a_donation_stays_with_the_cause_it_was_given_to(self):
        claim = self._claim()
        self.gift.cause_id = self.cause.create({"name": "Bees"})
        self.assertEqual(claim.cause_id, self.cause)

    def test_a_closed_cause_takes_nothing(self):
        self.cause.active = False
        with self.assertRaisesRegex(UserError, "takes no donations"):
            self._claim()
        self.assertIn("takes no donations", self.card._get_claim_refusal(self.gift))
        self.assertEqual(self.card.points, 1000)

    def test_its_terms_in_words(self):
        self.assertIn("Trees", self.gift._describe())
        self.assertIn("from 20 points on", self.gift._describe(self.card))
        self.gift.choice_minimum = 40
        self.assertIn("from 40 points on", self.gift._describe())

    def test_bad_settings_are_refused(self):
        for values, words in (
            ({"cause_id": False}, "to which cause"),
            ({"discount_mode": "percent"}, "say how much"),
            ({"discount": 0.0001}, "to the cent"),
            ({"discount": 0}, "to the cent"),
            ({"choice_step": 30}, "multiple of the 20"),
        ):
            with self.assertRaisesRegex(ValidationError, words, msg=str(values)):
                self._make_reward("donation", **{**self.terms, **values})
        foreign = self.env["res.currency"].with_context(active_test=False)
        foreign = foreign.search([("id", "!=", self.currency.id)], limit=1)
        foreign.active = True
        with self.assertRaisesRegex(ValidationError, "counts in"):
            self.cause.currency_id = foreign
