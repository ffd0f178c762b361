from functools import partial

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .stock_common import StockTooCommittingCase, on_stock


@tagged("post_install", "-at_install")
class TestStockDefectsAtOnce(StockTooCommittingCase):
    """The defects of stock that only two at the same time show."""

    def _make_quotations(self, *partner_ids):
        """Return ids of quotations, one for each customer."""
        with self._commit() as env:
            line = {"product_id": self.product, "tax_ids": [Command.clear()]}
            orders = env["sale.order"].create(
                [
                    {"partner_id": partner, "order_line": [Command.create(line)]}
                    for partner in partner_ids
                ]
            )
            return orders.ids

    def _make_partners(self, number):
        with self._commit() as env:
            return env["res.partner"].create([{"name": "At once"}] * number).ids

    def _make_extra_program(self, **values):
        with self._commit() as env:
            program = env["loyalty.program"].create({"name": "At once", **values})
            program_id = program.id
        self.addCleanup(self._archive, "loyalty.program", program_id)
        return program_id

    def _archive(self, model, record_id):
        with self._commit() as env:
            env[model].browse(record_id).active = False

    def _look_at_rewards(self, order_id, env):
        env["sale.order"].browse(order_id)._update_programs_and_rewards()
        return 1

    @on_stock("2 != 1 : cards of one member")
    def test_defect_12_two_first_orders_at_once_make_one_card(self):
        program = self._make_extra_program(
            program_type="loyalty",
            applies_on="both",
            trigger="auto",
            rule_ids=[Command.create({"reward_point_mode": "money"})],
            reward_ids=[Command.create({"required_points": 1_000_000})],
        )
        (partner,) = self._make_partners(1)
        orders = self._make_quotations(partner, partner)
        looks = [partial(self._look_at_rewards, order) for order in orders]
        results, tries = self._race(*looks)
        with self._commit() as env:
            domain = [("partner_id", "=", partner), ("program_id", "=", program)]
            cards = env["loyalty.card"].search(domain)
            self.assertEqual(len(cards), 1, "cards of one member")
        self.assertEqual(results, [1, 1])
        self.assertGreater(tries, 2, "they did meet")

    @on_stock("0 != 1")
    def test_defect_22_a_usage_limit_holds_for_orders_confirmed_at_once(self):
        program = self._make_extra_program(
            program_type="promotion",
            applies_on="current",
            trigger="auto",
            limit_usage=True,
            max_usage=1,
            rule_ids=[Command.create({"minimum_qty": 0})],
            reward_ids=[Command.create({"discount": 10})],
        )
        orders = self._make_quotations(*self._make_partners(2))
        # Odoo counts rewards of quotations too: both see the promotion before either
        # takes it, and both take it.
        self._race(*(partial(self._claim, program, order) for order in orders))
        results, _tries = self._race(*(partial(self._confirm, o) for o in orders))
        refused = [result for result in results if isinstance(result, UserError)]
        self.assertEqual(len(refused), 1)
        self.assertIn("its limit", str(refused[0]))
        with self._commit() as env:
            states = sorted(env["sale.order"].browse(orders).mapped("state"))
            self.assertEqual(states, ["draft", "sale"])

    def _claim(self, program_id, order_id, env):
        order = env["sale.order"].browse(order_id)
        program = env["loyalty.program"].browse(program_id)
        order._update_programs_and_rewards()
        card = order.coupon_point_ids.coupon_id.filtered(
            lambda card: card.program_id == program
        )
        self.assertFalse(order._apply_program_reward(program.reward_ids, card))
        return 1
