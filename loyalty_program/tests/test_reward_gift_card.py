from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .claim_common import ClaimCase
from .common import NOW


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRewardGiftCard(ClaimCase):
    """Points become a gift card, which anybody may use."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gift = cls._make_reward(
            "gift_card", discount_mode="per_order", discount=25, gift_card_days=365
        )
        cls._post(250, "bonus")

    def _use(self, claim, amount):
        order = self._make_order(self._make_partner("Gina Given"), amount)
        status = order._try_apply_code(claim.payout_card_id.code)
        for card, rewards in status.items() if "error" not in status else ():
            order._apply_program_reward(rewards, card)
        return order, status

    def test_somebody_else_pays_with_it(self):
        claim = self._claim()
        card = claim.payout_card_id
        self.assertEqual(card.program_id.program_type, "gift_card")
        self.assertEqual((card.points, card.partner_id.id), (25, False))
        self.assertEqual(card.expiration_date, date(2027, 6, 30))
        self.assertIn(card.code, claim._describe_given())
        order, status = self._use(claim, 40)
        self.assertNotIn("error", status)
        order.action_confirm()
        self.assertEqual((order.amount_total, card.points), (15, 0))

    def test_void_while_it_is_whole(self):
        claim = self._claim()
        claim.with_user(self.manager).action_void()
        self.assertEqual(self.card.points, 250)
        _order, status = self._use(claim, 40)
        self.assertIn("error", status)

    def test_a_used_one_is_not_void(self):
        claim = self._claim()
        self._use(claim, 10)[0].action_confirm()
        with self.assertRaisesRegex(UserError, "15.00 are left"):
            claim.with_user(self.manager).action_void()
        self.assertEqual((self.card.points, claim.payout_card_id.points), (150, 15))

    def test_what_was_added_to_it_is_the_holders(self):
        claim = self._claim()
        claim.payout_card_id.points += 10
        claim.with_user(self.manager).action_void()
        self.assertEqual((self.card.points, claim.payout_card_id.points), (250, 10))
        order, status = self._use(claim, 40)
        self.assertNotIn("error", status)
        self.assertEqual(order.amount_total, 30)
