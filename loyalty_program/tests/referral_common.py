from odoo.tests import freeze_time

from .common import NOW, LoyaltyCase


@freeze_time(NOW)
class ReferralCase(LoyaltyCase):
    """A programme with a reward of 50 for the member and 30 for the friend."""

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
        cls.card.sudo().joined_on = "2026-01-01"
        cls.member.write(
            {
                "email": "mira.member@gmail.com",
                "phone": "020 7946 0958",
                "street": "1 Groove Street",
                "zip": "18503",
            }
        )
        cls.referrals = cls.env["loyalty.referral"]

    def _claim(self, friend, card=None, **values):
        return self.referrals._claim(card or self.card, friend, "backoffice", **values)

    def _find(self, friend):
        return self.referrals.search([("friend_id", "=", friend.id)])

    def _bring(self, name="Fred Friend"):
        """Let the member bring somebody who joins; return the referral."""
        self.friend = self._make_partner(name)
        referral = self._claim(self.friend)
        self.friend_card = self.program._enrol(self.friend, "backoffice", True)
        return referral

    def _bring_and_buy(self):
        """The same, with a paid first order, after the return window."""
        referral = self._bring()
        self.order = self._buy(partner=self.friend)
        self._pay(self.order)
        with freeze_time("2026-07-14 03:00:00"):
            self._run_nightly()
        return referral

    def _pay(self, order):
        """Invoice the order and book the payment; return the invoice."""
        order.order_line.sudo().qty_delivered = 1
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        return invoice

    def _bonus(self, card):
        return self._entries(card=card).filtered(lambda e: e.entry_type == "bonus")

    def _assert_gains(self, referral, state, mine, theirs):
        """Assert where a referral stands and what both got by now."""
        found = (referral.state, referral.points, referral.friend_points)
        self.assertEqual(found, (state, mine, theirs))
