from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergeAgain(MergeCase):
    """Merged twice, many at once or into a pool: a split gives each what is theirs."""

    def _get_points(self, *cards):
        for card in cards:
            self.assert_balanced(card)
            self.assert_balanced(card._get_account())
        return [card.points for card in cards]

    def test_a_chain_of_merges_is_taken_apart_link_by_link(self):
        first = self._make_rich("Mira First", 30)
        third = self._make_rich("Mira Third", 200)
        self._post(70, "earn")
        (inner,) = self._merge(self.card, first)
        (outer,) = self._merge(third, self.card)
        self.assertEqual(self._get_points(first, self.card, third), [0, 0, 300])
        self._split(outer)
        self.assertEqual(self._get_points(first, self.card, third), [0, 100, 200])
        self._split(inner)
        self.assertEqual(self._get_points(first, self.card, third), [30, 70, 200])

    def test_what_a_chain_spent_is_borne_by_all_of_it(self):
        first = self._make_rich("Mira First", 100)
        third = self._make_rich("Mira Third", 200)
        self._post(100, "earn")
        (inner,) = self._merge(self.card, first)
        (outer,) = self._merge(third, self.card)
        self._post(-200, "redeem", third)
        self._split(outer)
        self._split(inner)
        self.assertEqual(self._get_points(first, self.card, third), [50, 50, 100])

    def test_what_waits_in_a_chain_is_whose_it_was(self):
        first = self._make_rich("Mira First", 60, hold_days=14)
        third = self._make_rich("Mira Third", 0)
        self._post(40, "earn", hold_days=2)
        (inner,) = self._merge(self.card, first)
        (outer,) = self._merge(third, self.card)
        with freeze_time("2026-07-04 10:00:00"):
            self._run_nightly()
            self._split(outer)
            self._split(inner)
        self.assertEqual(self._get_points(first, self.card, third), [0, 40, 0])
        self.assertEqual((first.points_pending, self.card.points_pending), (60, 0))

    def test_of_several_merged_at_once_each_gets_its_own_in_any_order(self):
        for order in (1, -1):
            with self.subTest(order=order):
                own = self._make_rich("Mira", 10)
                first = self._make_rich("Mira First", 30)
                second = self._make_rich("Mira Second", 60)
                for merge in self._merge(own, first, second)[::order]:
                    self._split(merge)
                points = self._get_points(own, first, second)
                self.assertEqual(points, [10, 30, 60])

    def test_what_was_spent_is_borne_by_each_whoever_is_split_first(self):
        for order in (1, -1):
            with self.subTest(order=order):
                own = self._make_rich("Mira", 0)
                first = self._make_rich("Mira First", 30, expires_on="2026-08-31")
                second = self._make_rich("Mira Second", 60, expires_on="2026-12-31")
                merges = self._merge(own, first, second)
                self._post(-30, "redeem", own)
                for merge in merges[::order]:
                    self._split(merge)
                points = self._get_points(own, first, second)
                self.assertEqual(points, [0, 20, 40])

    def test_a_later_merge_bears_nothing_that_was_spent_before_it(self):
        first = self._make_rich("Mira First", 100)
        (early,) = self._merge(self.card, first)
        self._post(-50, "redeem")
        self._post(20, "earn")
        second = self._make_rich("Mira Second", 70)
        (late,) = self._merge(self.card, second)
        self._split(early)
        self.assertEqual(self._get_points(first, self.card), [50, 90])
        self._split(late)
        self.assertEqual(self._get_points(self.card, second), [20, 70])

    def test_released_before_the_second_merge_they_are_still_the_first_ones(self):
        first = self._make_rich("Mira First", 60, hold_days=3)
        (early,) = self._merge(self.card, first)
        with freeze_time("2026-07-10 10:00:00"):
            self._run_nightly()
            second = self._make_rich("Mira Second", 40)
            (late,) = self._merge(self.card, second)
            self._post(-50, "redeem")
            self._split(late)
            self._split(early)
        self.assertEqual(self._get_points(first, self.card, second), [30, 0, 20])

    def test_merged_into_a_pool_one_gets_the_own_points_back(self):
        kin = self._make_rich("Kin", 500)
        first = self._make_rich("Mira First", 100)
        pool = self.env["loyalty.pool"]._make(self.program, "Home")
        for card in kin | self.card:
            pool._add(card, "backoffice")
        self._post(-500, "redeem", kin)
        (merge,) = self._merge(self.card, first)
        self.assertEqual(self._get_points(kin, self.card, first), [100, 100, 0])
        self._split(merge)
        self.assertEqual(self._get_points(kin, self.card, first), [0, 0, 100])

    def test_who_shares_only_after_the_merge_gives_back_as_well(self):
        kin = self._make_rich("Kin", 500)
        first = self._make_rich("Mira First", 100)
        (merge,) = self._merge(self.card, first)
        pool = self.env["loyalty.pool"]._make(self.program, "Home")
        for card in kin | self.card:
            pool._add(card, "backoffice")
        self._split(merge)
        self.assertEqual(self._get_points(kin, self.card, first), [500, 500, 100])

    def test_friends_of_a_chain_are_whose_they_were(self):
        self.program.write({"referral_active": True, "referral_points": 50})
        friends = [
            self.env["loyalty.referral"]._claim(card, self._make_partner(), "pos")
            for card in (self._make_rich("Mira First", 0), self.card)
        ]
        first = friends[0].card_id
        third = self._make_rich("Mira Third", 0)
        (inner,) = self._merge(self.card, first)
        (outer,) = self._merge(third, self.card)
        self.assertEqual([friend.card_id for friend in friends], [third, third])
        self._split(outer)
        self._split(inner)
        self.assertEqual([friend.card_id for friend in friends], [first, self.card])

    def test_a_merge_that_froze_is_split_into_frozen_and_free(self):
        first = self._make_rich("Mira First", 30)
        first._freeze("chargeback")
        (merge,) = self._merge(self.card, first)
        self.assertEqual(self.card.member_state, "frozen")
        self._split(merge)
        states = (first.member_state, self.card.member_state)
        self.assertEqual(states, ("frozen", "joined"))

    def test_who_was_frozen_before_the_merge_stays_so_after_the_split(self):
        first = self._make_rich("Mira First", 30)
        (first | self.card)._freeze("chargeback")
        (merge,) = self._merge(self.card, first)
        self._split(merge)
        self.assertEqual(self.card.member_state, "frozen")

    def test_archived_since_the_member_left_the_card_still_gives_back(self):
        first = self._make_rich("Mira First", 30)
        (merge,) = self._merge(self.card, first)
        self.card._leave()
        self.card.action_archive()
        self._split(merge)
        self.assertEqual(self._get_points(first, self.card), [30, 0])

    def test_the_inner_merge_of_a_chain_waits_for_the_outer_one(self):
        first = self._make_rich("Mira First", 30)
        (inner,) = self._merge(self.card, first)
        self._merge(self._make_rich("Mira Third", 0), self.card)
        with self.assertRaisesRegex(UserError, "first"):
            self._split(inner)
