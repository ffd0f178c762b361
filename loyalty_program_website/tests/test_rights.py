from odoo.tests import tagged

from odoo.addons.loyalty_program.tests.rights_common import RightsCase


@tagged("post_install", "-at_install")
class TestRights(RightsCase):
    """The webshop's models: outsiders can call nothing of them."""

    addon = "loyalty_program_website"

    def test_outsiders_can_call_nothing(self):
        self.assert_rights({})
        order = self._make_order(self.member)
        self.assert_outsiders_refused({}, {"order": order})
