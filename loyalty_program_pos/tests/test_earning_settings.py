from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestEarningSettings(TillCase):
    """The till earns by the same settings as the back office."""

    def test_rounding_basis_and_limit_are_the_programmes(self):
        self.program.write({"points_rounding": "up", "rounding_scope": "line"})
        lines = [self._line(self.coffee, price=3.2), self._line(self.record, price=9.1)]
        self.assertEqual(self._entries(self._sell(self.member, *lines)).points, 14)
        self.program.write({"earn_basis": "untaxed", "points_rounding": "down"})
        line = self._line(self.record, price_subtotal=25)
        self.assertEqual(self._entries(self._sell(self.member, line)).points, 25)
        self.program.order_cap = 10
        line = self._line(self.record)
        self.assertEqual(self._entries(self._sell(self.member, line)).points, 10)

    def test_the_limit_of_a_member_holds_at_the_till(self):
        self.program.member_cap = 40
        self._sell(self.member, self._line(self.record))
        order = self._sell(self.member, self._line(self.record))
        self.assertEqual(self._entries(order).points, 10)
        order = self._sell(self.member, self._line(self.record))
        self.assertEqual(self._entries(order).points, 0)
        self.assertEqual(self._entries(order).base_amount, 30)
        self.assertEqual(self.card.points, 40)

    def test_every_earn_moment_is_now_at_the_till(self):
        for moment in ("confirmation", "payment", "delivery"):
            self.program.earn_moment = moment
            order = self._sell(self.member, self._line(self.record))
            self.assertEqual(self._entries(order).points, 30)

    def test_a_branch_earns_in_the_programmes_that_its_tills_show(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.till.company_id.id}
        )
        own = self._make_program(company_id=branch.id)
        self.program.company_id = self.till.company_id
        own.currency_id = self.till.currency_id
        order = self._sell(self.stranger, self._line(self.record))
        self.assertIn(self.program, order._get_strict_programs())
        self.assertNotIn(own, order._get_strict_programs())
        # Below the model: a till of the branch is not the question here.
        order._write({"company_id": branch.id})
        order.invalidate_recordset()
        self.assertLessEqual(self.program | own, order._get_strict_programs())

    def test_the_days_of_a_programme_are_the_companys(self):
        self.till.company_id.partner_id.tz = "Pacific/Auckland"
        order = self._sell(self.stranger, self._line(self.record))
        order = order.with_context(tz="America/New_York")
        order.date_order = "2026-06-30 13:00:00"
        self.program.date_from = "2026-07-01"
        self.assertIn(self.program, order._get_strict_programs())
        order.date_order = "2026-06-30 11:00:00"
        self.assertNotIn(self.program, order._get_strict_programs())

    def _gift_card_line(self, amount):
        product = self._make_product("Gift card used", 0)
        program = self.env["loyalty.program"].create(
            {
                "name": "Gift cards",
                "program_type": "gift_card",
                "applies_on": "future",
                "trigger": "auto",
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "per_point",
                            "discount": 1,
                            "discount_applicability": "order",
                            "required_points": 1,
                            "discount_line_product_id": product.id,
                        }
                    )
                ],
            }
        )
        gift = self.env["loyalty.card"].create(
            {"program_id": program.id, "points": amount}
        )
        return self._reward_line(program.reward_ids, amount, card=gift)

    def test_what_a_gift_card_pays_earns_nothing(self):
        lines = [self._line(self.record, 2), self._gift_card_line(20)]
        entry = self._entries(self._sell(self.member, *lines))
        self.assertEqual((entry.points, entry.base_amount), (40, 40))
        self.program.earn_on_gift_cards = True
        lines = [self._line(self.record, 2), self._gift_card_line(20)]
        self.assertEqual(self._entries(self._sell(self.member, *lines)).points, 60)

    def _add_code_rule(self):
        rule = {
            "mode": "with_code",
            "code": "SUMMER26",
            "reward_point_mode": "order",
            "reward_point_amount": 50,
        }
        self.program.rule_ids = [Command.create(rule)]

    def test_a_code_that_was_entered_at_the_till_earns(self):
        self._add_code_rule()
        values = self._order_values(self.member, self._line(self.record))
        order = self._sync({**values, "loyalty_codes": "OTHER\nSUMMER26"})
        self.assertEqual(self._entries(order).points, 80)

    def test_a_code_that_nobody_knows_earns_nothing(self):
        self._add_code_rule()
        values = self._order_values(self.member, self._line(self.record))
        for wrong in (False, "SUMMER", "summer26", str(self.program.rule_ids[1].id)):
            order = self._sync(
                {
                    **self._order_values(self.member, self._line(self.record)),
                    "loyalty_codes": wrong,
                }
            )
            self.assertEqual(self._entries(order).points, 30)
        self.assertTrue(values)

    def _make_gift_reward(self, *products):
        tag = self.env["product.tag"].create({"name": "Gifts"})
        for product in products:
            product.product_tag_ids = tag
        self.program.reward_ids = [
            Command.create(
                {
                    "reward_type": "product",
                    "reward_product_tag_id": tag.id,
                    "required_points": 10,
                }
            )
        ]
        return self.program.reward_ids[-1]

    def test_a_product_given_away_earns_nothing_and_takes_nothing(self):
        self._give(10)
        self.program.rule_ids.product_ids = self.record
        reward = self._make_gift_reward(self.coffee, self.record)
        gift = self._reward_line(reward, 4, loyalty_reward_product_id=self.coffee.id)
        lines = [self._line(self.record), self._line(self.coffee), gift]
        order = self._sell(self.member, *lines)
        earned = self._entries(order).filtered(lambda e: e.entry_type == "earn")
        self.assertEqual(earned.points, 30)

    def test_a_product_that_the_reward_may_not_give_is_not_believed(self):
        self._give(10)
        reward = self._make_gift_reward(self.coffee)
        gift = self._reward_line(reward, 4, loyalty_reward_product_id=self.record.id)
        order = self._sell(
            self.member, self._line(self.record), self._line(self.coffee), gift
        )
        self.assertEqual(order.lines[2]._get_free_product(), self.coffee)
