from odoo.tests import freeze_time, tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestLapsed(TillCase):
    """A till that has loaded a card yesterday is told what may be spent today."""

    def test_a_till_is_told_that_the_points_have_lapsed(self):
        self.program.write({"expiry_mode": "earning", "validity_count": 1})
        self._give(100)
        orders = self.env["pos.order"].with_user(self.cashier)
        wish = {str(self.card.id): -100}
        self.assertTrue(orders.validate_coupon_programs(wish, [])["successful"])
        lot = self.env["loyalty.lot"].search([("card_id", "=", self.card.id)])
        with freeze_time(f"{lot.expires_on} 23:30:00"):
            self.assertTrue(orders.validate_coupon_programs(wish, [])["successful"])
        with freeze_time(f"{self.program._get_expiry_date(self.card, lot.expires_on)}"):
            answer = orders.validate_coupon_programs(wish, [])
        self.assertFalse(answer["successful"])
        self.assertIn("does not have enough points", answer["payload"]["message"])
        self.assertEqual(answer["payload"]["updated_points"], {self.card.id: 0})
        self.assertEqual(self.card.points, 0)
