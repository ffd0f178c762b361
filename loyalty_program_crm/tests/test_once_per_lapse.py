from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CampaignCase


@tagged("post_install", "-at_install")
class TestOncePerLapse(CampaignCase):
    """A member is taken up once for each lapse, however often a campaign runs."""

    def test_the_same_lapse_is_never_taken_up_twice(self):
        card = self._lapse()
        self._run()
        with self._after(days=1):
            self._run()
        with self._after(days=400):
            self.assertEqual(len(self._run()[card]), 1)

    def test_a_new_purchase_and_a_new_silence_are_a_new_lapse(self):
        card = self._lapse()
        self._run()
        with self._after(days=5):
            self._buy(card)
        with self._after(days=94):
            self.assertEqual(len(self._run()[card]), 1)
        with self._after(days=95):
            participations = self._run()[card]
        self.assertEqual(len(participations), 2)
        self.assertEqual(len(participations.coupon_id), 2)
        self.assertEqual(participations[1].mail_status, "outgoing")

    def test_a_returned_purchase_does_not_open_the_old_lapse_again(self):
        card = self._lapse(days_ago=300)
        later = self._buy(card, days_ago=100)
        self._run()
        self._take_back(later)
        with self._after(days=1):
            self.assertEqual(len(self._run()[card]), 1)

    def test_two_campaigns_do_not_get_in_each_other_s_way(self):
        card = self._lapse()
        other = self._create_campaign(inactivity_days=30)
        self.assertEqual(len(self._run()[card]), 1)
        self.assertEqual(len(self._run(other)[card]), 1)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_second_row(self):
        card = self._lapse()
        participation = self._run()[card]
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            participation.copy()

    def test_a_campaign_with_participations_is_not_deleted(self):
        self._lapse()
        self._run()
        with self.assertRaisesRegex(Exception, "archived, not deleted"):
            self.campaign.unlink()
