from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestMergeSplit(LoyaltyCase):
    """Merged cards are one card, and can be two again within thirty days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.double = cls._make_member("Mira Memmber")
        cls.heir = cls._make_partner("Mira the Younger")

    def _merge(self, kept=None, gone=None):
        kept = kept or self.member
        gone = gone or self.double.partner_id
        self.env["base.partner.merge.automatic.wizard"].create(
            {
                "partner_ids": [Command.set((kept | gone).ids)],
                "dst_partner_id": kept.id,
            }
        ).action_merge()
        self.env.invalidate_all()
        return self.env["loyalty.merge"].search([], limit=1)

    def _split(self, merge, partner=None):
        merge.with_user(self.manager)._split(partner or self.heir)
        self.env.invalidate_all()

    def _balances(self):
        self.assert_balanced()
        self.assert_balanced(self.double)
        return self.card.points, self.double.points

    def test_a_merge_is_recorded_and_named_by_its_entries(self):
        self._post(70, "earn")
        self._post(30, "earn", card=self.double)
        merge = self._merge()
        self.assertEqual(merge.source_card_id, self.double)
        self.assertEqual(merge.target_card_id, self.card)
        self.assertEqual((merge.points, merge.pot), (30, 100))
        moved = self._entries().filtered(lambda e: e.entry_type == "transfer")
        self.assertEqual((moved.origin_model, moved.origin_id), (merge._name, merge.id))

    def test_points_keep_their_expiry_when_cards_are_merged(self):
        self._post(
            30, "earn", card=self.double, expires_on=fields.Date.to_date("2026-09-01")
        )
        self._merge()
        self.assertEqual(self._open_lots(), [(fields.Date.to_date("2026-09-01"), 30)])

    def test_a_member_stays_one_whoever_is_merged_into_whom(self):
        stranger = self._make_partner("M. Member")
        quoted = self._make_card(self.program, partner_id=stranger.id)
        self._post(70, "earn")
        self._merge(stranger, self.member)
        self.assertEqual(self.program._get_member_card(stranger), self.card)
        self.assertFalse(quoted.active)
        self.assertEqual(self.card.points, 70)

    def test_what_a_merged_member_claimed_counts_for_the_limit(self):
        reward = self.program.reward_ids.sorted("required_points")[0]
        reward.limit_member = 2
        for card in (self.card, self.double):
            self._post(200, "bonus", card)
            order = self._make_order(card.partner_id)
            self.assertFalse(self._claim_reward(order, card=card))
            order.action_confirm()
        merge = self._merge()
        self.assertEqual(reward._get_member_room(self.card), 0)
        self._split(merge)
        self.assertEqual(reward._get_member_room(self.card), 1)
        self.assertEqual(reward._get_member_room(self.double), 1)

    def test_what_a_merged_member_took_counts_for_the_year(self):
        tour = self.env["loyalty.entitlement"].create(
            {"name": "Tour", "program_id": self.program.id}
        )
        self.card.tier_id.benefit_ids = [
            Command.create(
                {
                    "kind": "entitlement",
                    "entitlement_id": tour.id,
                    "entitlement_count": 3,
                }
            )
        ]
        self.card._take_entitlement(tour)
        self.double._take_entitlement(tour)
        self._merge()
        self.assertEqual(self.card.entitlement_words, "Tour: 1 of 3 left")
        self.card._take_entitlement(tour)
        with self.assertRaisesRegex(UserError, "none left"):
            self.card._take_entitlement(tour)

    def test_what_an_event_gave_a_merged_member_counts_for_its_cap(self):
        self.env["loyalty.event.rule"].create(
            {
                "program_id": self.program.id,
                "event_type_id": self.env.ref(
                    "loyalty_program.loyalty_event_type_review"
                ).id,
                "points": 50,
                "cap_times": 1,
            }
        )

        def review(key, partner):
            details = {"payload": {"rating": 5}, "source": "test"}
            return self.env["loyalty.event"]._record("review", partner, key, **details)

        self.assertEqual(review("first", self.double.partner_id).points, 50)
        self._merge()
        self.assertEqual(review("again", self.member).points, 0)

    def test_one_active_card_remains(self):
        self._merge()
        cards = self.env["loyalty.card"].search(
            [("partner_id", "=", self.member.id), ("program_id", "=", self.program.id)]
        )
        self.assertEqual(cards, self.card)

    def test_who_was_frozen_stays_so_in_the_merge(self):
        self.double._freeze("chargeback")
        self._merge()
        self.assertEqual(
            (self.card.member_state, self.card.freeze_reason), ("frozen", "chargeback")
        )

    def test_a_debt_moves_as_well(self):
        self._post(100, "earn")
        self._post(-40, "adjust", card=self.double)
        self._merge()
        self.assertEqual(self._balances(), (60, 0))

    def test_a_split_gives_each_what_they_had(self):
        self._post(70, "earn")
        self._post(30, "earn", card=self.double)
        number = self.double.member_number
        self._split(self._merge())
        self.assertEqual(self._balances(), (70, 30))
        self.assertEqual(self.double.partner_id, self.heir)
        self.assertTrue(self.double.active)
        self.assertEqual(self.double.member_number, number)
        self.assertEqual(self.program._get_member_card(self.heir), self.double)

    def test_what_was_spent_meanwhile_is_borne_pro_rata(self):
        self._post(90, "earn")
        self._post(60, "earn", card=self.double)
        merge = self._merge()
        self._post(-50, "redeem")
        self._split(merge)
        self.assertEqual(self._balances(), (60, 40))

    def test_what_was_earned_meanwhile_stays(self):
        self._post(90, "earn")
        self._post(60, "earn", card=self.double)
        merge = self._merge()
        self._post(-150, "redeem")
        self._post(25, "earn")
        self._split(merge)
        self.assertEqual(self._balances(), (25, 0))

    def test_pending_points_go_back_pending(self):
        self._post(60, "earn", card=self.double, hold_days=14)
        merge = self._merge()
        self.assertEqual(self.card.points_pending, 60)
        self._split(merge)
        self.assertEqual(self._balances(), (0, 0))
        self.assertEqual(self.double.points_pending, 60)

    def test_points_released_since_the_merge_go_back_as_well(self):
        self._post(60, "earn", card=self.double, hold_days=14)
        merge = self._merge()
        with freeze_time("2026-07-20 10:00:00"):
            self._run_nightly()
            self._split(merge)
        self.assertEqual(self._balances(), (0, 60))

    def test_a_debt_goes_back_to_who_had_it(self):
        self._post(100, "earn")
        self._post(-40, "adjust", card=self.double)
        self._split(self._merge())
        self.assertEqual(self._balances(), (100, -40))

    def test_who_owed_before_the_merge_owes_again(self):
        self._post(-20, "adjust")
        self._post(50, "earn", card=self.double)
        merge = self._merge()
        self.assertEqual(self.card.points, 30)
        self._split(merge)
        self.assertEqual(self._balances(), (-20, 50))

    def test_tiers_follow_the_purchases_of_each_again(self):
        self._buy(200)
        self._buy(150, partner=self.double.partner_id)
        merge = self._merge()
        self.assertEqual(self.card.tier_id.name, "Gold")
        self._split(merge)
        self.assertEqual(
            (self.card.tier_id.name, self.double.tier_id.name), ("Silver", "Silver")
        )

    def test_an_order_cancelled_after_the_split_takes_its_points_from_its_own(self):
        order = self._buy(150, partner=self.double.partner_id)
        self._post(40, "earn")
        self._split(self._merge())
        order._action_cancel()
        self.assertEqual(self._balances(), (40, 0))

    def test_after_thirty_days_it_is_too_late(self):
        merge = self._merge()
        with freeze_time(merge.merged_at + timedelta(days=30)):
            self.assertTrue(merge.may_split)
        merge.invalidate_recordset()
        with freeze_time(merge.merged_at + timedelta(days=31)):
            self.assertFalse(merge.may_split)
            with self.assertRaisesRegex(UserError, "30 days"):
                self._split(merge)

    def test_a_merge_is_split_once(self):
        merge = self._merge()
        self._split(merge)
        with self.assertRaisesRegex(UserError, "already"):
            self._split(merge, self._make_partner("Another"))

    def test_a_contact_with_a_card_takes_no_second_one(self):
        merge = self._merge()
        for partner in (self.member, self._make_member("Other").partner_id):
            with self.subTest(partner=partner.name), self.assertRaises(UserError):
                self._split(merge, partner)

    def test_merges_in_a_row_are_split_the_last_one_first(self):
        first = self._merge()
        self._post(30, "earn")
        third = self._make_member("Mira M.")
        second = self._merge(third.partner_id, self.member)
        with self.assertRaisesRegex(UserError, "first"):
            self._split(first)
        self._split(second)
        self._split(first, self._make_partner("Mira again"))
        self.assertEqual(third.points, 0)
        self.assertEqual(self._balances(), (30, 0))

    def test_only_managers_split(self):
        merge = self._merge()
        for user in (self.salesperson, self.loyalty_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                merge.with_user(user)._split(self.heir)

    def test_the_button_asks_for_the_contact(self):
        self._post(30, "earn", card=self.double)
        merge = self._merge()
        wizard = self.env["loyalty.split"].with_user(self.manager)
        action = wizard.create(
            {"merge_id": merge.id, "partner_id": self.heir.id}
        ).action_split()
        self.assertEqual(action["res_id"], self.double.id)
        self.assertEqual(self.double.points, 30)
