from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import LoyaltyCase

ADJUST = "loyalty_program.group_loyalty_adjust"


@tagged("post_install", "-at_install")
class TestOwnPoints(LoyaltyCase):
    """Nobody helps themselves: own points are always another person's to change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._make_user("clerk", ADJUST)
        cls.other = cls._make_user("other", ADJUST)
        cls.reason = cls.env.ref("loyalty_program.adjustment_reason_goodwill")
        cls.mine = cls.program._enrol(cls.clerk.partner_id, "backoffice", True)
        cls.pool = cls.env["loyalty.pool"]._make(cls.program, "Home")

    def _share(self):
        for card in self.card | self.mine:
            self.pool._add(card, "backoffice")

    def _adjust(self, card, points):
        adjustments = self.env["loyalty.adjustment"].with_user(self.clerk)
        return adjustments._request(card, points, self.reason)

    def test_points_that_one_shares_are_ones_own(self):
        self._share()
        for card in (self.card, self.pool.account_id):
            with self.subTest(card=card):
                waiting = self._adjust(card, 5)
                self.assertEqual(waiting.state, "waiting")
                with self.assertRaises(AccessError):
                    waiting.with_user(self.clerk).action_approve()
                self.assertFalse(waiting.with_user(self.clerk).may_decide)
        # Nor does one approve what somebody else asks for one's own household.
        self.program.adjust_limit = 1
        asked = self.env["loyalty.adjustment"].with_user(self.other)
        waiting = asked._request(self.card, 5, self.reason)
        self.assertNotIn(self.clerk, waiting.activity_ids.user_id)
        with self.assertRaises(AccessError):
            waiting.with_user(self.clerk).action_approve()
        self.assertEqual(self.mine.points, 0)

    def test_small_steps_on_one_balance_count_together_whosever_card_it_is(self):
        self.program.adjust_limit = 100
        kin = self._make_member("Kin")
        for card in self.card | kin:
            self.pool._add(card, "backoffice")
        self.assertEqual(self._adjust(self.card, 60).state, "posted")
        self.assertEqual(self._adjust(kin, 60).state, "waiting")
        self.assertEqual(self._adjust(self.pool.account_id, 60).state, "waiting")

    def test_small_steps_before_a_merge_count_together_as_well(self):
        self.program.adjust_limit = 100
        double = self._make_member("Double")
        self.assertEqual(self._adjust(double, 60).state, "posted")
        self.env["loyalty.merge"]._merge_contacts(double.partner_id, self.member)
        double.partner_id = self.member
        self.assertEqual(self._adjust(self.card, 60).state, "waiting")

    def test_nobody_moves_points_from_or_to_the_own_balance(self):
        self._post(50, "earn")
        third = self._make_member("Third")
        self._post(50, "earn", card=third)
        transfers = self.env["loyalty.transfer"].with_user(self.clerk)
        for giver, taker in ((self.card, self.mine), (self.mine, self.card)):
            with self.assertRaises(AccessError):
                transfers._transfer(giver, taker, 5, "Gift")
        self._share()
        with self.assertRaises(AccessError):
            transfers._transfer(third, self.card, 5, "Gift")
        self.assertEqual(self.mine.points, 50)
        transfers.with_user(self.other)._transfer(third, self.card, 5, "Gift")
        self.assertEqual(self.mine.points, 55)

    def _let_lapse(self, *points):
        """Return the expiries of so many points of the member."""
        self.program.reinstate_days = 30
        for number in points:
            self._post(number, "earn", expires_on="2026-06-29")
            self._run_nightly()
        return self.card._get_reinstatable_entries()

    def test_nobody_gives_back_points_that_one_shares(self):
        self._share()
        expired = self._let_lapse(40)
        with self.assertRaises(AccessError):
            self.card.with_user(self.clerk)._reinstate(expired, self.reason)
        self.card.with_user(self.other)._reinstate(expired, self.reason)
        self.assertEqual(self.mine.points, 40)

    def test_what_one_person_gives_back_in_parts_counts_together(self):
        self.program.adjust_limit = 100
        first, second = self._let_lapse(60, 70)
        card = self.card.with_user(self.other)
        card._reinstate(first, self.reason)
        with self.assertRaises(AccessError):
            card._reinstate(second, self.reason)
        self.card.with_user(self.manager)._reinstate(second, self.reason)
        self.assertEqual(self.card.points, 130)

    def test_a_balance_of_nobody_is_nobodys_card(self):
        self._share()
        self._post(50, "earn")
        stranger = self._make_partner("Stan Stranger")
        erased = self._make_member("Erased")
        erased.with_user(self.manager)._erase(False)
        for card in (self.pool.account_id, erased):
            for values in (
                {"partner_id": stranger.id},
                {"active": not card.active},
                {"code": "MINE"},
            ):
                subtest = self.subTest(card=card, values=values)
                with subtest, self.assertRaises(AccessError):
                    card.with_user(self.manager).write(values)
        joined = self.program._enrol(stranger, "backoffice", True)
        self.assertNotEqual(joined, self.pool.account_id)

    def test_nobody_takes_a_card_with_points(self):
        nameless = self.env["loyalty.card"].create({"program_id": self.program.id})
        self._post(50, "adjust", card=nameless)
        with self.assertRaises(AccessError):
            nameless.with_user(self.clerk).partner_id = self.clerk.partner_id
        nameless.with_user(self.other).partner_id = self.clerk.partner_id
        self.assertEqual(nameless.partner_id, self.clerk.partner_id)
