from odoo.tests import tagged

from odoo.addons.loyalty_program.tests.rights_common import RightsCase


@tagged("post_install", "-at_install")
class TestRights(RightsCase):
    """Images for friends: outsiders can call nothing of them."""

    addon = "loyalty_program_marketing_card"

    def test_outsiders_can_call_nothing(self):
        self.assert_rights({})
        self.assert_outsiders_refused({}, {})
