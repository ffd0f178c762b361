from random import Random

from odoo.tests import tagged

from .benefit_common import BenefitCase
from .credit_note_common import CreditNoteCase

#: Orders that are credited line by line, in random parts.
HISTORIES = 6


@tagged("post_install", "-at_install")
class TestTierDiscountReturn(BenefitCase, CreditNoteCase):
    """Goods bought with a tier's percentage come back for what was paid for them."""

    def _buy_with_discount(self, *lines):
        order = self._quote(self.gold, *lines)
        self.assertTrue(order._get_benefit_lines())
        order.action_confirm()
        self._invoice(order)
        return order

    def _goods(self, quantity, price):
        return {"product_uom_qty": quantity, "price_unit": price}

    def _points(self):
        return self.program._get_member_card(self.gold).points

    def test_a_line_alone_takes_its_part_of_the_discount_along(self):
        before = self._points()
        order = self._buy_with_discount(self._goods(3, 30))
        self.assertEqual(order.amount_total, 81)
        note = self._credit(order, {0: 1})
        self.assertEqual(note.amount_total, 27)
        self.assertEqual(self._points() - before, 54)
        note = self._credit(order, {0: 2})
        self.assertEqual(note.amount_total, 54)
        self.assertEqual(self._points(), before)

    def test_the_whole_invoice_is_credited_as_it_is(self):
        order = self._buy_with_discount(self._goods(3, 30))
        note = self._credit(order)
        self.assertEqual(len(note.invoice_line_ids), 2)
        self.assertEqual(note.amount_total, 81)

    def test_who_takes_the_discount_off_by_hand_has_the_last_word(self):
        order = self._buy_with_discount(self._goods(2, 50))
        self.assertEqual(self._credit(order, {0: 1, 1: 1}).amount_total, 40)
        order = self._buy_with_discount(self._goods(2, 50))
        note = self._credit(order, {0: 1}, price_unit=45)
        self.assertEqual(note.amount_total, 45)

    def test_other_promotions_are_credited_as_odoo_has_it(self):
        promotion = self._make_promotion(20)
        order = self._quote(self.gold, self._goods(1, 100))
        self._claim_promotion(order, promotion)
        order.action_confirm()
        self._invoice(order)
        self.assertEqual(self._credit(order, {0: 1}).amount_total, 100)

    def test_a_draft_again_takes_nothing_twice(self):
        order = self._buy_with_discount(self._goods(3, 30))
        note = self._credit(order, {0: 1})
        note.button_draft()
        note.action_post()
        self.assertEqual(note.amount_total, 27)

    def test_in_whatever_parts_no_more_comes_back_than_was_paid(self):
        for seed in range(HISTORIES):
            random = Random(seed)
            prices = [random.choice((19.99, 33.33, 0.07, 7)) for _line in range(2)]
            before = self._points()
            order = self._buy_with_discount(*(self._goods(3, p) for p in prices))
            returned, left = 0, [3, 3]
            while any(left):
                number = random.choice([n for n in (0, 1) if left[n]])
                units = random.randint(1, left[number])
                left[number] -= units
                returned += self._credit(order, {number: units}).amount_total
                kept = sum(p * n for p, n in zip(prices, left, strict=True)) * 0.9
                with self.subTest(seed=seed, left=left):
                    self.assertAlmostEqual(
                        returned, order.amount_total - kept, delta=0.0151
                    )
            self.assertAlmostEqual(returned, order.amount_total, places=2)
            self.assertLessEqual(self._points(), before)
