from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import CampaignCase


@tagged("post_install", "-at_install")
class TestCompanies(CampaignCase):
    """A campaign stays in its company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other shop"})
        cls.env.user.company_ids |= cls.other
        cls.other_program = cls._create_program(cls.other)
        cls.other_campaign = cls._create_campaign(
            cls.other_program,
            opportunity_tier_id=cls.other_program.tier_ids[2].id,
        )

    def test_members_of_the_other_company_are_left_alone(self):
        mine = self._lapse()
        theirs = self._join(program=self.other_program)
        self._buy(theirs, days_ago=100, amount=400)
        self.assertEqual(set(self._run()), {mine})
        self.assertEqual(set(self._run(self.other_campaign)), {theirs})
        participation = self.other_campaign.participation_ids
        self.assertEqual(participation.company_id, self.other)
        self.assertEqual(participation.coupon_id.company_id, self.other)
        self.assertEqual(participation.lead_id.company_id, self.other)

    def test_manager_of_one_company_does_not_see_the_other(self):
        theirs = self._join(program=self.other_program)
        self._buy(theirs, days_ago=100)
        self._run(self.other_campaign)
        manager = new_test_user(
            self.env,
            "campaign_one_company",
            "loyalty_program.group_loyalty_manager",
            company_id=self.env.company.id,
        )
        visible = self.env["loyalty.campaign"].with_user(manager).search([])
        self.assertIn(self.campaign, visible)
        self.assertNotIn(self.other_campaign, visible)
        with self.assertRaises(AccessError):
            self.other_campaign.with_user(manager).action_open_run()
        with self.assertRaises(AccessError):
            self.other_campaign.participation_ids.with_user(manager).read(["state"])

    def test_programme_of_another_company_is_refused(self):
        with self.assertRaises(UserError):
            self.campaign.program_id = self.other_program
