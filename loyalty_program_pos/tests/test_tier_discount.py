from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestTierDiscount(TillCase):
    """What a till took off for a tier is checked, never refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bronze, cls.silver = cls.program.tier_ids.sorted("threshold")[:2]
        cls.benefit = cls.env["loyalty.tier.benefit"].create(
            {"tier_id": cls.bronze.id, "kind": "discount", "discount": 10}
        )
        cls.promotion = cls.benefit.discount_program_id
        cls.shared = cls.promotion.shared_card_id

    def _discount(self, amount):
        return self._reward_line(self.promotion.reward_ids, amount, card=self.shared)

    def _sell_with(self, partner, amount):
        """Sell a record for 30 with a discount, to the end of the till's own calls."""
        order = self._sell(partner, self._line(self.record), self._discount(amount))
        code = order.lines.filtered("reward_id").reward_identifier_code
        order.with_user(self.cashier).confirm_coupon_programs(
            {
                str(self.shared.id): {
                    "points": 0,
                    "program_id": self.promotion.id,
                    "coupon_id": self.shared.id,
                    "line_codes": [code],
                }
            }
        )
        return order

    def _objections(self, order):
        return [
            body for body in order.message_ids.mapped("body") if "The till took" in body
        ]

    def test_the_till_loads_the_promotion_with_its_card(self):
        session = self.till.current_session_id.with_user(self.cashier)
        programs = session.load_data([])["loyalty.program"]
        loaded = next(row for row in programs if row["id"] == self.promotion.id)
        self.assertTrue(loaded["is_tier_discount"])
        self.assertEqual(loaded["shared_card_id"], self.shared.id)
        self.assertEqual(loaded["audience_terms"]["tiers"], self.bronze.ids)

    def test_a_members_discount_is_in_order_and_leaves_no_card(self):
        cards = self.env["loyalty.card"].search_count([])
        order = self._sell_with(self.member, 3)
        self.assertFalse(self._objections(order))
        self.assertEqual(order.amount_total, 27)
        self.assertEqual(self._entries(order).points, 27)
        self.assertEqual(self.env["loyalty.card"].search_count([]), cards)
        self.assertEqual(self.shared.points, 0)
        self.assertFalse(self.shared.history_ids)

    def test_a_stranger_with_the_discount_is_told_to_the_manager(self):
        order = self._sell_with(self.stranger, 3)
        self.assertEqual(order.state, "paid")
        self.assertEqual(len(self._objections(order)), 1)
        self.assertIn("not in that tier", self._objections(order)[0])

    def test_more_than_the_percentage_is_told_to_the_manager(self):
        order = self._sell_with(self.member, 12)
        self.assertEqual(order.state, "paid")
        self.assertIn("more than the", self._objections(order)[0])

    def test_the_order_that_lifts_the_tier_is_judged_by_the_tier_before(self):
        self.benefit.tier_id = self.silver
        self._give(0)
        order = self._sell(self.member, self._line(self.record, 10), self._discount(30))
        self.assertEqual(self.card.tier_id, self.silver)
        self.assertIn("not in that tier", self._objections(order)[0])
        later = self._sell_with(self.member, 3)
        self.assertFalse(self._objections(later))

    def test_a_refund_of_the_discount_is_not_judged(self):
        order = self._sell_with(self.member, 3)
        line = order.lines.filtered("reward_id")
        self.card.sudo().member_state = "left"
        back = self._sell(
            self.member,
            self._line(self.record, -1, refunded_orderline_id=(order.lines - line).id),
            self._line(line.product_id, -1, price=-3, refunded_orderline_id=line.id),
        )
        self.assertFalse(self._objections(back))

    def test_the_till_follows_the_programme(self):
        self.program.pos_ok = False
        self.assertFalse(self.promotion.pos_ok)
        self.assertNotIn(self.promotion, self.till._get_program_ids())

    def _give_back(self, order, qty, discount=0):
        """Refund so many records, with or without their part of the discount."""
        record, taken_off = order.lines.sorted("price_unit", reverse=True)
        back = [
            self._line(self.record, -qty, price=30, refunded_orderline_id=record.id)
        ]
        if discount:
            back.append(
                self._line(
                    taken_off.product_id,
                    -1,
                    price=-discount,
                    refunded_orderline_id=taken_off.id,
                )
            )
        return self._sell(self.member, *back)

    def _notes(self, order):
        bodies = order.message_ids.mapped("body")
        return [body for body in bodies if "more was given back" in body]

    def test_goods_come_back_with_their_part_of_the_discount(self):
        order = self._sell(self.member, self._line(self.record, 3), self._discount(9))
        self.assertEqual(self.card.points, 81)
        refunds = [self._give_back(order, 1, 3), self._give_back(order, 2, 6)]
        self.assertEqual([refund.amount_total for refund in refunds], [-27, -54])
        self.assertEqual(self.card.points, 0)
        self.assertFalse(self._notes(refunds[0]) + self._notes(refunds[1]))

    def test_more_money_back_than_was_paid_is_told_to_the_manager(self):
        order = self._sell(self.member, self._line(self.record, 3), self._discount(9))
        self.assertFalse(self._notes(self._give_back(order, 2)))
        self.assertIn("9.00", self._notes(self._give_back(order, 1))[0])
        self.assertLessEqual(self.card.points, 0)
