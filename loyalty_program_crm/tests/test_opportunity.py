from odoo.tests import new_test_user, tagged

from .common import CampaignCase


@tagged("post_install", "-at_install")
class TestOpportunity(CampaignCase):
    """Good members also get an opportunity for their salesperson."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.opportunity_tier_id = cls._get_tier("Gold")
        cls.leader, cls.salesperson = (
            new_test_user(cls.env, login, groups="sales_team.group_sale_salesman")
            for login in ("campaign_leader", "campaign_salesperson")
        )
        cls.campaign.team_id = cls.env["crm.team"].create(
            {"name": "Regulars", "user_id": cls.leader.id}
        )

    def test_only_for_the_tier_and_above(self):
        amounts = {"Bronze": 50, "Silver": 150, "Gold": 400, "Platinum": 2000}
        cards = {name: self._lapse(amount=sum_) for name, sum_ in amounts.items()}
        participations = self._run()
        self.assertEqual(
            {name: cards[name].tier_id.name for name in cards},
            {name: name for name in amounts},
        )
        with_lead = [n for n in cards if participations[cards[n]].lead_id]
        self.assertEqual(with_lead, ["Gold", "Platinum"])

    def test_no_tier_chosen_no_opportunities(self):
        self.campaign.opportunity_tier_id = False
        card = self._lapse(amount=2000)
        self.assertFalse(self._run()[card].lead_id)

    def test_it_goes_to_the_member_s_salesperson_else_to_the_leader(self):
        own = self._lapse(amount=400, user_id=self.salesperson.id)
        orphan = self._lapse(amount=400)
        participations = self._run()
        self.assertEqual(participations[own].lead_id.user_id, self.salesperson)
        self.assertEqual(participations[orphan].lead_id.user_id, self.leader)

    def test_archived_salesperson_gets_none(self):
        card = self._lapse(amount=400, user_id=self.salesperson.id)
        self.salesperson.active = False
        self.assertEqual(self._run()[card].lead_id.user_id, self.leader)

    def test_it_tells_the_facts(self):
        card = self._lapse(amount=400, days_ago=120)
        self._buy(card, days_ago=100, amount=200)
        lead = self._run()[card].lead_id
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(lead.partner_id, card.partner_id)
        self.assertEqual(lead.campaign_id, self.campaign.utm_campaign_id)
        self.assertEqual(lead.expected_revenue, 300)
        for fact in ("03/22/2026", "200.00", "2, together", "Gold", "600 points"):
            self.assertIn(fact, lead.description)
        self.assertIn("Gold, 600 points", lead.loyalty_summary)

    def test_never_twice_even_when_it_was_deleted(self):
        card = self._lapse(amount=400)
        self._run()[card].lead_id.unlink()
        with self._after(days=3):
            participation = self._run()[card]
        self.assertFalse(participation.lead_id)
        self.assertFalse(
            self.env["crm.lead"].search([("partner_id", "=", card.partner_id.id)])
        )

    def test_lead_of_a_stranger_says_nothing(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        lead = self.env["crm.lead"].create(
            {"name": "A question", "partner_id": stranger.id}
        )
        self.assertFalse(lead.loyalty_summary)
        self.assertFalse(self.env["crm.lead"].create({"name": "?"}).loyalty_summary)

    def test_salesperson_sees_the_tier_without_loyalty_rights(self):
        card = self._lapse(amount=400, user_id=self.salesperson.id)
        lead = self._run()[card].lead_id.with_user(self.salesperson)
        self.assertIn("Gold", lead.loyalty_summary)
