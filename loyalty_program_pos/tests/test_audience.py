from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestAudience(TillCase):
    """The till is told who may, and where its customers stand."""

    def _load(self, model):
        session = self.till.current_session_id.with_user(self.cashier)
        return {values["id"]: values for values in session.load_data([])[model]}

    def test_the_till_knows_the_standing_of_its_customers(self):
        friends = self.env["loyalty.segment"].create(
            {
                "name": "Friends",
                "kind": "manual",
                "partner_ids": [(4, self.member.id)],
            }
        )
        read = self.env["res.partner"].with_user(self.cashier)._load_pos_data_read
        partners = (self.member | self.stranger).with_user(self.cashier)
        standings = {
            values["id"]: values["loyalty_standing"]
            for values in read(partners, self.till)
        }
        bronze = self.program.tier_ids.sorted("threshold")[0]
        self.assertEqual(
            standings[self.member.id],
            {"tiers": bronze.ids, "segments": friends.ids},
        )
        self.assertEqual(standings[self.stranger.id], {"tiers": [], "segments": []})

    def test_the_till_knows_the_audience_of_a_programme(self):
        silver = self.program.tier_ids.sorted("threshold")[1]
        self.assertIs(
            self._load("loyalty.program")[self.program.id]["audience_terms"], False
        )
        self.program.audience_tier_ids = silver
        self.assertEqual(
            self._load("loyalty.program")[self.program.id]["audience_terms"],
            {"tiers": silver.ids, "segments": [], "both": False},
        )
