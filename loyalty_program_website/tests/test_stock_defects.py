from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import JsonRpcException

from .stock_common import StockTooShop
from odoo.addons.loyalty_program.tests.stock_common import on_stock


@tagged("post_install", "-at_install")
class TestStockDefects(StockTooShop):
    """A test for each defect of stock's webshop, by its number in stock-defects.md."""

    def _make_gift_card_product(self):
        product = self.env["product.product"].create(
            {
                "name": "Gift card",
                "type": "service",
                "list_price": 50,
                "taxes_id": False,
                "is_published": True,
            }
        )
        rule = {
            "product_ids": [Command.set(product.ids)],
            "reward_point_mode": "money",
            "reward_point_split": True,
        }
        self.env["loyalty.program"].create(
            {
                "name": "Gift cards",
                "program_type": "gift_card",
                "applies_on": "future",
                "trigger": "auto",
                "rule_ids": [Command.create(rule)],
                "reward_ids": [
                    Command.create({"discount_mode": "per_point", "discount": 1})
                ],
            }
        )
        return product

    def _add_to_cart(self, product, quantity):
        return self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": product.product_tmpl_id.id,
                "product_id": product.id,
                "quantity": quantity,
            },
        )

    @on_stock("2000.0 != 100")
    def test_defect_11_a_cart_makes_a_hundred_gift_cards_at_most(self):
        product = self._make_gift_card_product()
        self.authenticate(None, None)
        before = self.env["loyalty.card"].search_count([])
        for _time in range(2):
            self._add_to_cart(product, 1_000)
        order = self.env["sale.order"].search([], order="id desc", limit=1)
        self.assertEqual(order.order_line.product_uom_qty, 100)
        self.assertEqual(self.env["loyalty.card"].search_count([]), before + 100)

    def test_defect_11_the_shop_may_allow_another_number(self):
        self.env["ir.config_parameter"].set_param(
            "loyalty_program_website.max_cards_per_cart", "3"
        )
        product = self._make_gift_card_product()
        self.authenticate(None, None)
        self._add_to_cart(product, 5)
        self._add_to_cart(self.album, 500)
        order = self.env["sale.order"].search([], order="id desc", limit=1)
        quantities = {
            line.product_id: line.product_uom_qty for line in order.order_line
        }
        self.assertEqual(quantities, {product: 3, self.album: 500})

    @on_stock("'coupon_error' not found in .*notify_coupon")
    def test_defect_09_who_guesses_codes_has_to_wait(self):
        coupons = self.env["loyalty.program"].create(
            {
                "name": "Ten off",
                "program_type": "coupons",
                "trigger": "with_code",
                "applies_on": "current",
                "reward_ids": [Command.create({"discount": 10})],
            }
        )
        coupon = self.env["loyalty.card"].create(
            {"program_id": coupons.id, "points": 1}
        )
        self.authenticate(None, None)
        self._fill_cart(self.env.ref("base.public_user").partner_id)
        guesses = [f"044f-0000-{number:04x}" for number in range(30)]
        for code in (*guesses, coupon.code):
            answer = self.url_open(f"/coupon/{code}", allow_redirects=False)
        self.assertIn("coupon_error", answer.headers["Location"])

    @on_stock("rewards on the sale order is invalid", ValidationError)
    def test_defect_05_a_paid_cart_is_confirmed_whatever_became_of_its_points(self):
        self._give_points(self.card, 100)
        self._sign_in(self.member_user)
        cart = self._fill_cart(self.member)
        carts = cart | cart.copy()
        reward = self.program.reward_ids.sorted("required_points")[0]
        for order in carts:
            order._update_programs_and_rewards()
            order._apply_program_reward(reward, self.card)
            self.assertEqual(order.order_line.reward_id, reward)
        payments = [self._start_payment(cart) for cart in carts]
        for payment in payments:
            payment._set_done()
            payment._post_process()
        self.assertEqual(carts.mapped("state"), ["sale", "sale"])

    @on_stock("KeyError", JsonRpcException)
    def test_defect_24_unknown_and_foreign_cards_cannot_be_told_apart(self):
        self._sign_in(self.other_user)
        answers = {
            str(self.make_jsonrpc_request(f"/my/loyalty_card/{number}/values"))
            for number in (self.card.id, 999_999)
        }
        self.assertEqual(answers, {"{}"})

    @on_stock("500 != 200")
    def test_defect_24_an_unknown_sorting_is_no_error_of_the_server(self):
        self._sign_in(self.member_user)
        url = f"/my/loyalty_card/{self.card.id}/history?sortby=nonsense"
        self.assertEqual(self.url_open(url).status_code, 200)
