from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestExclusiveSale(LoyaltyCase):
    """A quotation warns, its confirmation refuses, a manager may allow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold = cls.program.tier_ids.sorted("threshold")[2]
        cls.pressing = cls._make_product("Pressing")
        cls.pressing.audience_tier_ids = cls.gold
        cls.reason = "“Pressing” is only for these tiers: Gold."

    def _quote(self, partner=None, **line):
        line = {"product_id": self.pressing.id, **line}
        return self._make_order(partner or self.member, {}, line)

    def _make_gold(self):
        self.card.sudo().tier_id = self.gold
        self.env.invalidate_all()

    def _pay(self, order, state):
        provider = self.env["payment.provider"].create({"name": "Dummy"})
        self.patch(
            type(provider),
            "_compute_feature_support_fields",
            lambda providers: providers.update({"support_manual_capture": "full_only"}),
        )
        method = self.env["payment.method"].create(
            {
                "name": "Dummy",
                "code": "dummy_exclusive",
                "image": False,
                "provider_ids": [Command.set(provider.ids)],
            }
        )
        return self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "reference": f"exclusive-{state}",
                "state": state,
                "sale_order_ids": [Command.set(order.ids)],
            }
        )

    def test_the_line_warns_and_the_confirmation_refuses(self):
        order = self._quote()
        plain, exclusive = order.order_line
        self.assertFalse(plain.exclusive_reason)
        self.assertEqual(exclusive.exclusive_reason, self.reason)
        self.assertEqual(order.exclusive_warning, self.reason)
        with self.assertRaisesRegex(UserError, self.reason):
            order.action_confirm()
        self.assertEqual(order.state, "draft")
        self._make_gold()
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.exclusive_warning)

    def test_the_customer_chosen_later_counts(self):
        order = self._quote(self._make_partner())
        self._make_gold()
        self.assertTrue(order.exclusive_warning)
        with Form(order.with_user(self.salesperson)) as form:
            self.assertEqual(form.exclusive_warning, self.reason)
            form.partner_id = self.member
            self.assertFalse(form.exclusive_warning)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_what_is_not_sold_is_not_asked(self):
        order = self._quote(product_uom_qty=0)
        self.assertFalse(order.exclusive_warning)
        returned = self._quote(product_uom_qty=-1)
        self.assertFalse(returned.exclusive_warning)

    def test_an_item_of_a_combo_counts(self):
        combo = self.env["product.combo"].create(
            {
                "name": "Which",
                "combo_item_ids": [Command.create({"product_id": self.pressing.id})],
            }
        )
        box = self._make_product("Box", type="combo", combo_ids=[combo.id])
        order = self._make_order(self.member, {"product_id": box.id})
        order.order_line = [
            Command.create(
                {
                    "product_id": self.pressing.id,
                    "combo_item_id": combo.combo_item_ids.id,
                    "linked_line_id": order.order_line.id,
                }
            )
        ]
        self.assertEqual(order.exclusive_warning, self.reason)

    # === The exception ===

    def test_only_a_loyalty_manager_allows_it_and_the_chatter_knows(self):
        order = self._quote()
        with self.assertRaises(AccessError):
            order.action_sell_exclusive_anyway()
        with self.assertRaises(AccessError):
            order.create({"partner_id": self.member.id, "sells_exclusive_anyway": True})
        seller = self._make_user(
            "boss",
            "loyalty_program.group_loyalty_manager,sales_team.group_sale_manager",
        )
        order.with_user(seller).action_sell_exclusive_anyway()
        self.env.flush_all()
        self.cr.precommit.run()
        tracked = order.sudo().message_ids.tracking_value_ids.filtered(
            lambda value: value.field_id.name == "sells_exclusive_anyway"
        )
        self.assertEqual(tracked.mail_message_id.author_id, seller.partner_id)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.sudo().activity_ids)
        self.assertFalse(order.copy().sells_exclusive_anyway)

    # === Paid is paid ===

    def test_a_paid_order_is_kept_and_told(self):
        for state in ("done", "authorized"):
            order = self._quote()
            self._pay(order, state)
            order.sudo().action_confirm()
            self.assertEqual(order.state, "sale", state)
            activity = order.sudo().activity_ids
            self.assertEqual(activity.user_id, self.salesperson, state)
            self.assertIn("Pressing", activity.note)
            notes = "".join(order.sudo().message_ids.mapped("body"))
            self.assertIn("The order was paid, so it was confirmed.", notes)

    def test_an_open_payment_is_no_payment(self):
        order = self._quote()
        self._pay(order, "pending")
        with self.assertRaises(UserError):
            order.sudo().action_confirm()

    def test_a_customer_neither_signs_nor_pays_for_it(self):
        order = self._quote()
        order.write({"require_signature": True, "require_payment": True})
        self.assertFalse(order._has_to_be_signed() or order._has_to_be_paid())
        self._make_gold()
        self.assertTrue(order._has_to_be_signed() and order._has_to_be_paid())

    def test_confirming_costs_no_query_more(self):
        plain = self._make_order(self.member, *([{}] * 20))
        plain.order_line.product_id.product_tmpl_id.mapped("has_audience")
        with self.assertQueryCount(0):
            plain._get_exclusive_reasons()
