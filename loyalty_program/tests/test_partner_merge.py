from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestPartnerMerge(LoyaltyCase):
    """Two contacts that are one person become one member."""

    def _merge(self, kept, gone):
        self.env["base.partner.merge.automatic.wizard"].create(
            {
                "partner_ids": [Command.set((kept | gone).ids)],
                "dst_partner_id": kept.id,
            }
        ).action_merge()
        self.env.invalidate_all()

    def test_points_are_transferred_and_recorded_on_both_cards(self):
        double = self._make_member("Mira Memmber")
        self._post(70, "earn")
        self._post(30, "earn", card=double)
        self._merge(self.member, double.partner_id)
        self.assertEqual(self._story(), [("earn", 70), ("transfer", 30)])
        self.assertEqual(self._story(card=double), [("earn", 30), ("transfer", -30)])
        self.assertEqual((self.card.points, double.points), (100, 0))
        self.assertFalse(double.active)
        self.assert_balanced()
        self.assert_balanced(double)
        self.assertEqual(self.program._get_member_card(self.member), self.card)

    def test_a_member_merged_into_a_stranger_stays_a_member(self):
        stranger = self._make_partner("M. Member")
        self._post(70, "earn")
        self._merge(stranger, self.member)
        self.assertEqual(self.program._get_member_card(stranger), self.card)
        self.assertEqual(self.card.points, 70)

    def test_recorded_cards_are_merged_as_ever_and_recorded(self):
        program = self._make_recorded_program()
        first, second = self._make_card(program, 12.5), self._make_card(program, 7.5)
        self._merge(first.partner_id, second.partner_id)
        self.assertEqual(first.points, 20)
        self.assertEqual(self._story(card=first), [("adjust", 12.5), ("transfer", 7.5)])
        self.assert_balanced(first)
        self.assert_balanced(second)

    def test_pending_points_are_not_lost(self):
        double = self._make_member("Mira Memmber")
        self._post(30, "earn", card=double, hold_days=14)
        self._merge(self.member, double.partner_id)
        with freeze_time("2026-08-01 10:00:00"):
            self._run_nightly()
        self.assertEqual(self.card.points, 30)
        self.assert_balanced()
        self.assert_balanced(double)

    def test_what_both_bought_counts_for_the_tier(self):
        double = self._make_member("Mira Memmber")
        self._buy(200)
        self._buy(150, partner=double.partner_id)
        self._merge(self.member, double.partner_id)
        self.assertEqual(self.card.tier_id.name, "Gold")

    def test_a_gift_that_one_of_them_had_is_not_given_again(self):
        silver = self.program.tier_ids.sorted("threshold")[1]
        for kind, again in (("entry_gift", "once"), ("yearly_gift", "once")):
            self.env["loyalty.tier.benefit"].create(
                {
                    "tier_id": silver.id,
                    "kind": kind,
                    "gift_points": 50,
                    "gift_again": again,
                }
            )
        double = self._make_member("Mira Memmber")
        self._buy(150, partner=double.partner_id)
        self._run_nightly()
        gifts = self.env["loyalty.gift"]
        mine = [("card_id", "=", self.card.id)]
        self.assertEqual(gifts.search_count([("card_id", "=", double.id)]), 2)
        self._merge(self.member, double.partner_id)
        self._run_nightly()
        self.assertEqual(self.card.tier_id, silver)
        self.assertFalse(gifts.search(mine))
        self.assertEqual(self.card.points, 250)
        # Another year is another gift, and another member is nobody's double.
        with freeze_time("2027-02-01 10:00:00"):
            self._run_nightly()
        self.assertEqual(gifts.search(mine).mapped("occasion"), ["tier_year"])
        other = self._make_member("Otto Other")
        self._buy(150, partner=other.partner_id)
        self.assertEqual(gifts.search_count([("card_id", "=", other.id)]), 1)

    def test_what_both_bought_counts_for_the_limit_of_the_period(self):
        self.program.member_cap = 100
        double = self._make_member("Mira Memmber")
        order = self._buy(80, partner=double.partner_id)
        self._merge(self.member, double.partner_id)
        self.assertEqual(self.card.cap_room, 20)
        self.assertEqual(self._entries(self._buy(50)).points, 20)
        self.assertEqual(self._entries(self._buy(50)).points, 0)
        order._action_cancel()
        self.env.invalidate_all()
        self.assertEqual(self.card.cap_room, 80)
        self.assertEqual(self._entries(self._buy(90)).points, 80)
        self.assert_balanced()

    def test_an_order_cancelled_after_the_merge_takes_its_points_back(self):
        double = self._make_member("Mira Memmber")
        order = self._buy(150, partner=double.partner_id)
        self._merge(self.member, double.partner_id)
        self.assertEqual((self.card.points, self.card.tier_id.name), (150, "Silver"))
        order._action_cancel()
        self.assertEqual((self.card.points, double.points), (0, 0))
        self.assertEqual(self.card.tier_id.name, "Bronze")
        self.assert_balanced()
        self.assert_balanced(double)
