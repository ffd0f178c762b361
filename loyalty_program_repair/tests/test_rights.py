from odoo.tests import tagged

from odoo.addons.loyalty_program.tests.rights_common import RightsCase


@tagged("post_install", "-at_install")
class TestRights(RightsCase):
    """Repairs of care claims: outsiders can call nothing of them."""

    addon = "loyalty_program_repair"

    def test_outsiders_can_call_nothing(self):
        _order, _invoice, plan = self._sell()
        self._claim(plan)
        self.assert_rights({})
        self.assert_outsiders_refused({}, {})
