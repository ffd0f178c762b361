from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestFrozen(TillCase):
    """A frozen member at the till collects on and cannot spend."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls.program.reward_ids.sorted("required_points")[0]
        cls.card.sudo().member_state = "frozen"

    def _validate(self, points):
        order = self.env["pos.order"].with_user(self.cashier)
        return order.validate_coupon_programs({str(self.card.id): points}, [])

    def test_the_till_is_told_before_payment(self):
        self._give(150)
        answer = self._validate(-100)
        self.assertFalse(answer["successful"])
        self.assertIn("frozen", answer["payload"]["message"])
        self.assertTrue(self._validate(30)["successful"])

    def test_what_was_paid_for_nevertheless_is_kept_and_booked(self):
        self._give(150)
        order = self._sell(
            self.member, self._line(self.record), self._reward_line(self.reward, 5)
        )
        self.assertEqual(sum(self._entries(order).mapped("points")), -100 + 25)

    def test_a_frozen_member_collects_by_setting(self):
        self._sell(self.member, self._line(self.record))
        self.assertEqual(self.card.points, 30)
        self.program.frozen_earns = False
        self._sell(self.member, self._line(self.record))
        self.assertEqual(self.card.points, 30)

    def test_the_till_loads_what_the_member_may(self):
        cards = self.card.with_user(self.cashier)
        read = cards._load_pos_data_read(cards, self.till)[0]
        self.assertEqual((read["may_earn"], read["may_spend"]), (True, False))
