from odoo.tests import freeze_time, tagged

from .credit_note_common import CreditNoteCase


@tagged("post_install", "-at_install")
class TestReturnCap(CreditNoteCase):
    """A limit of the member holds whatever is returned, earned and withdrawn."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.member_cap = 100

    def test_a_withdrawn_return_gives_no_more_than_the_limit_leaves(self):
        first = self._buy_and_invoice()
        note = self._credit(first)
        second = self._buy(70)
        self.assertEqual(self.card.points, 70)
        note.button_draft()
        self.assertEqual(self.card.points, 100)
        count = len(self._entries())
        first._sync_loyalty()
        self.assertEqual(self.card.points, 100)
        self.assertEqual(len(self._entries()), count, "nothing is no entry")
        # What the money counts for the tier has no limit.
        self.assertEqual(sum(self._entries().mapped("base_amount")), 170)
        self.assert_balanced()
        # A return of the other purchase makes room again.
        second._action_cancel()
        self.assertEqual(self.card.points, 30)
        first._sync_loyalty()
        self.assertEqual(self.card.points, 100)
        self.assert_balanced()

    def test_a_withdrawn_return_below_the_limit_gives_all(self):
        order = self._buy_and_invoice()
        note = self._credit(order, {0: 2})
        note.button_draft()
        self.assertEqual(self.card.points, 100)
        self.assert_balanced()

    def test_a_withdrawn_return_fills_the_period_of_its_purchase(self):
        order = self._buy_and_invoice()
        note = self._credit(order)
        with freeze_time("2026-07-15 10:00:00"):
            self._buy(100)
            note.button_draft()
        self.assertEqual(self.card.points, 200)
        self.assert_balanced()

    def test_a_bonus_that_is_there_again_counts_once(self):
        self.program.member_cap = 250
        bronze = self.program.tier_ids.sorted("threshold")[0]
        self.env["loyalty.tier.benefit"].create(
            {"tier_id": bronze.id, "kind": "multiplier", "factor": 2}
        )
        order = self._buy_and_invoice()
        self._credit(order).button_draft()
        self.assertEqual(self.card.points, 200)
        self._buy(100)
        self.assertEqual(self.card.points, 250)
        self.assert_balanced()
