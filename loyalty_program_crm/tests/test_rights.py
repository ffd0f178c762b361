from odoo.tests import tagged

from odoo.addons.loyalty_program.tests.rights_common import RightsCase

WINDOWS = dict.fromkeys(
    ("action_view_failed", "action_view_opportunities", "action_view_participations"),
    "an address",
)


@tagged("post_install", "-at_install")
class TestRights(RightsCase):
    """Who may do what with campaigns, and who can call nothing of them."""

    addon = "loyalty_program_crm"

    def test_each_role_has_exactly_its_rights(self):
        self.assert_rights(
            {
                "loyalty.campaign": "user=r manager=rwcd",
                "loyalty.campaign.run": "manager=rwc",
                "loyalty.participation": "user=r",
            }
        )

    def test_companies_are_kept_apart(self):
        self.assert_companies_kept_apart({})

    def test_outsiders_can_call_nothing(self):
        self.assert_outsiders_refused(WINDOWS, {})
