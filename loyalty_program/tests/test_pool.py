from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.loyalty_program.tests.common import NOW, LoyaltyCase


@freeze_time(NOW)
class PoolCase(LoyaltyCase):
    """Two members of one household, and a third who lives elsewhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._make_member("Olga Other")
        cls.third = cls._make_member("Theo Third")
        cls.pools = cls.env["loyalty.pool"]

    def _share(self, *cards, **values):
        """Return a pool of the cards; the first one owns it."""
        pool = self.pools._make(self.program, "Home")
        pool.write(values)
        for card in cards or (self.card, self.other):
            pool._add(card, "backoffice")
        return pool

    def _earn_for_ever(self, points, card=None):
        """Let points that never expire come into a programme whose points do."""
        self.program.write({"expiry_mode": "earning", "validity_count": 1})
        programs = self.env.registry["loyalty.program"]
        with patch.object(programs, "_get_expiry_date", return_value=None):
            self._post(points, "earn", card=card)

    def _member(self, card):
        return card.pool_member_ids.filtered(lambda m: m.state in ("invited", "joined"))

    def _get_points(self):
        return [card.points for card in (self.card, self.other, self.third)]

    def assert_all_balanced(self):
        for card in (
            self.card | self.other | self.third | self.pools.search([]).account_id
        ):
            self.assert_balanced(card)


@tagged("post_install", "-at_install")
class TestPool(PoolCase):
    def test_points_move_into_the_pool_as_they_are(self):
        self._post(30, "earn", expires_on="2026-09-30")
        self._post(20, "earn", hold_days=10)
        self._post(7, "earn", card=self.other)
        pool = self._share()
        self.assertEqual(self._get_points(), [37, 37, 0])
        self.assertEqual(self.card.points_pending, 20)
        expiries = [str(day) for day, _rest in self._open_lots(pool.account_id)]
        self.assertEqual(expiries, ["2026-09-30", "False"])
        moved = self._entries(card=pool.account_id)
        self.assertEqual(pool.account_id.display_name, "Home")
        self.assertEqual(moved.mapped("member_card_id"), self.card | self.other)
        self.assertEqual(set(moved.mapped("entry_type")), {"transfer"})
        self.assertIn("Home", moved[0].origin_display)
        self.assert_all_balanced()

    def test_points_that_never_expire_never_do_in_the_pool(self):
        self._earn_for_ever(30)
        pool = self._share()
        self.assertEqual(self._open_lots(pool.account_id), [(False, 30)])

    def test_a_member_spends_what_another_earned_and_it_is_kept_who(self):
        pool = self._share()
        self._buy(150)
        order = self._make_order(self.other.partner_id, 50)
        self._claim_reward(order, 100, self.other)
        order.action_confirm()
        self.assertEqual(self._get_points()[:2], [95, 95])
        spent = self._entries(order, card=pool.account_id)
        self.assertEqual(spent.member_card_id, self.other)
        self.assert_all_balanced()

    def test_a_member_without_points_is_offered_the_common_ones(self):
        self._share()
        self._buy(150)
        self.program.rule_ids.minimum_amount = 1000
        order = self._make_order(self.other.partner_id, 50)
        order._update_programs_and_rewards()
        self.assertEqual(order._get_real_points_for_coupon(self.other), 150)
        self.assertIn(self.other, order._get_claimable_rewards())

    def test_the_tier_stays_each_members_own(self):
        self._share()
        self._buy(500)
        self.assertEqual(self.card.tier_id.name, "Gold")
        self.assertEqual(self.other.tier_id.name, "Bronze")

    def test_who_leaves_leaves_the_points(self):
        self._post(30, "earn")
        self._share()
        self._member(self.card)._leave()
        self.assertEqual(self._get_points(), [0, 30, 0])
        self.assert_all_balanced()

    def test_who_leaves_takes_the_own_unspent_points_where_the_pool_says_so(self):
        self._post(30, "earn", expires_on="2026-09-30")
        self._post(50, "earn", card=self.other, expires_on="2026-12-31")
        self._share(leaving="share")
        self._post(-10, "redeem", card=self.other)
        self._post(4, "earn", hold_days=10)
        self._member(self.card)._leave()
        self.assertEqual(self._get_points(), [20, 50, 0])
        self.assertEqual(self.card.points_pending, 4)
        self.assertEqual(str(self._open_lots()[0][0]), "2026-09-30")
        self.assert_all_balanced()

    def test_who_leaves_last_takes_all(self):
        self._post(30, "earn")
        pool = self._share()
        self._member(self.card)._leave()
        self.assertEqual(pool.owner_id, self.other)
        self._member(self.other)._leave()
        self.assertEqual(self._get_points(), [0, 30, 0])
        self.assertFalse(pool.active)
        self.assert_all_balanced()

    def test_one_joins_again_after_leaving(self):
        self._post(30, "earn")
        pool = self._share()
        self._member(self.card)._leave()
        pool._add(self.card, "backoffice")
        self.assertEqual(self._get_points()[:2], [30, 30])
        self.assertEqual(len(self.card.pool_member_ids), 2)

    def test_nothing_moves_before_the_invited_agree(self):
        self._post(30, "earn", card=self.other)
        pool = self._share(self.card)
        invitation = pool._invite(self.other)
        self.assertEqual(pool._invite(self.other), invitation)
        self.assertEqual(self._get_points(), [0, 30, 0])
        invitation._decline()
        with self.assertRaisesRegex(UserError, "not open"):
            invitation._join("website")
        self.assertEqual(self._get_points(), [0, 30, 0])

    def test_only_the_owner_spends_where_the_pool_says_so(self):
        self._share(spending="owner")
        self._post(200, "earn")
        order = self._make_order(self.other.partner_id)
        order._update_programs_and_rewards()
        self.assertEqual(order._get_real_points_for_coupon(self.other), 0)
        self.assertNotIn(self.other, order._get_claimable_rewards())
        with self.assertRaisesRegex(UserError, "Only Mira Member may spend"):
            self.ledger._post(
                [self._make_posting(-10, "redeem", self.other)], allow_debt=False
            )
        own = self._make_order(self.member)
        own._update_programs_and_rewards()
        self.assertIn(self.card, own._get_claimable_rewards())

    def test_who_cannot_share_is_refused(self):
        pool = self._share()
        second = self._make_program(name="Second")
        foreign = second._enrol(self.third.partner_id, "backoffice", True)
        with self.assertRaisesRegex(UserError, "another programme"):
            pool._add(foreign, "backoffice")
        with self.assertRaisesRegex(UserError, "already"):
            self._share(self.card)
        self._post(-5, "adjust", card=self.third)
        with self.assertRaisesRegex(UserError, "owes points"):
            pool._add(self.third, "backoffice")
        self.third._leave()
        with self.assertRaisesRegex(UserError, "Only members"):
            pool._add(self.third, "backoffice")

    def test_who_joined_another_pool_meanwhile_cannot_accept(self):
        invitation = self._share(self.card)._invite(self.third)
        self._share(self.other, self.third)
        with self.assertRaisesRegex(UserError, "shares points in a pool already"):
            invitation._join("website")

    def test_a_pool_that_ended_takes_nobody(self):
        pool = self._share(self.card)
        self._member(self.card)._leave()
        with self.assertRaisesRegex(UserError, "has ended"):
            pool._add(self.other, "backoffice")

    def test_the_owner_is_a_member_and_the_next_one_the_oldest(self):
        pool = self._share(self.card, self.other)
        with self.assertRaises(UserError):
            pool.owner_id = self.third
        pool._add(self.third, "backoffice")
        self._member(self.card)._leave()
        self.assertEqual(pool.owner_id, self.other)

    def test_who_leaves_the_programme_is_invited_no_more(self):
        invitation = self._share()._invite(self.third)
        self.third._leave()
        self.assertEqual(invitation.state, "declined")

    def test_who_leaves_the_programme_leaves_the_pool(self):
        pool = self._share()
        self.card._leave()
        self.assertFalse(self.card.account_id)
        self.assertEqual(pool.owner_id, self.other)

    def test_a_refund_after_leaving_goes_to_the_pool_that_got_the_points(self):
        pool = self._share()
        order = self._buy(100)
        self._member(self.card)._leave()
        order._action_cancel()
        self.assertEqual(pool.account_id.points, 0)
        self.assert_all_balanced()

    def test_pooled_points_expire_once(self):
        self._post(30, "earn", expires_on="2026-07-01")
        self._share()
        with freeze_time("2026-07-03 10:00:00"):
            self._run_nightly()
        self.assertEqual(self._get_points(), [0, 0, 0])
        self.assert_all_balanced()

    def test_employees_without_the_right_change_no_pool(self):
        pool = self._share()
        member = self._member(self.card)
        for user in (self.salesperson, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                member.with_user(user).action_remove()
            with self.assertRaises(AccessError):
                pool.with_user(user).name = "Mine"
        with self.assertRaises(AccessError):
            pool.with_user(self.loyalty_user).spending = "owner"
        with self.assertRaises(AccessError):
            pool.with_user(self.manager).account_id = self.third
        pool.with_user(self.manager).spending = "owner"
        member.with_user(self.loyalty_user).action_remove()
        self.assertEqual(member.state, "left")

    def test_the_wizard_needs_consent_to_share(self):
        wizard = self.env["loyalty.pool.join"].with_user(self.loyalty_user)
        first = wizard.create({"card_id": self.card.id, "program_id": self.program.id})
        with self.assertRaisesRegex(UserError, "agreed"):
            first.action_join()
        with self.assertRaisesRegex(UserError, "first member"):
            first.action_invite()
        first.consent = True
        pool = self.pools.browse(first.action_join()["res_id"])
        self.assertEqual((pool.name, pool.owner_id), ("Mira Member", self.card))
        wizard.create(
            {
                "card_id": self.other.id,
                "program_id": self.program.id,
                "pool_id": pool.id,
            }
        ).action_invite()
        self.assertFalse(self.other.account_id)
        self._member(self.other).with_user(self.loyalty_user).action_accept()
        self.assertEqual(self.other.account_id, pool.account_id)


@tagged("post_install", "-at_install")
class TestCompanyPool(PoolCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.pool_contacts = True
        cls.firm = cls._make_partner("Firm", is_company=True)
        cls.rival = cls._make_partner("Rival", is_company=True)

    def _hire(self, name, company=None):
        partner = self._make_partner(name, parent_id=(company or self.firm).id)
        return self.program._enrol(partner, "backoffice", True)

    def test_contacts_of_one_company_share_by_joining(self):
        ann, ben = self._hire("Ann"), self._hire("Ben")
        zoe = self._hire("Zoe", self.rival)
        self._buy(100, partner=ann.partner_id)
        self.assertEqual([ann.points, ben.points, zoe.points], [100, 100, 0])
        self.assertEqual(ann.account_id, ben.account_id)
        self.assertEqual(ann.pool_id.partner_id, self.firm)

    def test_people_without_company_share_with_nobody(self):
        self.assertFalse(self._make_member("Private").account_id)

    def test_a_contact_that_changes_the_company_changes_the_pool(self):
        ann, ben = self._hire("Ann"), self._hire("Ben")
        self._post(50, "earn", card=ann)
        ann.partner_id.parent_id = self.rival
        self.assertEqual(ann.pool_id.partner_id, self.rival)
        self.assertEqual([ann.points, ben.points], [0, 50])
        ann.partner_id.parent_id = False
        self.assertFalse(ann.account_id)

    def test_who_left_the_company_leaves_its_pool_whatever_the_setting_is_now(self):
        ann, ben = self._hire("Ann"), self._hire("Ben")
        self._post(50, "earn", card=ben)
        self.program.pool_contacts = False
        ann.partner_id.parent_id = self.rival
        self.assertFalse(ann.account_id)
        self.assertEqual([ann.points, ben.points], [0, 50])
        # SQL: a contact that was merged into another company comes there like this.
        self.env.cr.execute(
            "UPDATE res_partner SET commercial_partner_id = %s WHERE id = %s",
            (self.rival.id, ben.partner_id.id),
        )
        self.env.invalidate_all()
        self._run_nightly()
        self.assertFalse(ben.account_id)

    def test_members_of_before_the_setting_share_from_the_next_night(self):
        self.program.pool_contacts = False
        ann, ben = self._hire("Ann"), self._hire("Ben")
        self._post(50, "earn", card=ann)
        self._post(-8, "adjust", card=ben)
        self.program.pool_contacts = True
        self._run_nightly()
        self.assertEqual([ann.points, ben.points], [42, 42])
        self._run_nightly()
        self.assertEqual(len(ann.pool_id.member_ids), 2)
        self.assert_balanced(ann.account_id)

    def test_a_frozen_member_leaves_with_the_company_and_joins_no_other(self):
        ann = self._hire("Ann")
        self._hire("Zoe", self.rival)
        ann._freeze("chargeback")
        ann.partner_id.parent_id = self.rival
        self.assertFalse(ann.account_id)

    def test_a_household_stays_together_whatever_its_members_do(self):
        pool = self._share()
        self.card.partner_id.parent_id = self.firm
        self.assertEqual(self.card.pool_id, pool)
