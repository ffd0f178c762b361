from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CampaignCase
from odoo.addons.loyalty_program_crm.models import loyalty_campaign_run

BATCH = "BATCH_SIZE"


@tagged("post_install", "-at_install")
class TestNightlyRun(CampaignCase):
    """The job works in short steps, goes on where it stopped, and fails alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.campaign"].search([("id", "!=", cls.campaign.id)]).write(
            {"state": "stopped"}
        )
        cls.cron = cls.env.ref("loyalty_program_crm.ir_cron_run_campaigns")

    def _trigger_job(self):
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_job_runs_running_campaigns_only(self):
        draft = self.env["loyalty.campaign"].create(
            {"name": "Later", "program_id": self.program.id}
        )
        card = self._lapse()
        self._trigger_job()
        self.assertEqual(self._get_participations()[card].state, "done")
        self.assertFalse(draft.participation_ids)

    def test_job_takes_up_what_was_left_planned(self):
        cards = [self._lapse() for _number in range(5)]
        self.campaign._claim(self.campaign._get_today())
        taken = self.env["loyalty.participation"]._treat_planned(
            self.campaign, self.campaign._get_today(), 2
        )
        self.assertEqual((taken, self.campaign.planned_count), (2, 3))
        with patch.object(loyalty_campaign_run, BATCH, 2):
            self._trigger_job()
        participations = self._get_participations()
        self.assertEqual([participations[card].state for card in cards], ["done"] * 5)
        self.assertEqual(len(self.campaign.participation_ids.coupon_id), 5)

    def test_stopped_campaign_keeps_what_was_planned(self):
        self._lapse()
        self.campaign._claim(self.campaign._get_today())
        self.campaign.action_stop()
        self._trigger_job()
        self.assertEqual(self.campaign.planned_count, 1)

    @mute_logger("odoo.addons.loyalty_program_crm.models.loyalty_participation")
    def test_one_that_fails_is_noted_and_stops_no_other(self):
        bad, *good = (self._lapse() for _number in range(3))
        stock_create = self.env.registry["loyalty.card"].create

        def create(cards, vals_list):
            if any(v.get("partner_id") == bad.partner_id.id for v in vals_list):
                raise ValueError("No coupon for you.")
            return stock_create(cards, vals_list)

        with patch.object(self.env.registry["loyalty.card"], "create", create):
            participations = self._run()
        self.assertEqual(participations[bad].state, "failed")
        self.assertEqual(participations[bad].error, "No coupon for you.")
        for card in good:
            self.assertEqual(participations[card].state, "done")
            self.assertTrue(participations[card].coupon_id)
        self.campaign.action_retry_failed()
        self.assertEqual(self._run()[bad].state, "done")

    def test_an_error_is_forgotten_with_the_member(self):
        card = self._lapse()
        participation = self._run()[card]
        participation.write({"state": "failed", "error": "Who is Mira?"})
        card._erase(with_contact=False)
        self.assertFalse(participation.error)

    def test_run_now_leaves_the_rest_of_many_to_the_job(self):
        for _number in range(5):
            self._lapse()
        before = self.env["ir.cron.trigger"].search([])
        with (
            patch.object(loyalty_campaign_run, "INLINE_SIZE", 2),
            patch.object(loyalty_campaign_run, BATCH, 2),
        ):
            self.campaign._run_now()
        self.assertEqual(self.campaign.planned_count, 3)
        self.assertEqual(
            self.env["ir.cron.trigger"].search_count(
                [("cron_id", "=", self.cron.id), ("id", "not in", before.ids)]
            ),
            1,
        )
