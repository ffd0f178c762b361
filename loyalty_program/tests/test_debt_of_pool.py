from odoo.exceptions import UserError
from odoo.tests import tagged

from .credit_note_common import CreditNoteCase
from .test_pool import PoolCase


@tagged("post_install", "-at_install")
class TestDebtOfPool(PoolCase, CreditNoteCase):
    """A debt policy asks the balance on which the debt lands."""

    def _leave_a_spent_pool(self):
        """Return a pool's account, and an order whose points its others have spent."""
        pool = self._share()
        order = self._buy_and_invoice()
        self._post(-80, "redeem", card=self.other)
        self._member(self.card)._leave()
        self.assertEqual(self._get_points(), [0, 20, 0])
        return pool.account_id, order

    def test_the_pools_debt_is_refused(self):
        self.program.debt_policy = "refuse"
        _account, order = self._leave_a_spent_pool()
        with (
            self.assertRaisesRegex(UserError, "80 points are missing"),
            self.env.cr.savepoint(),
        ):
            order._action_cancel()
        self.env.invalidate_all()
        self.assertEqual((order.state, self.other.points), ("sale", 20))

    def test_the_members_own_debt_is_no_reason_to_refuse_what_the_pool_covers(self):
        self.program.debt_policy = "refuse"
        self._share()
        order = self._buy(100)
        self._member(self.card)._leave()
        self._post(-5, "redeem")
        order._action_cancel()
        self.assertEqual(self._get_points(), [-5, 0, 0])

    def test_the_value_of_the_pools_debt_repays_the_pool(self):
        self.program.write({"debt_policy": "value", "point_value": 0.05})
        account, order = self._leave_a_spent_pool()
        note = self._credit(order)
        self.assertEqual(note.amount_total, 96)
        self.assertEqual(self._get_points(), [0, 0, 0])
        self.assertEqual(
            self._story(note, account), [("earn_reversal", -100), ("adjust", 80)]
        )
        note.button_draft()
        self.assertEqual(self._get_points(), [0, 20, 0])
        self.assert_all_balanced()

    def test_what_cannot_be_refused_is_told_of_the_pools_debt(self):
        self.program.debt_policy = "refuse"
        _account, order = self._leave_a_spent_pool()
        note = self._credit(order, post=False)
        order._sync_loyalty(document=note, moves=note.sudo(), refuse_debt=False)
        self.assertEqual(self._get_points(), [0, -80, 0])
        self.assertIn("80 points are owed", note.message_ids[0].body)
