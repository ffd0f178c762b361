from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestLoading(TillCase):
    def test_the_till_loads_what_it_shows(self):
        session = self.till.current_session_id.with_user(self.cashier)
        data = session.load_data([])
        program = next(
            values
            for values in data["loyalty.program"]
            if values["id"] == self.program.id
        )
        self.assertEqual(program["ledger_policy"], "strict")
        self.assertEqual(program["points_scale"], 0)
        tiers = {values["id"] for values in data["loyalty.tier"]}
        self.assertEqual(tiers, set(self.program.tier_ids.ids))

    def test_a_cashier_reads_cards_but_cannot_change_a_membership(self):
        card = self.card.with_user(self.cashier)
        self.assertEqual(card.member_state, "joined")
        with self.assertRaises(AccessError):
            card.points = 1000
        with self.assertRaises(AccessError):
            card.member_state = "left"

    def test_a_cashier_does_not_read_the_ledger(self):
        with self.assertRaises(AccessError):
            self.env["loyalty.ledger.entry"].with_user(self.cashier).search([])

    def test_the_order_brings_its_figures_back_to_the_till(self):
        values = self._order_values(self.member, self._line(self.record))
        data = self.env["pos.order"].with_user(self.cashier).sync_from_ui([values])
        figures = data["pos.order"][0]["loyalty_result"][0]
        self.assertEqual(figures["id"], self.card.id)
        self.assertEqual(figures["earned"], 30)
        self.assertEqual(figures["balance"], 30)
        self.assertEqual(figures["number"], self.card.member_number)

    def test_figures_that_a_till_sends_are_ignored(self):
        relations = self.till.current_session_id.load_data_params()
        field = relations["pos.order"]["relations"]["loyalty_result"]
        self.assertTrue(field["compute"], "tills do not send computed fields")
        forged = [{"id": self.card.id, "earned": 999, "balance": 999}]
        order = self._sell(self.member, self._line(self.record), loyalty_result=forged)
        self.assertEqual(order.loyalty_result[0]["earned"], 30)

    def test_a_till_sends_what_a_reward_line_says(self):
        relations = self.till.current_session_id.load_data_params()
        fields = relations["pos.order.line"]["relations"]
        for name in ("loyalty_reward_product_id", "loyalty_points_chosen"):
            self.assertFalse(fields[name]["compute"], name)

    def test_a_cancelled_order_gives_its_points_back(self):
        # Stock cancels drafts only: stand for an addon that goes further.
        order = self._sell(self.member, self._line(self.record))
        order._write({"state": "cancel"})
        order.invalidate_recordset(["state"])
        order.action_pos_order_cancel()
        self.assertEqual(self.card.points, 0)
        self.assertEqual(sum(self._entries(order).mapped("points")), 0)
