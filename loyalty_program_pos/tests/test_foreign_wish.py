import logging

from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestForeignWish(TillCase):
    """A till names a card and a programme; only a card of that programme is meant."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gift_cards = cls._make_payment_program("gift_card")
        cls.gift = cls.env["loyalty.card"].create(
            {"program_id": cls.gift_cards.id, "points": 10}
        )
        cls.promotion = cls.env["loyalty.program"].create(
            {
                "name": "Next time",
                "program_type": "next_order_coupons",
                "applies_on": "future",
                "currency_id": cls.till.currency_id.id,
            }
        )

    @classmethod
    def _make_payment_program(cls, program_type):
        return cls.env["loyalty.program"].create(
            {
                "name": "Money",
                "program_type": program_type,
                "applies_on": "future",
                "currency_id": cls.till.currency_id.id,
                "reward_ids": [
                    Command.create({"discount_mode": "per_point", "discount": 1})
                ],
            }
        )

    def _confirm(self, key, program, **values):
        order = self._sell(self.stranger, self._line(self.record))
        wish = {"points": 500, "program_id": program.id, **values}
        # Odoo gives the name INFO to another level: the number is certain.
        with self.assertLogs("odoo.addons.loyalty_program_pos", logging.INFO):
            order.with_user(self.cashier).confirm_coupon_programs({str(key): wish})

    def test_a_members_card_is_not_sold_as_a_gift_card(self):
        for named in ({"coupon_id": self.card.id}, {"code": self.card.code.lower()}):
            with self.subTest(named):
                self._confirm(-1, self.gift_cards, **named)
                self.assertFalse(self.card.entry_ids)
                self.assertEqual(self.card.points, 0)

    def test_a_gift_card_gets_nothing_under_the_name_of_a_promotion(self):
        self._confirm(self.gift.id, self.promotion)
        self._confirm(-1, self.gift_cards, coupon_id=self.card.id, code=self.gift.code)
        self.assertEqual(self.gift.points, 10)
