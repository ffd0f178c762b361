from odoo.tests import tagged

from odoo.addons.loyalty_program.tests.rights_common import RightsCase


@tagged("post_install", "-at_install")
class TestRights(RightsCase):
    """What tills call over RPC: outsiders can call nothing of it."""

    addon = "loyalty_program_pos"

    def test_outsiders_can_call_nothing(self):
        self.assert_rights({})
        self.assert_outsiders_refused(
            {},
            {
                "card_id": self.card.id,
                "claims": [],
                "code": self.card.code,
                "config_id": 1,
                "consent": {"consent": True, "terms_version": ""},
                "coupon_data": {},
                "creation_date": "2026-06-30 10:00:00",
                "gift_code": self.card.code,
                "new_codes": [],
                "partner_id": self.member.id,
                "plan_id": 1,
                "point_changes": {str(self.card.id): -1},
                "pricelist_id": False,
                "program_id": self.program.id,
                "returns": [],
                "reward_id": self.program.reward_ids[:1].id,
                "token": "outsider",
                "wish": {"description": "It broke.", "agrees": True},
            },
        )
