from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import CampaignCase


@tagged("post_install", "-at_install")
class TestRoles(CampaignCase):
    """Managers run campaigns, loyalty users look on, others see nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.opportunity_tier_id = cls._get_tier("Gold")
        cls.manager = new_test_user(
            cls.env, "campaign_manager", "loyalty_program.group_loyalty_manager"
        )
        cls.user = new_test_user(
            cls.env, "campaign_user", "loyalty_program.group_loyalty_user"
        )
        cls.seller = new_test_user(
            cls.env, "campaign_seller", "sales_team.group_sale_salesman"
        )

    def test_manager_without_other_rights_creates_starts_and_runs(self):
        card = self._lapse(amount=400)
        campaign = (
            self.env["loyalty.campaign"]
            .with_user(self.manager)
            .create(
                {
                    "name": "Come back",
                    "program_id": self.program.id,
                    "hold_out_percent": 0,
                    "opportunity_tier_id": self._get_tier("Gold").id,
                }
            )
        )
        campaign.action_start()
        wizard = (
            self.env["loyalty.campaign.run"]
            .with_user(self.manager)
            .create({"campaign_id": campaign.id})
        )
        self.assertEqual(wizard.due_count, 1)
        wizard.action_run()
        participation = self._get_participations(campaign)[card]
        self.assertEqual(participation.state, "done")
        self.assertEqual(participation.mail_status, "outgoing")
        self.assertTrue(participation.lead_id)
        participation.with_user(self.manager).read()
        campaign.read()

    def test_user_reads_but_neither_changes_nor_runs(self):
        self._lapse()
        self._run()
        campaign = self.campaign.with_user(self.user)
        self.assertEqual(campaign.treated_count, 1)
        campaign.participation_ids.read()
        campaign.read()
        for refused in (
            campaign.action_start,
            campaign.action_stop,
            campaign.action_open_run,
            campaign.action_measure,
            campaign.action_retry_failed,
            campaign.action_create_coupon_program,
            campaign.unlink,
            lambda: campaign.write({"hold_out_percent": 0}),
            lambda: campaign.participation_ids.write({"member_group": "hold_out"}),
            lambda: (
                self.env["loyalty.campaign.run"]
                .with_user(self.user)
                .create({"campaign_id": campaign.id})
            ),
        ):
            with self.assertRaises(AccessError):
                refused()

    def test_user_opens_what_campaigns_did_to_a_member(self):
        card = self._lapse()
        participation = self._run()[card]
        action = card.with_user(self.user).action_view_participations()
        found = self.env["loyalty.participation"].with_user(self.user)
        self.assertEqual(found.search(action["domain"]), participation)

    def test_manager_does_not_write_results(self):
        self._lapse()
        self._run()
        participations = self.campaign.with_user(self.manager).participation_ids
        with self.assertRaises(AccessError):
            participations.write({"outcome": "returned"})
        with self.assertRaises(AccessError):
            participations.unlink()

    def test_salesperson_without_loyalty_rights_sees_no_campaigns(self):
        self._lapse(amount=400)
        participation = next(iter(self._run().values()))
        with self.assertRaises(AccessError):
            self.campaign.with_user(self.seller).read(["name"])
        with self.assertRaises(AccessError):
            participation.with_user(self.seller).read(["card_id"])
        lead = participation.lead_id
        lead.user_id = self.seller
        self.assertNotIn(
            "loyalty_participation_ids", lead.with_user(self.seller).read()[0]
        )
