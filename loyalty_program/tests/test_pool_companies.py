from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.loyalty_program.tests.test_pool import PoolCase


@tagged("post_install", "-at_install")
class TestPoolCompanies(PoolCase):
    """Companies that become one share one balance."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.pool_contacts = True
        cls.firm = cls._make_partner("Firm", is_company=True)
        cls.twin = cls._make_partner("Firm Ltd", is_company=True)
        cls.ann, cls.ben = cls._hire("Ann", cls.firm), cls._hire("Ben", cls.firm)
        cls.zoe = cls._hire("Zoe", cls.twin)

    @classmethod
    def _hire(cls, name, company):
        partner = cls._make_partner(name, parent_id=company.id)
        return cls.program._enrol(partner, "backoffice", True)

    def _unite(self, target, source, **context):
        wizards = self.env["base.partner.merge.automatic.wizard"]
        wizard = wizards.with_context(**context).create({})
        wizard._merge((target | source).ids, target)
        self.env.invalidate_all()

    def _balances(self):
        return [card.points for card in (self.ann, self.ben, self.zoe)]

    def test_the_pools_of_merged_companies_become_one(self):
        self._post(100, "earn", card=self.ann, expires_on="2026-12-31")
        self._post(30, "earn", card=self.zoe, hold_days=10)
        self._post(-8, "adjust", card=self.zoe)
        kept, gone = self.ann.pool_id, self.zoe.pool_id
        self._unite(self.firm, self.twin)
        self.assertEqual(self._balances(), [92, 92, 92])
        self.assertEqual(self.zoe.points_pending, 30)
        self.assertEqual(self.zoe.pool_id, kept)
        self.assertEqual((kept.partner_id, kept.member_count), (self.firm, 3))
        self.assertFalse(gone.active)
        moved = self._entries(card=kept.account_id).filtered("points")
        mine = moved.filtered(lambda e: e.origin_model == "loyalty.pool")
        self.assertEqual(mine.member_card_id, self.zoe, "who did it is kept")
        self.assertEqual(str(self._open_lots(kept.account_id)[0][0]), "2026-12-31")
        for account in (kept | gone).account_id:
            self.assert_balanced(account)
        self._run_nightly()
        self.assertEqual(self.zoe.pool_id, kept)

    def test_invitations_end_with_the_pool_of_the_company_that_is_gone(self):
        invitation = self.zoe.pool_id._invite(self.third)
        self._unite(self.firm, self.twin)
        self.assertEqual(invitation.state, "declined")

    def test_the_pool_of_the_contact_that_is_gone_stays_where_there_is_no_other(self):
        empty = self._make_partner("Firm Inc", is_company=True)
        pool = self.ann.pool_id
        self._post(100, "earn", card=self.ann)
        self._unite(empty, self.firm)
        self.assertEqual((pool.partner_id, self.ben.points), (empty, 100))

    def test_what_comes_back_later_reaches_the_united_pool(self):
        order = self._buy(100, partner=self.zoe.partner_id)
        self._post(40, "earn", card=self.ann)
        self._unite(self.firm, self.twin)
        self.assertEqual(self._balances(), [140, 140, 140])
        order._action_cancel()
        self.assertEqual(self._balances(), [40, 40, 40])
        self.assert_balanced(self.zoe.account_id)

    def test_who_leaves_a_united_pool_takes_the_own_points_along(self):
        for card, points in ((self.ann, 30), (self.zoe, 50)):
            self._post(points, "earn", card=card)
        self._unite(self.firm, self.twin)
        self.zoe.pool_id.leaving = "share"
        self.zoe.pool_member_ids._leave()
        self.assertEqual(self._balances(), [30, 30, 50])

    def test_no_context_of_a_client_counts_a_pool_that_ended(self):
        ended = self.zoe.pool_id
        self.zoe.pool_member_ids._leave()
        self.assertFalse(ended.active)
        yan = self._hire("Yan", self.twin)
        self._post(20, "earn", card=self.ann)
        self._unite(self.twin, self.firm, active_test=False)
        self.assertEqual((self.ann.pool_id, yan.points), (yan.pool_id, 20))
        self.assertFalse(ended.active)

    def test_a_company_whose_contacts_shared_points_is_archived_not_deleted(self):
        pool = self.zoe.pool_id
        self.zoe._leave()
        self.assertFalse(pool.active)
        for company in (self.firm, self.twin):
            with (
                self.subTest(company=company.name),
                self.assertRaisesRegex(UserError, f"of {company.name} share points"),
            ):
                company.unlink()
        self._make_partner("Firm without a pool", is_company=True).unlink()
