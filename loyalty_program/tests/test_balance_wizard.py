from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestBalanceWizard(LoyaltyCase):
    """A manager adjusts a member's balance, by name."""

    def _adjust(self, user, balance, card=None):
        wizard = (
            self.env["loyalty.card.update.balance"]
            .with_user(user)
            .create(
                {
                    "card_id": (card or self.card).id,
                    "new_balance": balance,
                    "description": "Goodwill",
                }
            )
        )
        wizard.action_update_card_point()

    def test_an_adjustment_is_an_entry_with_who(self):
        self._adjust(self.manager, 80)
        self._adjust(self.manager, 30)
        entries = self._entries()
        self.assertEqual(self._story(), [("adjust", 80), ("adjust", -50)])
        self.assertEqual(entries.posted_by_id, self.manager)
        self.assertEqual(set(entries.mapped("channel")), {"backoffice"})
        self.assertEqual(self.card.points, 30)
        self.assert_balanced()

    def test_an_adjustment_lifts_no_tier(self):
        self._adjust(self.manager, 5000)
        self.assertEqual(self.card.tier_id.name, "Bronze")

    def test_others_adjust_no_member(self):
        for user in (
            self.salesperson,
            self.loyalty_user,
            self._make_user("boss", "sales_team.group_sale_manager"),
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._adjust(user, 80)
        self.assertFalse(self._entries())
        self.assertFalse(self.card.history_ids)

    def test_a_balance_that_is_no_number_is_refused(self):
        for balance in (float("nan"), float("inf"), 1e300):
            with self.subTest(balance=balance), self.assertRaises(ValidationError):
                self.card.with_user(self.manager).write({"points": balance})
        self.assertFalse(self._entries())

    def test_a_salesperson_adjusts_a_recorded_card_as_odoo_lets_them(self):
        card = self._make_card(self._make_recorded_program(), points=10)
        self._adjust(self.salesperson, 25, card)
        self.assertEqual(self._story(card=card), [("adjust", 10), ("adjust", 15)])
        self.assertEqual(self._entries(card=card)[-1].posted_by_id, self.salesperson)
