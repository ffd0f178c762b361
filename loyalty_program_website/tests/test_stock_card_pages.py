from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestStockCardPages(LoyaltyWebsiteCommon):
    """Odoo's own card pages stay, and tell nothing about foreign cards."""

    def setUp(self):
        super().setUp()
        self._give_points(self.card, 120)

    def test_the_tile_and_its_dialog_still_show_the_own_card(self):
        self._sign_in(self.member_user)
        self.assertIn(f'data-card_id="{self.card.id}"', self.url_open("/my/home").text)
        values = self._read_card(self.card.id)
        self.assertEqual(values["card"]["points_display"], "120 points")
        self.assertEqual(values["program"]["program_name"], "Test Club")
        self.assertEqual(len(values["rewards"]), 1)

    def test_foreign_and_unknown_cards_get_the_same_answer(self):
        self._sign_in(self.other_user)
        for number in (self.card.id, 999_999, 10**30):
            with self.subTest(number):
                self.assertEqual(self._read_card(number), {})

    def test_foreign_and_unknown_histories_get_the_same_answer(self):
        self._sign_in(self.other_user)
        for number in (self.card.id, 999_999, 10**30):
            with self.subTest(number):
                answer = self.url_open(
                    f"/my/loyalty_card/{number}/history", allow_redirects=False
                )
                self.assertEqual(answer.status_code, 303)
                self.assertTrue(answer.headers["Location"].endswith("/my"))

    def test_an_unknown_order_of_the_history_is_no_error(self):
        self._sign_in(self.member_user)
        url = f"/my/loyalty_card/{self.card.id}/history"
        for query in ("?sortby=nonsense", "?sortby=", "?page=%C2%B2", "?page=abc"):
            with self.subTest(query):
                self.assertEqual(self.url_open(url + query).status_code, 200)

    def _read_card(self, number):
        return self.make_jsonrpc_request(f"/my/loyalty_card/{number}/values")
