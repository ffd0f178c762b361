from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import TillCase
from odoo.addons.loyalty_program_pos.models.pos_config_care import MOST_SHOWN


@tagged("post_install", "-at_install")
class TestCareEarlier(TillCase):
    """Care plans at the till: for earlier purchases, and their claims."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.care = cls._make_product("Record Care", 9)
        cls.care.product_tmpl_id.write(
            {
                "type": "service",
                "is_care_plan": True,
                "care_fee": 5,
                "care_claims": 1,
                "care_buy_days": 14,
                "care_product_tmpl_ids": [Command.set(cls.record.product_tmpl_id.ids)],
            }
        )
        cls.register = cls.till.with_user(cls.cashier)

    def _get(self, partner=None):
        return self.register.loyalty_get_care((partner or self.member).id)

    def _sell_care(self, offer, partner=None, **values):
        """Sell a plan for an offer, the way a till does; return (order, plans)."""
        line = self._line(
            self.care,
            care_item_model=offer["item_model"],
            care_item_line_id=offer["item_line_id"],
            care_item_name="what the till says",
        )
        order = self._sell(self.member if partner is None else partner, line, **values)
        plans = self.env["loyalty.care.plan"].search(
            [("origin_model", "=", "pos.order"), ("origin_id", "=", order.id)]
        )
        return order, plans

    def _notes(self, order):
        return " ".join(order.message_ids.mapped("body"))

    def test_a_plan_covers_what_a_till_sold_before(self):
        sold = self._sell(self.member, self._line(self.record, 2))
        [offer] = self._get()["offers"]
        self.assertEqual(
            (offer["item_model"], offer["item_line_id"], offer["free"]),
            ("pos.order", sold.lines.id, 2),
        )
        self.assertEqual(offer["product_id"], self.care.id)
        self.assertFalse(self._get(self.stranger)["offers"])
        order, plan = self._sell_care(offer)
        self.assertEqual((plan.state, plan._get_item()), ("active", sold.lines))
        self.assertIn(sold.name, order.lines.care_item_name)
        [offer] = self._get()["offers"]
        self.assertEqual(offer["free"], 1)
        self._sell_care(offer)
        self.assertFalse(self._get()["offers"])
        self._refund(sold, 2)
        self.assertEqual(plan.state, "cancelled")

    def test_a_plan_covers_what_an_order_sold_before(self):
        self.env.user.group_ids += self.env.ref("sales_team.group_sale_salesman")
        quotation = self.env["sale.order"].create(
            {
                "partner_id": self.member.id,
                "order_line": [Command.create({"product_id": self.record.id})],
            }
        )
        self.assertFalse(self._get()["offers"])
        quotation.action_confirm()
        # Where an inventory knows of no delivery yet, there is no last day.
        [offer] = self._get()["offers"]
        self.assertEqual(offer["item_model"], "sale.order")
        _order, plan = self._sell_care(offer)
        self.assertEqual(plan._get_item(), quotation.order_line)
        self.assertFalse(self._get()["offers"])

    def test_what_a_till_makes_up_covers_nothing_and_is_told(self):
        sold = self._sell(self.member, self._line(self.record))
        coffee = self._sell(self.member, self._line(self.coffee))
        foreign = self._sell(self.stranger, self._line(self.record))
        for line, model, reason in (
            (foreign.lines, "pos.order", "not of this customer"),
            (coffee.lines, "pos.order", "is not for"),
            (self.record, "sale.order", "no such earlier purchase"),
        ):
            with self.subTest(reason):
                forged = {"item_model": model, "item_line_id": line.id}
                order, plans = self._sell_care(forged)
                self.assertEqual((order.state, len(plans)), ("paid", 0))
                self.assertIn(reason, self._notes(order))
        item = {"item_model": "pos.order", "item_line_id": sold.lines.id}
        order, plans = self._sell_care(item, self.env["res.partner"])
        self.assertFalse(plans)
        self.assertIn("No customer", self._notes(order))
        self.assertTrue(self._sell_care(item)[1])
        order, plans = self._sell_care(item)
        self.assertFalse(plans)
        self.assertIn("has a care plan already", self._notes(order))
        other = {"item_model": "res.partner", "item_line_id": 1}
        order, plans = self._sell_care(other)
        self.assertFalse(plans)
        self.assertIn("No item", self._notes(order))

    def test_it_is_sold_within_its_days(self):
        sold = self._sell(self.member, self._line(self.record))
        sold.date_order = fields.Datetime.now() - timedelta(days=14)
        self.assertEqual(len(self._get()["offers"]), 1)
        sold.date_order -= timedelta(days=1)
        self.assertFalse(self._get()["offers"])
        order, plans = self._sell_care(
            {"item_model": "pos.order", "item_line_id": sold.lines.id}
        )
        self.assertFalse(plans)
        self.assertIn("could be bought until", self._notes(order))

    def _sell_plan(self):
        order = self._sell(self.member, self._line(self.record), self._line(self.care))
        return self.env["loyalty.care.plan"].search([("origin_id", "=", order.id)])

    def _file(self, plan, token="click", **wish):
        wish = {"description": "Scratched.", "agrees": True, **wish}
        return self.register.loyalty_file_care_claim(plan.id, wish, token)

    def test_a_claim_is_filed_once_for_each_click(self):
        plan = self._sell_plan()
        [shown] = self._get()["plans"]
        self.assertEqual((shown["claims_left"], shown["refusal"]), (1, False))
        self.assertIn("5.00", shown["fee"])
        answer = self._file(plan)
        self.assertEqual(self._file(plan)["name"], answer["name"])
        self.assertEqual(answer["name"], plan.claim_ids.name)
        self.assertEqual(plan.claim_ids.create_uid, self.cashier)
        self.assertEqual(answer["plan"]["claims"][0]["name"], answer["name"])
        self.assertIn("All claims", answer["plan"]["refusal"])
        with self.assertRaisesRegex(UserError, "All claims"):
            self._file(plan, "another click")

    def test_what_is_missing_is_told_and_files_nothing(self):
        plan = self._sell_plan()
        for wish, reason in (
            ({"description": "  "}, "Write down"),
            ({"description": "x" * 4001}, "4000"),
            ({"agrees": False}, "agree to the fee"),
        ):
            with self.subTest(reason), self.assertRaisesRegex(UserError, reason):
                self._file(plan, **wish)
        with self.assertRaisesRegex(UserError, "no such care plan"):
            self._file(self.env["loyalty.care.plan"].browse(plan.id + 1000))
        self.assertFalse(plan.claim_ids)

    def test_only_who_serves_at_an_open_till_sees_plans(self):
        plan = self._sell_plan()
        seller = new_test_user(self.env, "care_seller", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.till.with_user(seller).loyalty_get_care(self.member.id)
        self.till.current_session_id.state = "closing_control"
        with self.assertRaises(AccessError):
            self._get()
        with self.assertRaises(AccessError):
            self._file(plan)

    def test_of_many_plans_the_running_come_first_and_all_are_found(self):
        first = self._sell_plan()
        plans = first
        for number in range(MOST_SHOWN + 1):
            plans |= first.sudo().copy(
                {
                    "name": f"CP-{number:03}",
                    "key": f"test:{number}",
                    "item_unit": number + 1,
                    "serial_number": f"SN-{number:03}",
                    "state": "ended",
                }
            )
        answer = self._get()
        shown = [plan["id"] for plan in answer["plans"]]
        self.assertEqual((len(shown), answer["more"]), (MOST_SHOWN, 2))
        self.assertEqual(shown[0], first.id)
        hidden = plans.filtered(lambda plan: plan.id not in shown)[0]
        for words in (hidden.name, f" {hidden.serial_number.lower()} "):
            with self.subTest(words):
                answer = self.register.loyalty_get_care(self.member.id, words)
                found = [plan["id"] for plan in answer["plans"]]
                self.assertEqual((found, answer["more"]), ([hidden.id], 0))
        for words in ("Record", "record care"):
            with self.subTest(words):
                answer = self.register.loyalty_get_care(self.member.id, words)
                self.assertEqual(answer["more"], 2)
        answer = self.register.loyalty_get_care(self.member.id, "Teapot")
        self.assertEqual((answer["plans"], answer["more"]), ([], 0))

    def test_more_offers_than_are_shown_are_told(self):
        self.assertFalse(self._get()["more_offers"])
        lines = [self._line(self.record) for _number in range(MOST_SHOWN + 1)]
        self._sell(self.member, *lines)
        answer = self._get()
        self.assertEqual(len(answer["offers"]), MOST_SHOWN)
        self.assertTrue(answer["more_offers"])
