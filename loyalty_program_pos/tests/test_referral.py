from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestReferral(TillCase):
    """The friend's first order may be one at the till."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write(
            {
                "hold_days": 14,
                "referral_active": True,
                "referral_points": 50,
                "referral_friend_points": 30,
            }
        )
        cls.friend = cls.env["res.partner"].create({"name": "Fred Friend"})
        cls.referral = (
            cls.env["loyalty.referral"].sudo()._claim(cls.card, cls.friend, "pos")
        )
        cls.program.sudo()._enrol(cls.friend, "pos", True)

    def _found(self):
        self.referral.invalidate_recordset()
        return self.referral.state, self.referral.points, self.referral.friend_points

    def _wait(self):
        later = fields.Datetime.now() + timedelta(days=14)
        with freeze_time(later):
            for _batch in self.env["loyalty.ledger"].sudo()._run_daily():
                pass

    def test_a_sale_at_the_till_is_the_first_order(self):
        values = self._order_values(self.friend, self._line(self.record))
        order = self._sync(values)
        self.assertEqual(self._found(), ("bought", 0, 30))
        self.assertEqual(self.referral.origin_id, order.id)
        # A till sends an order again when it got no answer.
        self._sync(values)
        self._sell(self.friend, self._line(self.record))
        self._wait()
        self.assertEqual(self._found(), ("rewarded", 50, 30))

    def test_returned_at_the_till_nobody_gets_anything(self):
        order = self._sell(self.friend, self._line(self.record, 2))
        self._refund(order, 1)
        self.assertEqual(self._found(), ("bought", 0, 30))
        self.assertEqual(self.referral.order_amount, 30)
        self._refund(order, 1)
        self.assertEqual(self._found(), ("reversed", 0, 0))
        self._wait()
        self.assertEqual(self._found(), ("reversed", 0, 0))

    def test_who_bought_at_the_till_before_is_a_customer(self):
        self._sell(self.stranger, self._line(self.coffee))
        referrals = self.env["loyalty.referral"].sudo()
        referral = referrals._claim(self.card, self.stranger, "pos")
        self.assertEqual((referral.state, referral.reasons), ("blocked", "customer"))
