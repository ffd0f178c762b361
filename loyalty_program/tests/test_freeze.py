from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestFreeze(LoyaltyCase):
    """A membership is held still with a reason and goes on afterwards."""

    def _freeze(self, user=None, reason="chargeback"):
        self.env["loyalty.freeze"].with_user(user or self.loyalty_user).create(
            {"card_id": self.card.id, "reason": reason}
        ).action_freeze()

    def test_a_host_freezes_with_a_reason_and_unfreezes(self):
        self._post(50)
        self._freeze()
        self.assertEqual(self.card.member_state, "frozen")
        self.assertEqual(self.card.freeze_reason, "chargeback")
        self.assertEqual(str(self.card.frozen_on), "2026-06-30")
        self.card.with_user(self.loyalty_user).action_unfreeze()
        self.assertEqual(self.card.member_state, "joined")
        self.assertFalse(self.card.freeze_reason or self.card.frozen_on)
        self.assertEqual(self.card.points, 50)

    def test_who_sells_neither_freezes_nor_unfreezes(self):
        with self.assertRaises(AccessError):
            self._freeze(self.salesperson)
        self._freeze()
        with self.assertRaises(AccessError):
            self.card.with_user(self.salesperson).action_unfreeze()
        with self.assertRaises(AccessError):
            self.card.with_user(self.manager).write({"member_state": "joined"})

    def test_only_members_can_be_frozen(self):
        self.card._leave()
        with self.assertRaises(UserError):
            self._freeze()

    def test_who_is_frozen_may_leave_and_join_again(self):
        self._freeze()
        self.card._leave()
        self.assertEqual(self.card.member_state, "left")
        self.assertFalse(self.card.freeze_reason)
        self.program._enrol(self.member, "backoffice", True)
        self.assertEqual(self.card.member_state, "joined")

    def test_the_second_reason_does_not_replace_the_first(self):
        self._freeze()
        self.card._freeze("other")
        self.assertEqual(self.card.freeze_reason, "chargeback")
