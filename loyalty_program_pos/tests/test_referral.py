from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
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

    def _join(self, **answer):
        consent = {"consent": True, "terms_version": self.program.terms_version}
        return self.till.with_user(self.cashier).loyalty_join(
            self.program.id, self.stranger.id, {**consent, **answer}
        )

    def test_who_joins_here_tells_the_code_of_a_friend(self):
        code = self.card._get_referral_code()
        till = self.till.with_user(self.cashier)
        self.assertTrue(till.loyalty_get_terms(self.program.id)["takes_referrals"])
        with self.assertRaisesRegex(UserError, "no member's code"):
            self._join(friend_code="2222-2222")
        self.assertFalse(self.program._get_member_card(self.stranger))
        self.program.sudo().referral_friend_on = "sign_up"
        data = self._join(friend_code=f"{code[:4]}-{code[4:]}".lower())
        card = self.program._get_member_card(self.stranger)
        self.assertEqual(card.points, 30)
        self.assertEqual(data["loyalty.card"][0]["points"], 30)
        referral = self.env["loyalty.referral"].search(
            [("friend_id", "=", self.stranger.id)]
        )
        self.assertEqual((referral.channel, referral.state), ("pos", "signed_up"))

    def test_a_code_without_consent_notes_nothing(self):
        with self.assertRaises(UserError):
            self._join(friend_code=self.card._get_referral_code(), consent=False)
        self.assertFalse(self.program._get_member_card(self.stranger))

    def test_who_bought_at_the_till_before_is_a_customer(self):
        self._sell(self.stranger, self._line(self.coffee))
        referrals = self.env["loyalty.referral"].sudo()
        referral = referrals._claim(self.card, self.stranger, "pos")
        self.assertEqual((referral.state, referral.reasons), ("blocked", "customer"))
