from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.loyalty_program.models.loyalty_ledger_undo import Target
from odoo.addons.loyalty_program.tests.test_pool import PoolCase


@tagged("post_install", "-at_install")
class TestPoolUndo(PoolCase):
    """What is undone is taken back where the points went, into a pool or out of one."""

    def _spend(self, points, card):
        """Spend points for a document that can be undone, and return it."""
        document = self._make_partner("Document")
        origin = (document._name, document.id)
        self._post(-points, "redeem", card, origin=origin)
        return document

    def test_points_that_a_member_brought_are_taken_from_the_pool(self):
        order = self._buy(100)
        self._share()
        self._member(self.card)._leave()
        self.assertEqual(self._get_points(), [0, 100, 0])
        order._action_cancel()
        self.assertEqual(self._get_points(), [0, 0, 0])
        self.assert_all_balanced()

    def test_pending_points_are_taken_first_wherever_they_moved(self):
        self._post(30, "earn", card=self.other)
        self.program.hold_days = 14
        order = self._buy(100)
        pool = self._share()
        self.assertEqual((pool.points, pool.points_pending), (30, 100))
        order._action_cancel()
        self.assertEqual((pool.points, pool.points_pending), (30, 0))
        self.assert_all_balanced()

    def test_who_took_points_along_answers_for_them_and_the_pool_for_the_rest(self):
        pool = self._share(leaving="share")
        entry = self._entries(self._buy(100), pool.account_id)
        self._post(-40, "redeem", card=self.other)
        self._member(self.card)._leave()
        self.assertEqual(self._get_points(), [60, 0, 0])
        whole = (100, [0, -40, 0])
        for undone, left in ((50, [10, 0, 0]), whole, (30, None), whole):
            part = Decimal(undone)
            self.ledger._bring_undone({entry: Target(part, part)})
            self.assertEqual(self.card.points + self.other.points, 60 - undone)
            own = self.env["loyalty.ledger.entry"].search(
                [("member_card_id", "=", self.card.id)]
            )
            self.assertEqual(sum(own.mapped("base_amount")), 100 - undone)
            if left:
                self.assertEqual(self._get_points(), left)
            self.assert_all_balanced()

    def test_points_spent_after_leaving_are_owed_by_who_spent_them(self):
        self._share(leaving="share")
        order = self._buy(100)
        self._member(self.card)._leave()
        self._post(-100, "redeem")
        self._post(5, "earn", card=self.other)
        order._action_cancel()
        self.assertEqual(self._get_points(), [-100, 5, 0])
        self.assert_all_balanced()

    def test_who_took_all_as_the_last_answers_for_it(self):
        pool = self._share(self.card)
        order = self._buy(100)
        self._member(self.card)._leave()
        order._action_cancel()
        self.assertEqual((self.card.points, pool.account_id.points), (0, 0))
        self.assert_all_balanced()

    def test_what_comes_back_of_an_ended_pool_reaches_who_took_the_balance(self):
        self._post(150, "earn")
        pool = self._share()
        document = self._spend(40, self.card)
        self._member(self.card)._leave()
        self._member(self.other)._leave()
        self.assertEqual(pool.heir_id, self.other)
        self.ledger._reverse_document(document)
        self.assertEqual(self._get_points(), [0, 150, 0])
        self.assert_all_balanced()

    def test_what_comes_to_an_ended_pool_follows_its_heir_through_a_merge(self):
        self._post(20, "earn")
        pool = self._share(self.card)
        document = self._spend(5, self.card)
        self._member(self.card)._leave()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.member | self.other.partner_id).ids, self.other.partner_id)
        self.env.invalidate_all()
        self.ledger._reverse_document(document)
        self.assertEqual(self._get_points(), [0, 20, 0])
        # A purchase at the same moment knew the account of before.
        self._post(7, "earn", card=self.other, account_id=pool.account_id.id)
        self._run_nightly()
        self.assertEqual(self._get_points(), [0, 27, 0])
        self.assert_all_balanced()

    def test_a_pool_that_begins_again_keeps_its_own(self):
        pool = self._share()
        pool.member_ids._leave()
        pool.active = True
        pool._add(self.card, "backoffice")
        self.assertFalse(pool.heir_id)

    def test_what_reaches_an_ended_pool_all_the_same_is_brought_at_night(self):
        pool = self._share(self.card)
        self._member(self.card)._leave()
        # A purchase at the same moment knew the account of before.
        self._post(7, "earn", account_id=pool.account_id.id)
        self.assertEqual((self.card.points, pool.account_id.points), (0, 7))
        self._run_nightly()
        self.assertEqual((self.card.points, pool.account_id.points), (7, 0))
        self.assert_all_balanced()

    def test_merged_contacts_that_are_split_owe_each_other_nothing(self):
        order = self._buy(100)
        self._post(100, "earn", card=self.other)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.member | self.other.partner_id).ids, self.other.partner_id)
        self.env.invalidate_all()
        self._post(-100, "redeem", card=self.other)
        merge = self.env["loyalty.merge"].search([], limit=1)
        merge.with_user(self.manager)._split(self._make_partner("Heir"))
        shares = self._get_points()[:2]
        self.assertEqual(sum(shares), 100)
        order._action_cancel()
        self.assertEqual(self._get_points()[:2], [shares[0] - 100, shares[1]])
        self.assert_all_balanced()

    def test_what_came_back_to_the_other_after_a_split_is_left_with_it(self):
        entry = self._post(100, "earn")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.member | self.other.partner_id).ids, self.other.partner_id)
        self.env.invalidate_all()

        def undo(points):
            self.ledger._bring_undone({entry: Target(Decimal(points), Decimal(0))})

        undo(50)
        merge = self.env["loyalty.merge"].search([], limit=1)
        merge.with_user(self.manager)._split(self._make_partner("Heir"))
        undo(0)
        self.assertEqual(self._get_points()[:2], [50, 50])
        undo(100)
        # The lot of the other belongs to the same earning, and to another balance.
        self.assertEqual(self._get_points()[:2], [-50, 50])
        self.assertEqual(self._open_lots(self.other), [(False, 50)])
        self.assert_all_balanced()
