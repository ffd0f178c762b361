from odoo.tests import freeze_time, tagged

from .referral_common import ReferralCase


@tagged("post_install", "-at_install")
class TestReferralMerge(ReferralCase):
    """Contacts are merged: members keep their friends, a friend was brought once."""

    def _merge(self, source, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | target).ids, target)

    def _bring_by(self, card, name):
        """Let a member bring a contact who joins not; return the referral."""
        return self._claim(self._make_partner(name), card)

    def test_a_merged_member_keeps_friends_link_and_reward(self):
        code = self.card._get_referral_code()
        referral = self._bring()
        self._pay(self._buy(partner=self.friend))
        stays = self._make_member("Mira Double")
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.member | stays.partner_id).ids, stays.partner_id
        )
        kept = self.program._get_member_card(stays.partner_id)
        self.assertEqual(self.referrals._find_card(code), kept)
        with freeze_time("2026-07-14 03:00:00"):
            self._run_nightly()
        self.assertEqual((referral.state, referral.card_id), ("rewarded", kept))
        self.assertEqual((kept.points, kept.referral_count), (50, 1))

    def test_split_again_the_friends_are_whose_they_were(self):
        referral = self._bring_and_buy()
        stays = self._make_member("Mira Double")
        other = self._claim(self._make_partner("Ida Island"), stays)
        self._merge(self.member, stays.partner_id)
        self.assertEqual((referral.card_id, stays.referral_count), (stays, 1))
        self.env["loyalty.merge"].search([])[:1].with_user(self.manager)._split(
            self._make_partner("Mira Member")
        )
        self.assertEqual((referral.card_id, other.card_id), (self.card, stays))
        counts = (self.card.referral_count, stays.referral_count)
        self.assertEqual(counts, (1, 0))

    def test_merged_into_the_member_a_friend_is_none(self):
        referral = self._bring()
        self._pay(self._buy(partner=self.friend))
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.member | self.friend).ids, self.member
        )
        with freeze_time("2026-07-14 03:00:00"):
            self._run_nightly()
        self.assertEqual((referral.state, referral.reasons), ("blocked", "self"))

    def test_merged_into_one_a_friend_was_brought_once(self):
        other = self._make_member("Olga Other")
        first = self._bring_by(self.card, "Fred")
        second = self._bring_by(other, "Fred Friend")
        friend, double = first.friend_id, second.friend_id
        self._merge(friend, double)
        self.assertEqual((first.state, first.friend_id), ("invited", double))
        self.assertEqual((second.state, second.friend_id.id), ("rejected", False))
        self.assertIn("Mira Member brought Fred", second.decision)
        self.assertEqual(second.decided_by_id, self.env.user)
        self._pay(self._buy(partner=double))
        with freeze_time("2026-07-14 03:00:00"):
            self._run_nightly()
        self.assertEqual((first.state, second.state), ("rewarded", "rejected"))
        self.assertFalse(self._bonus(other))

    def test_two_doubles_at_once(self):
        found = [self._bring_by(self.card, f"Fred {n}") for n in range(2)]
        target = self._make_partner("Fred")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        friends = [referral.friend_id.id for referral in found]
        wizard._merge([target.id, *friends], target)
        states = [referral.state for referral in found]
        self.assertEqual(states, ["invited", "rejected"])
        self.assertEqual(found[0].friend_id, target)

    def test_the_referral_that_got_further_stays(self):
        other = self._make_member("Olga Other")
        first = self._bring_by(other, "Fred")
        second = self._bring()
        self._pay(self._buy(partner=self.friend))
        self._merge(self.friend, first.friend_id)
        self.assertEqual((first.state, second.state), ("rejected", "bought"))
        with freeze_time("2026-07-14 03:00:00"):
            self._run_nightly()
        self._assert_gains(second, "rewarded", 50, 30)

    def test_what_was_given_twice_goes_back_with_the_order_alone(self):
        first = self._bring_and_buy()
        kept_friend, kept_card = self.friend, self.friend_card
        second = self._bring_and_buy()
        self._merge(self.friend, kept_friend)
        self._assert_gains(first, "rewarded", 50, 30)
        self._assert_gains(second, "rewarded", 50, 30)
        self.assertEqual(first.friend_id, kept_friend)
        self.assertFalse(second.friend_id)
        self.assertIn("contacts were merged", str(second.message_ids.mapped("body")))
        self.order._action_cancel()
        self._assert_gains(second, "reversed", 0, 0)
        self._assert_gains(first, "rewarded", 50, 30)
        self.assertEqual(self.card.points, 50)
        self.assert_balanced(kept_card)

    def test_an_order_finds_the_member_whose_card_was_merged(self):
        order = self._make_order(self._make_partner("Newcomer"))
        order.sudo().referral_card_id = self.card
        stays = self._make_member("Mira Double")
        self._merge(self.member, stays.partner_id)
        order.action_confirm()
        kept = self.program._get_member_card(stays.partner_id)
        self.assertEqual(self._find(order.partner_id).card_id, kept)
