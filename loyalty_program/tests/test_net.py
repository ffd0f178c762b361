from odoo.tests import tagged
from odoo.tools import SQL

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestNet(LoyaltyCase):
    """A balance that no entry explains does not commit."""

    def _write_below(self, card, points):
        # SQL: below every door, as a forgotten path would.
        self.env.execute_query(
            SQL(
                "UPDATE loyalty_card SET points = %s WHERE id = %s RETURNING id",
                points,
                card.id,
            )
        )

    def _end_transaction(self):
        """Let the database look at what it looks at when a transaction ends."""
        self.env.flush_all()
        self.env.cr.execute("SET CONSTRAINTS balance_is_the_ledgers IMMEDIATE")
        self.env.cr.execute("SET CONSTRAINTS balance_is_the_ledgers DEFERRED")

    def test_raw_sql_cannot_change_a_balance(self):
        self._post(50)
        self._end_transaction()
        for points in (49, 1000, "NaN", None):
            with self.subTest(points=points), self.assert_refused_by_sql():
                self._write_below(self.card, points)
                self._end_transaction()

    def test_a_change_that_is_taken_back_in_time_passes(self):
        self._post(50)
        self._write_below(self.card, 49)
        self._write_below(self.card, 50)
        self._end_transaction()

    def test_a_change_that_is_recorded_in_time_passes(self):
        program = self._make_recorded_program()
        card = self._make_card(program, 30)
        card.points = 45
        self._end_transaction()
        self.assert_balanced(card)

    def test_coupons_and_wallets_are_not_the_ledgers(self):
        wallet = self.env["loyalty.program"].create(
            {"name": "Wallet", "program_type": "ewallet", "applies_on": "future"}
        )
        card = self._make_card(wallet, points=10)
        self._write_below(card, 99)
        self._end_transaction()

    def test_what_members_do_passes(self):
        self._buy(300)
        order = self._make_order(self.member)
        self.assertFalse(self._claim_reward(order))
        order.action_confirm()
        order._action_cancel()
        self._post(10, "earn", hold_days=3)
        self._run_nightly()
        self._end_transaction()
        self.assert_balanced()

    def test_merging_contacts_passes(self):
        other = self._make_member("Olga Other")
        self._post(50)
        self._post(20, card=other)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.member | other.partner_id).ids, self.member
        )
        self._end_transaction()
        self.assertEqual(self.card.points, 70)

    def test_a_programme_that_gets_a_ledger_passes(self):
        wallet = self.env["loyalty.program"].create(
            {"name": "Wallet", "program_type": "ewallet", "applies_on": "future"}
        )
        card = self._make_card(wallet, points=10)
        wallet.program_type = "loyalty"
        self._end_transaction()
        self.assert_balanced(card)

    def test_updating_a_module_below_may_convert_the_balance(self):
        self._post(50)
        self.env.flush_all()
        with self.env.cr.savepoint() as savepoint:
            self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
            # SQL: what Odoo does when `loyalty`, whose points are floats, is updated.
            self.env.cr.execute(
                "ALTER TABLE loyalty_card ALTER COLUMN points TYPE double precision"
            )
            self.env.cr.execute(
                "SELECT points FROM loyalty_card WHERE id = %s", [self.card.id]
            )
            self.assertEqual(self.env.cr.fetchone()[0], 50)
            savepoint.rollback()
