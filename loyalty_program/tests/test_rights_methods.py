from odoo.tests import tagged

from .rights_common import RightsCase

#: Windows: whoever calls one gets an address, and rights are asked when it is opened.
WINDOWS = dict.fromkeys(
    (
        "action_decide",
        "action_decline",
        "action_erase",
        "action_freeze",
        "action_new_claim",
        "action_reinstate",
        "action_split",
        "action_switch_policy",
        "action_view_claims",
        "action_view_codes",
        "action_view_coupons",
        "action_view_differences",
        "action_view_donations",
        "action_view_entries",
        "action_view_events",
        "action_view_members",
    ),
    "an address",
)


@tagged("post_install", "-at_install")
class TestRightsMethods(RightsCase):
    """A method without an underscore is a door: each refuses who has no business there.

    A new one is tried by itself. Whoever adds one for everybody says so here, and why.
    """

    def test_outsiders_can_call_nothing(self):
        _order, _invoice, plan = self._sell()
        self._claim(plan)
        self._post(100)
        self.assert_outsiders_refused(
            {**WINDOWS, "get_program_templates": "names of templates, as in Odoo"},
            {
                "event_type": "check_in",
                "field_name": "terms",
                "key": "outsider",
                "template_id": "loyalty_membership",
                "translations": {"en_US": "Mine"},
            },
        )
