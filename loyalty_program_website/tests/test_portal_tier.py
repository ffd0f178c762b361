from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestPortalTier(LoyaltyWebsiteCommon):
    """The member's page of the tier: progress, benefits, rules and history."""

    def setUp(self):
        super().setUp()
        self._sign_in(self.member_user)
        self.silver = self.program.tier_ids.sorted("threshold")[1]
        self.gold = self.program.tier_ids.sorted("threshold")[2]
        for tier, words in ((self.silver, "Coffee on us."), (self.gold, "A tour.")):
            tier.benefit_ids = [Command.create({"kind": "words", "note": words})]

    def _open_tier(self):
        return self._open(f"/my/loyalty/{self.program.id}/tier")

    def test_tier_benefits_and_the_next_ones_are_told(self):
        self._purchase(150)
        page = self._open_tier()
        self.assertIn("Silver", self._text(page, "o_lp_hero"))
        self.assertIn("150.00", self._text(page, "o_lp_progress"))
        self.assertEqual(self._text(page, "o_lp_benefits"), "Coffee on us.")
        self.assertEqual(self._text(page, "o_lp_next_benefits"), "A tour.")
        rules = self._text(page, "o_lp_tiers")
        self.assertIn("Bronze: from the start.", rules)
        self.assertIn("300.00 in 12 months", rules)
        self.assertIn("end of each month", self._text(page, "o_lp_move_words"))

    def _give_gold_of_last_year(self):
        """Let the member hold Gold by hand; the end of this year decides about it."""
        today = self.program._get_local_date()
        self.env["loyalty.tier.change"].create(
            {
                "card_id": self.card.id,
                "to_tier_id": self.gold.id,
                "cause": "manual",
                "changed_on": date(today.year - 1, 6, 1),
                "reason": "not for the customer",
            }
        )
        self.card.sudo().joined_on = date(today.year - 1, 1, 1)
        self.program._requalify(self.card.ids)
        return f"12/31/{today.year}"

    def test_what_keeps_the_tier_is_told_with_its_day(self):
        self.program.tier_window = "year"
        day = self._give_gold_of_last_year()
        page = self._open_tier()
        keep = self._text(page, "o_lp_keep")
        self.assertEqual(keep, f"To stay in Gold: purchases of $ 300.00 by {day}.")
        moves = self._text(page, "o_lp_moves")
        self.assertIn("given by us", moves)
        self.assertNotIn("not for the customer", moves)

    def test_of_two_numbers_each_is_told_by_its_name(self):
        self.program.write(
            {"tier_window": "year", "tier_metric_2": "orders", "tier_join": "all"}
        )
        (self.program.tier_ids - self.program.tier_ids[0]).threshold_2 = 1
        day = self._give_gold_of_last_year()
        missing = "purchases of $ 300.00 and 1 order"
        for page in (self._open_tier(), self._open()):
            text = " ".join(page.text_content().split())
            self.assertIn(f"To stay in Gold: {missing} by {day}.", text)
        self.assertIn(f"from {missing} on", text)

    def test_what_may_be_had_is_counted(self):
        tour = self.env["loyalty.entitlement"].create(
            {"name": "Tour", "program_id": self.program.id}
        )
        self.silver.benefit_ids = [
            Command.create(
                {
                    "kind": "entitlement",
                    "entitlement_id": tour.id,
                    "entitlement_count": 4,
                }
            )
        ]
        self._purchase(150)
        self.card._take_entitlement(tour)
        self.assertIn("3 of 4 left", self._text(self._open_tier(), "o_lp_entitlements"))

    def test_who_is_no_member_is_sent_to_the_overview(self):
        self._sign_in(self.other_user)
        answer = self.url_open(
            f"/my/loyalty/{self.program.id}/tier", allow_redirects=False
        )
        self.assertEqual(answer.status_code, 303)
