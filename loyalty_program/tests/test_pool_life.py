from odoo.tests import tagged

from odoo.addons.loyalty_program.tests.test_pool import PoolCase


@tagged("post_install", "-at_install")
class TestPoolLife(PoolCase):
    """Pools, transfers and events when contacts merge or are forgotten."""

    def _merge(self, target, *sources):
        partners = target.partner_id
        for card in sources:
            partners |= card.partner_id
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(partners.ids, target.partner_id)

    def test_a_contact_that_stays_takes_the_place_in_the_pool(self):
        self._post(30, "earn")
        self._post(4, "earn", card=self.third)
        pool = self._share()
        self._merge(self.third, self.card)
        kept = self.program._get_member_card(self.third.partner_id)
        self.assertEqual(kept.account_id, pool.account_id)
        self.assertEqual((kept.points, self.other.points), (34, 34))
        self.assertEqual(pool.member_count, 2)
        self.assert_balanced(pool.account_id)

    def test_two_members_of_one_pool_become_one(self):
        self._post(30, "earn")
        pool = self._share()
        self._merge(self.other, self.card)
        kept = self.program._get_member_card(self.other.partner_id)
        self.assertEqual((kept.points, pool.member_count), (30, 1))
        self.assertTrue(pool.active)

    def test_an_erased_member_leaves_the_pool_and_no_words(self):
        self._post(30, "earn")
        transfer = self.env["loyalty.transfer"]._transfer(
            self.card, self.third, 5, "For Mira's birthday"
        )
        event = self.env["loyalty.event"]._record(
            "checkin", self.member, "c1", payload={"place": "Home of Mira"}
        )
        pool = self._share()
        self.card.with_user(self.manager)._erase(False)
        self.assertFalse(self.card.account_id)
        self.assertEqual(pool.owner_id, self.other)
        self.assertEqual(self.other.points, 25)
        self.assertEqual(transfer.reason, "Erased")
        self.assertFalse(event.exists())
        self.assert_balanced(pool.account_id)

    def test_points_of_a_sale_during_the_joining_follow_into_the_pool(self):
        for bring in (lambda: self.ledger._fold(self.card.ids), self._run_nightly):
            pool = self._share()
            self._post(30, "earn", card=self.other)
            self._set_account(None)
            self._post(7, "earn", expires_on="2026-12-31")
            self._set_account(pool.account_id)
            bring()
            self.assertEqual(self._get_points()[:2], [37, 37])
            days = [str(day) for day, _rest in self._open_lots(pool.account_id)]
            self.assertEqual(days, ["2026-12-31", "False"])
            self.assert_balanced(pool.account_id)
            pool.member_ids._leave()
            self._post(-self.card.points, "adjust")
            self._post(-self.other.points, "adjust", card=self.other)

    def _set_account(self, account):
        # SQL: what a sale sees that began before the member joined.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE loyalty_card SET account_id = %s, points = 0, ledger_points = 0"
            " WHERE id = %s",
            (account and account.id, self.card.id),
        )
        self.env.invalidate_all()
