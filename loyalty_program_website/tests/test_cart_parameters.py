from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon

ODD_VALUES = ("", "abc", "-1", "0", "²", "1.5", "9" * 40, "\x00")


@tagged("post_install", "-at_install")
class TestCartParameters(LoyaltyWebsiteCommon):
    """What a browser makes up in the cart claims nothing and is no server error."""

    def setUp(self):
        super().setUp()
        self._sign_in(self.member_user)
        self.order = self._fill_cart(self.member)

    def _get(self, path, **params):
        answer = self.opener.get(self.base_url() + path, params=params, timeout=30)
        self.order.invalidate_recordset()
        return answer

    def test_made_up_rewards_codes_and_top_ups_change_nothing(self):
        cases = [
            ("/shop/claimreward", "reward_id"),
            ("/wallet/top_up", "trigger_product_id"),
        ]
        for path, name in cases:
            self.assertEqual(self._get(path).status_code, 200)
            for value in ODD_VALUES:
                with self.subTest(path=path, value=value):
                    self.assertEqual(self._get(path, **{name: value}).status_code, 200)
        self.assertEqual(self._get("/shop/pricelist").status_code, 200)
        self.assertEqual(self.order.order_line.product_id, self.album)
