from datetime import timedelta

from odoo.tests import tagged

from .common import NOW, CampaignCase


@tagged("post_install", "-at_install")
class TestLapse(CampaignCase):
    """A campaign finds exactly the members who have not bought for so long."""

    def test_member_is_found_on_the_ninetieth_day_not_before(self):
        early = self._lapse(days_ago=89)
        due = self._lapse(days_ago=90)
        long_gone = self._lapse(days_ago=700)
        self.assertEqual(set(self._run()), {due, long_gone})
        with self._after(days=1):
            self.assertEqual(set(self._run()), {due, long_gone, early})

    def test_last_purchase_counts_not_the_first(self):
        card = self._lapse(days_ago=200)
        self._buy(card, days_ago=10)
        self.assertFalse(self._run())

    def test_purchase_that_was_taken_back_counts_not(self):
        card = self._lapse(days_ago=200)
        self._take_back(self._buy(card, days_ago=10))
        participation = self._run()[card]
        self.assertEqual(participation.lapse_date, (NOW - timedelta(days=200)).date())

    def test_member_without_any_purchase_is_left_alone(self):
        self._join()
        self.assertFalse(self._run())

    def test_customer_who_never_joined_or_left_is_left_alone(self):
        partner = self.env["res.partner"].create({"name": "Guest"})
        guest = self.env["loyalty.card"].create(
            {"program_id": self.program.id, "partner_id": partner.id}
        )
        self._buy(guest, days_ago=120)
        gone = self._lapse()
        gone.sudo().write({"member_state": "left"})
        self.assertFalse(self._run())

    def test_days_are_those_of_the_time_zone_of_the_shop(self):
        self.program.company_id.partner_id.tz = "Pacific/Auckland"
        # It is 1 July in Auckland; 90 days ago, 2 April lasted until 11:00 UTC.
        hour = 1 / 24
        due = self._join()
        self._buy(due, days_ago=89 + 2 * hour)
        late = self._join()
        self._buy(late, days_ago=89)
        participations = self._run()
        self.assertEqual(set(participations), {due})
        self.assertEqual(participations[due].lapse_date.isoformat(), "2026-04-02")

    def test_most_members_a_day(self):
        self.campaign.daily_limit = 2
        cards = [self._lapse(days_ago=90 + day) for day in range(5)]
        self.assertEqual(set(self._run()), set(cards[:2]))
        self.assertEqual(set(self._run()), set(cards[:2]))
        with self._after(days=1):
            self.assertEqual(set(self._run()), set(cards[:4]))

    def test_preview_counts_what_the_run_does(self):
        self.campaign.opportunity_tier_id = self._get_tier("Gold")
        self._lapse()
        self._lapse(amount=400)
        self._lapse(email=False)
        refusing = self._lapse()
        self.env["mail.blacklist"]._add(refusing.partner_id.email)
        preview = self.env["loyalty.campaign.run"].create(
            {"campaign_id": self.campaign.id}
        )
        counts = (
            preview.due_count,
            preview.mailed_count,
            preview.no_email_count,
            preview.blacklisted_count,
            preview.opportunity_count,
        )
        self.assertEqual(counts, (4, 2, 1, 1, 1))
        preview.action_run()
        self.assertEqual(
            (
                self.campaign.participation_count,
                self.campaign.mailed_count,
                self.campaign.opportunity_count,
            ),
            (4, 2, 1),
        )
