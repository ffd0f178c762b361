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
            ("/shop/pricelist", "promo"),
            ("/shop/claimreward", "code"),
        ]
        for path, name in cases:
            self.assertEqual(self._get(path).status_code, 200)
            for value in ODD_VALUES:
                with self.subTest(path=path, value=value):
                    self.assertEqual(self._get(path, **{name: value}).status_code, 200)
        self.assertEqual(self._get("/shop/pricelist").status_code, 200)
        self.assertEqual(self.order.order_line.product_id, self.album)

    def test_a_made_up_product_of_a_reward_gives_none(self):
        tag = self.env["product.tag"].create({"name": "Choice"})
        vinyl, tape = (
            self.env["product.product"].create(
                {"name": name, "type": "service", "product_tag_ids": tag.ids}
            )
            for name in ("Vinyl", "Tape")
        )
        choice = self.env["loyalty.reward"].create(
            {
                "program_id": self.program.id,
                "reward_type": "product",
                "reward_product_tag_id": tag.id,
                "required_points": 100,
            }
        )
        self.assertEqual(choice.reward_product_ids, vinyl | tape)
        self._give_points(self.card, 100)

        def claim(product_id):
            return self._get(
                "/shop/claimreward", reward_id=choice.id, product_id=product_id
            )

        for value in (*ODD_VALUES, self.album.id):
            with self.subTest(value=value):
                self.assertEqual(claim(value).status_code, 200)
                self.assertEqual(self.order.order_line.product_id, self.album)
        claim(tape.id)
        self.assertEqual(self.order.order_line.product_id, self.album | tape)

    def test_a_wrong_code_is_told_in_words_that_help(self):
        answer = self._get("/shop/pricelist", promo="NO-SUCH-CODE")
        self.assertIn("This code is not valid, or not any more.", answer.text)
        self.assertNotIn("sign in first", answer.text)
        self.assertNotIn("Invalid or expired", answer.text)
        self.authenticate(None, None)
        self._fill_cart(self.website.partner_id)
        answer = self._get("/shop/pricelist", promo="NO-SUCH-CODE")
        self.assertIn("sign in first", answer.text)
