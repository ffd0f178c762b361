from odoo.tests import tagged

from .common import CampaignCase


@tagged("post_install", "-at_install")
class TestHoldOut(CampaignCase):
    """A share of the members, drawn by chance, is left alone."""

    def test_about_a_tenth_of_a_thousand_and_always_the_same(self):
        self.campaign.hold_out_percent = 10
        partners = self.env["res.partner"].create(
            [{"name": f"Lapsed {number}"} for number in range(1000)]
        )
        cards = self.program._enrol_batch(
            [(partner, None) for partner in partners], "import", True
        )
        self._buy(cards, days_ago=100)
        service = self.env["loyalty.win.back"]
        today = self.campaign._get_today()
        query = service._query_due(self.campaign, today)
        first = self.env.execute_query(query)
        self.assertEqual(sorted(first), sorted(self.env.execute_query(query)))
        drawn = {row[0] for row in first if row[4] < 10}
        self.campaign._claim(today)
        kept = self.campaign.participation_ids.filtered(
            lambda participation: participation.member_group == "hold_out"
        )
        self.assertEqual(set(kept.card_id.ids), drawn)
        # Of a fair draw of a tenth, 99.9 % of all thousands lie between these.
        self.assertTrue(69 <= len(kept) <= 131, len(kept))

    def test_who_is_kept_out_gets_nothing_but_is_measured(self):
        self.campaign.write(
            {"hold_out_percent": 90, "opportunity_tier_id": self._get_tier("Gold").id}
        )
        cards = [self._lapse(amount=500) for _number in range(40)]
        participations = self._run()
        kept = [
            participations[card]
            for card in cards
            if participations[card].member_group == "hold_out"
        ]
        self.assertGreater(len(kept), 20)
        for participation in kept:
            self.assertEqual(participation.state, "done")
            self.assertFalse(participation.coupon_id)
            self.assertFalse(participation.lead_id)
            self.assertFalse(participation.contact)
        self.assertEqual(self.campaign.hold_out_count, len(kept))
        self.assertEqual(self.campaign.treated_count, 40 - len(kept))
