from datetime import timedelta

from odoo.tests import tagged

from .common import NOW, CampaignCase


@tagged("post_install", "-at_install")
class TestResult(CampaignCase):
    """Who bought again is read from the ledger, in both groups."""

    def _measure(self):
        self.campaign.action_measure()

    def test_purchase_within_the_measured_time_counts(self):
        card = self._lapse()
        participation = self._run()[card]
        self.assertEqual(participation.outcome, "open")
        with self._after(days=30):
            self._buy(card, amount=35)
            self._buy(card, amount=15)
        self._measure()
        self.assertEqual(participation.outcome, "returned")
        self.assertEqual(participation.bought_on, NOW + timedelta(days=30))
        self.assertEqual(participation.purchase_count, 2)
        self.assertEqual(participation.revenue, 50)

    def test_purchase_after_the_measured_time_counts_not(self):
        card = self._lapse()
        participation = self._run()[card]
        with self._after(days=31):
            self._buy(card)
            self._measure()
        self.assertEqual(participation.outcome, "away")

    def test_purchase_that_is_taken_back_counts_no_more(self):
        card = self._lapse()
        participation = self._run()[card]
        with self._after(days=2):
            entry = self._buy(card)
            self._measure()
            self.assertEqual(participation.outcome, "returned")
            self._take_back(entry)
            self._measure()
        self.assertNotEqual(participation.outcome, "returned")
        self.assertFalse(participation.bought_on)
        self.assertEqual(participation.revenue, 0)

    def test_campaign_compares_the_treated_with_those_kept_out(self):
        self.campaign.hold_out_percent = 50
        cards = [self._lapse() for _number in range(30)]
        participations = self._run()
        groups = {"treated": [], "hold_out": []}
        for card in cards:
            groups[participations[card].member_group].append(card)
        with self._after(days=1):
            for card in groups["treated"][:3]:
                self._buy(card, amount=40)
            self._buy(groups["hold_out"][0], amount=10)
        self._measure()
        treated, kept = len(groups["treated"]), len(groups["hold_out"])
        self.assertEqual(self.campaign.treated_count, treated)
        self.assertAlmostEqual(self.campaign.treated_rate, 3 / treated)
        self.assertAlmostEqual(self.campaign.hold_out_rate, 1 / kept)
        self.assertAlmostEqual(self.campaign.uplift, 3 / treated - 1 / kept)
        self.assertAlmostEqual(self.campaign.treated_revenue, 120)
        self.assertAlmostEqual(
            self.campaign.extra_revenue, 120 - 10 / kept * treated, places=2
        )
        self.assertEqual(self.campaign.verdict, "few")

    def test_members_who_come_back_before_the_contact_are_not_bothered(self):
        card = self._lapse()
        self.campaign._claim(self.campaign._get_today())
        self._buy(card)
        self.campaign._run_now()
        participation = self._get_participations()[card]
        self.assertEqual(participation.state, "skipped")
        self.assertFalse(participation.coupon_id)
        self.assertEqual(participation.outcome, "returned")

    def test_members_whose_purchases_were_taken_back_are_not_bothered(self):
        self.campaign.opportunity_tier_id = self._get_tier("Gold")
        card = self._join()
        purchase = self._buy(card, days_ago=90, amount=400)
        self.campaign._claim(self.campaign._get_today())
        self._take_back(purchase)
        self.campaign._run_now()
        participation = self._get_participations()[card]
        self.assertEqual(participation.state, "taken_back")
        self.assertFalse(participation.coupon_id or participation.lead_id)
