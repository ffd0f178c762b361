from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestPool(TillCase):
    """Two members share one balance at the till."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mate = cls.env["res.partner"].create({"name": "Mate"})
        cls.mate_card = cls.program.sudo()._enrol(cls.mate, "pos", True)
        cls.pool = cls.env["loyalty.pool"].sudo()._make(cls.program, "Home")
        for card in cls.card | cls.mate_card:
            cls.pool._add(card.sudo(), "pos")
        cls.reward = cls.program.reward_ids.filtered(lambda r: r.required_points == 100)

    def _load_card(self, partner):
        """Return the card of a customer as the till's own search does."""
        cards = self.env["loyalty.card"].with_user(self.cashier)
        fields = cards._load_pos_data_fields(self.till)
        return cards.search_read(
            [("partner_id", "=", partner.id), ("program_id", "=", self.program.id)],
            fields,
            load=False,
        )

    def test_the_till_finds_the_members_card_with_the_common_balance(self):
        self._give(150)
        loaded = self._load_card(self.mate)
        self.assertEqual(
            [(card["id"], card["points"]) for card in loaded],
            [(self.mate_card.id, 150)],
        )

    def test_a_member_spends_what_another_earned(self):
        self._sell(self.member, self._line(self.record, 5))
        order = self._sell(
            self.mate,
            self._line(self.record),
            self._reward_line(self.reward, 5, self.mate_card),
        )
        spent = self._entries(order).filtered(lambda e: e.entry_type == "redeem")
        self.assertEqual((spent.member_card_id, spent.points), (self.mate_card, -100))
        self.assertEqual(self.card.points, 75)
        figures = order.loyalty_result[0]
        self.assertEqual((figures["id"], figures["balance"]), (self.mate_card.id, 75))

    def test_the_till_refuses_who_may_not_spend_before_payment(self):
        self._give(150)
        self.pool.spending = "owner"
        orders = self.env["pos.order"].with_user(self.cashier)
        answer = orders.validate_coupon_programs({str(self.mate_card.id): -100}, [])
        self.assertFalse(answer["successful"])
        self.assertIn("Only Mira Member may spend", answer["payload"]["message"])
        answer = orders.validate_coupon_programs({str(self.card.id): -100}, [])
        self.assertTrue(answer["successful"])

    def test_a_refund_asks_the_balance_on_which_the_debt_lands(self):
        self.program.write({"debt_policy": "value", "point_value": 0.05})
        order = self._sell(self.member, self._line(self.record, 3))
        with self.env["loyalty.ledger"].sudo()._claim(loss="redeem"):
            self.mate_card.sudo().points -= 60
        self.card.pool_member_ids.sudo()._leave()
        self.assertEqual((self.card.points, self.mate_card.points), (0, 30))
        orders = self.env["pos.order"].with_user(self.cashier)
        answer = orders.loyalty_check_refund([[order.lines.id, 3]])
        self.assertEqual([line["price"] for line in answer["lines"]], [3])
        product = self.env["product.product"].browse(answer["product_id"])
        self._sell(
            self.member,
            self._line(self.record, -3, refunded_orderline_id=order.lines.id),
            self._line(product, 1, price=3),
        )
        self.assertEqual((self.card.points, self.mate_card.points), (0, 0))

    def test_a_refund_may_be_refused_for_the_debt_of_a_pool(self):
        self.program.debt_policy = "refuse"
        order = self._sell(self.member, self._line(self.record, 3))
        with self.env["loyalty.ledger"].sudo()._claim(loss="redeem"):
            self.mate_card.sudo().points -= 60
        self.card.pool_member_ids.sudo()._leave()
        orders = self.env["pos.order"].with_user(self.cashier)
        answer = orders.loyalty_check_refund([[order.lines.id, 3]])
        self.assertIn("60 points are missing", answer["refused"])
