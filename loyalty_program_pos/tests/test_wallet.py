from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestWallet(TillCase):
    """An eWallet with a ledger at the till: cashback comes in, purchases go out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        programs = cls.env["loyalty.program"]
        cls.voucher = cls._make_product("Top-up", 50)
        cls.wallets = programs.create(
            {
                **programs._program_type_default_values()["ewallet"],
                "name": "Wallets",
                "program_type": "ewallet",
                "currency_id": cls.till.currency_id.id,
                "trigger_product_ids": [Command.set(cls.voucher.ids)],
            }
        )
        cls.cashback = cls.env["loyalty.reward"].create(
            {
                "program_id": cls.program.id,
                "reward_type": "wallet",
                "discount_mode": "per_point",
                "discount": 0.05,
                "required_points": 20,
                "payout_program_id": cls.wallets.id,
            }
        )
        cls._give(cls, 400)
        answer = cls.till.with_user(cls.cashier).loyalty_claim_reward(
            cls.card.id, cls.cashback.id, "cashback", {"points": 400}
        )
        cls.wallet = cls.env["loyalty.card"].browse(answer["claim"]["wallet_id"])

    def _confirm(self, order, points, card=None):
        card_id = card.id if card else -1
        values = {
            "points": points,
            "program_id": self.wallets.id,
            "coupon_id": card_id,
            "partner_id": order.partner_id.id,
        }
        return order.with_user(self.cashier).confirm_coupon_programs(
            {str(card_id): values}
        )

    def _pay_with_wallet(self, amount):
        order = self._sell(
            self.member,
            self._line(self.record),
            self._reward_line(
                self.wallets.reward_ids, amount, card=self.wallet, points_cost=amount
            ),
        )
        self._confirm(order, -amount, self.wallet)
        return order

    def _story(self):
        entries = self.wallet.entry_ids.sorted("id")
        return [(entry.entry_type, entry.points) for entry in entries]

    def test_cashback_pays_at_the_till(self):
        self.assertEqual((self.wallet.points, self.card.points), (20, 0))
        order = self._pay_with_wallet(12.5)
        self.assertEqual(self.wallet.points, 7.5)
        self.assertEqual(self._story(), [("bonus", 20), ("redeem", -12.5)])
        # What was given for points earns none, as the programme says of gift cards.
        self.assertFalse(self.program.earn_on_gift_cards)
        self.assertEqual(self.card.points, 17)
        self.assertEqual(self._entries(order).mapped("channel"), ["pos", "pos"])

    def test_a_wallet_is_topped_up_and_made_for_whoever_has_none(self):
        top_up = self._sell(self.member, self._line(self.voucher))
        self._confirm(top_up, 50, self.wallet)
        self.assertEqual((self.wallet.points, self._story()[-1]), (70, ("earn", 50)))
        first = self._sell(self.stranger, self._line(self.voucher))
        result = self._confirm(first, 50)
        card = self.env["loyalty.card"].browse(result["coupon_updates"][0]["id"])
        self.assertEqual((card.partner_id, card.points), (self.stranger, 50))
        self.assertEqual(card.entry_ids.mapped("points"), [50])

    def test_money_that_was_spent_is_not_taken_back(self):
        self._pay_with_wallet(12.5)
        voided, refusals = self.card.claim_ids._void()
        self.assertFalse(voided)
        self.assertIn("7.50", refusals[0])

    def test_two_tills_do_not_spend_the_same_money(self):
        order = self.env["pos.order"].with_user(self.cashier)
        self._pay_with_wallet(15)
        answer = order.validate_coupon_programs({str(self.wallet.id): -15}, [])
        self.assertFalse(answer["successful"])
        self.assertEqual(self.wallet.points, 5)

    def test_two_tills_without_a_connection_are_told_what_is_missing(self):
        self._pay_with_wallet(15)
        order = self._pay_with_wallet(15)
        self.assertEqual((order.state, self.wallet.points), ("paid", -10))
        notes = " ".join(order.message_ids.mapped("body"))
        self.assertIn("The eWallet of Mira Member", notes)
        self.assertIn("10.00", notes)
