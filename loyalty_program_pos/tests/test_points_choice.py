from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestPointsChoice(TillCase):
    """Points are booked for the money that the till gave, whatever was chosen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls.env["loyalty.reward"].create(
            {
                "program_id": cls.program.id,
                "reward_type": "discount",
                "discount_mode": "per_point",
                "discount": 0.1,
                "discount_applicability": "order",
                "required_points": 10,
                "choice_minimum": 50,
                "choice_maximum": 200,
            }
        )

    def _spend(self, points, money):
        return self._sell(
            self.member,
            self._line(self.record),
            self._reward_line(
                self.reward, money, points_cost=points, loyalty_points_chosen=points
            ),
        )

    def _notes(self, order):
        return " ".join(order.message_ids.mapped("body"))

    def test_the_points_chosen_are_booked(self):
        self._give(300)
        order = self._spend(120, 12)
        self.assertEqual(self.card.points, 300 - 120 + 18)
        self.assertEqual(order.lines[1].loyalty_points_chosen, 120)
        self.assertNotIn("may choose", self._notes(order))

    def test_a_paid_order_is_kept_and_a_strange_choice_is_told(self):
        self._give(300)
        order = self._spend(10, 25)
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.card.points, 300 - 250 + 5)
        self.assertIn("250 points, which is not a number", self._notes(order))

    def test_the_till_knows_what_may_be_chosen(self):
        names = self.reward._load_pos_data_fields(self.till)
        values = self.reward.read(names)[0]
        self.assertEqual(values["choice_minimum"], 50)
        self.assertTrue(values["has_choice"])
