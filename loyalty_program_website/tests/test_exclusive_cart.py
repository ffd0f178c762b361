from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from .exclusive_common import ExclusiveCommon


@tagged("post_install", "-at_install")
class TestExclusiveCart(ExclusiveCommon):
    """What each visitor can put into a cart, and pay."""

    def _add(self, template, **values):
        return self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": template.id,
                "product_id": template.product_variant_id.id,
                "quantity": 1,
                **values,
            },
        )

    def _get_cart(self, user):
        return self.env["sale.order"].search(
            [
                ("partner_id", "=", user.partner_id.id),
                ("website_id", "=", self.website.id),
            ],
            order="id desc",
            limit=1,
        )

    def _fill_as_gold(self):
        self._visit_as(self.gold_user)
        self._add(self.album.product_tmpl_id)
        self._add(self.locked)
        cart = self._get_cart(self.gold_user)
        self.assertEqual(len(cart.order_line.filtered("product_id")), 2)
        return cart

    def test_who_can_add_what(self):
        for who, user, is_gold, _is_staff in self.visitors:
            with self.subTest(who=who):
                self._visit_as(user)
                added = self._add(self.locked)
                self.assertEqual(added["quantity"], 1 if is_gold else 0)
                warning = added["notification_info"].get("warning") or ""
                self.assertEqual(warning, "" if is_gold else self.reason)
                variant = self.locked.product_variant_id
                allowed = self.make_jsonrpc_request(
                    "/shop/product/is_add_to_cart_allowed", {"product_id": variant.id}
                )
                self.assertEqual(allowed, is_gold)
                if is_gold:
                    self.assertEqual(self._add(self.hidden)["quantity"], 1)
                    continue
                if user != self.employee:
                    with (
                        mute_logger("odoo.http"),
                        self.assertRaises(JsonRpcException),
                    ):
                        self._add(self.hidden)

    def test_a_locked_option_is_not_added_with_another(self):
        self._visit_as(self.member_user)
        added = self._add(
            self.album.product_tmpl_id,
            linked_products=[
                {
                    "product_id": self.locked.product_variant_id.id,
                    "product_template_id": self.locked.id,
                    "parent_product_template_id": self.album.product_tmpl_id.id,
                    "quantity": 1,
                    "product_custom_attribute_values": [],
                    "no_variant_attribute_value_ids": [],
                }
            ],
        )
        self.assertEqual(added["notification_info"]["warning"], self.reason)
        self.assertFalse(self._get_cart(self.member_user).order_line)

    def test_the_order_itself_takes_none(self):
        """What no controller checked: the cart's own method refuses with the reason."""
        cart = self.env["sale.order"].create(
            {"partner_id": self.member.id, "website_id": self.website.id}
        )
        variant = self.locked.product_variant_id
        answer = cart._cart_add(variant.id, 1)
        self.assertEqual((answer["quantity"], answer["warning"]), (0, self.reason))
        guest = self.env["sale.order"].create(
            {
                "partner_id": self.website.user_id.partner_id.id,
                "website_id": self.website.id,
            }
        )
        self.assertEqual(guest._cart_add(variant.id, 1)["quantity"], 0)
        cart.sudo().sells_exclusive_anyway = True
        self.assertEqual(cart._cart_add(variant.id, 1)["quantity"], 1)

    def test_the_visitors_account_opens_nothing(self):
        """All visitors share one contact, which a filter of contacts may find."""
        account = self.website.user_id.partner_id
        segment = self.env["loyalty.segment"].create(
            {"name": "All", "kind": "manual", "partner_ids": account.ids}
        )
        exclusive = self.locked | self.hidden
        exclusive.write({"audience_segment_ids": segment.ids})
        self.assertTrue(self.locked._is_for(account))
        self._visit_as(None)
        self.assertEqual(self._add(self.locked)["quantity"], 0)
        self.assertNotIn("Hidden Pressing", self._read_main("/shop?search=Test"))

    # === Filled as Gold, paid after the drop ===

    def test_it_is_told_before_the_payment(self):
        cart = self._fill_as_gold()
        self.assertNotIn("o_lp_cart_refused", self._read_main("/shop/cart"))
        self._drop_from_gold()
        page = self._read_main("/shop/cart")
        self.assertIn("o_lp_cart_refused", page)
        self.assertIn(self.reason, page)
        self.assertFalse(cart._is_cart_ready())
        with self.assertRaisesRegex(ValidationError, self.reason):
            cart._check_cart_is_ready_to_be_paid()
        with (
            mute_logger("odoo.http"),
            self.assertRaisesRegex(JsonRpcException, "ValidationError"),
        ):
            self._start_payment(cart)
        self.assertFalse(cart.transaction_ids)
        self.assertIn(self.reason, self.url_open("/shop/payment").text)
        with self.assertRaisesRegex(UserError, self.reason):
            cart.action_confirm()

        line = cart.order_line.filtered(
            lambda line: line.product_id == self.locked.product_variant_id
        )
        changed = self.make_jsonrpc_request(
            "/shop/cart/update", {"line_id": line.id, "quantity": 2}
        )
        self.assertEqual(changed["quantity"], 0)
        self.assertFalse(line.exists())
        self.assertTrue(cart._is_cart_ready())

    def test_money_that_came_is_kept(self):
        cart = self._fill_as_gold()
        transaction = self._start_payment(cart)
        self._drop_from_gold()
        transaction._set_done()
        transaction._post_process()
        self.assertEqual(cart.state, "sale")
        notes = "".join(cart.message_ids.mapped("body"))
        self.assertIn("Test Locked Pressing", notes)
        self.assertEqual(self.url_open("/shop/payment/validate").status_code, 200)

    def test_only_what_is_theirs_is_ordered_again(self):
        cart = self._fill_as_gold()
        self._pay(cart)
        self._drop_from_gold()
        self.make_jsonrpc_request(
            "/my/orders/reorder",
            {"order_id": cart.id, "access_token": cart._portal_ensure_token()},
        )
        again = self._get_cart(self.gold_user)
        self.assertNotEqual(again, cart)
        ordered = again.order_line.product_id.product_tmpl_id
        self.assertEqual(ordered, self.album.product_tmpl_id)
