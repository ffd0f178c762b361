from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import LoyaltyCase
from odoo.addons.loyalty_program.models import loyalty_audit


@tagged("post_install", "-at_install")
class TestSelfAudit(LoyaltyCase):
    """Every balance is proven from the entries; what differs is told, not mended."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.audits = cls.env["loyalty.audit"].sudo()

    def _run(self):
        self.env.flush_all()
        known = self.audits.search([], limit=1).id or 0
        for _left in self.audits._run():
            pass
        return self.audits.search([("id", ">", known)])

    def _found(self):
        """Return (check, expected, found) of what differs on the member's card."""
        domain = [("card_id", "=", self.card.id), ("closed_at", "=", False)]
        differences = self.env["loyalty.audit.difference"].search(domain)
        return [(d.check_name, d.expected, d.found) for d in differences]

    def _spoil(self, statement, *values):
        """Change the database behind the ledger's back."""
        self.env.flush_all()
        self.env.cr.execute(SQL("SET CONSTRAINTS ALL DEFERRED"))
        self.env.cr.execute(SQL(statement, *values))

    def _activities(self, user):
        domain = [("user_id", "=", user.id), ("res_model", "=", "loyalty.audit")]
        return self.env["mail.activity"].search(domain)

    def test_a_ledger_of_every_kind_of_entry_agrees(self):
        self._buy(100)
        order = self._make_order(self.member, 200)
        self.assertFalse(self._claim_reward(order))
        order.action_confirm()
        self._buy(70)._action_cancel()
        order._action_cancel()
        self._post(-30, "redeem")
        self._post(-500, "redeem")
        self.program.hold_days = 14
        self._buy(40)
        audit = self._run()
        self.assertFalse(self._found())
        self.assertEqual(audit.state, "done")
        self.assertGreaterEqual(audit.card_count, 1)
        self.assertGreaterEqual(audit.entry_count, 7)

    def test_a_balance_that_no_lot_holds_is_found(self):
        self._buy(100)
        card = "UPDATE loyalty_card SET points = points + 7 WHERE id = %s"
        self._spoil(card, self.card.id)
        self._run()
        expected = [("balance", 100, 107), ("entries", 100, 107)]
        self.assertEqual(sorted(self._found()), expected)

    def test_pending_points_that_no_lot_holds_are_found(self):
        self._buy(100)
        card = "UPDATE loyalty_card SET points_pending = 3 WHERE id = %s"
        self._spoil(card, self.card.id)
        self._run()
        expected = [("entries", 100, 103), ("pending", 0, 3)]
        self.assertEqual(sorted(self._found()), expected)

    def test_a_lot_that_lost_points_is_found(self):
        self._buy(100)
        lot = "UPDATE loyalty_lot SET remaining = 60 WHERE card_id = %s"
        self._spoil(lot, self.card.id)
        self._run()
        self.assertEqual(
            sorted(self._found()), [("balance", 60, 100), ("lot", 100, 60)]
        )

    def test_an_entry_without_a_lot_is_found(self):
        self._buy(100)
        self._spoil("DELETE FROM loyalty_lot WHERE card_id = %s", self.card.id)
        self._run()
        self.assertIn(("entry_lots", 100, 0), self._found())

    def test_a_spending_that_used_no_lot_is_found(self):
        self._buy(100)
        entry = self._post(-30, "redeem")
        use = "DELETE FROM loyalty_lot_use WHERE entry_id = %s"
        self._spoil(use, entry.id)
        self._run()
        self.assertEqual(
            sorted(self._found()), [("entry_uses", 30, 0), ("lot", 100, 70)]
        )

    def test_a_reversal_above_what_it_reverses_is_found(self):
        self._buy(100)
        entry = self._entries()
        self._post(-101, "earn_reversal", reverses_id=entry.id)
        self._run()
        self.assertEqual(self._found(), [("reversal", -100, -101)])

    def test_a_reversal_that_gives_more_of_a_gain_is_found(self):
        self._buy(100)
        entry = self._entries()
        more = {"cause": "restore"}
        self._post(5, "earn_reversal", reverses_id=entry.id, breakdown=more)
        self._run()
        self.assertIn(("reversal", -100, 5), self._found())

    def test_a_lot_that_was_used_beyond_its_end_is_found(self):
        self._buy(100)
        self._post(-30, "redeem")
        self._spoil("UPDATE loyalty_lot_use SET points = 150 WHERE points = 30")
        lot = "UPDATE loyalty_lot SET remaining = -50 WHERE card_id = %s AND points > 0"
        self._spoil(lot, self.card.id)
        self._run()
        self.assertIn(("lot", 0, -50), self._found())

    def test_a_debt_beyond_what_was_spent_is_found(self):
        self._post(-30, "redeem")
        lot = "UPDATE loyalty_lot SET remaining = -40 WHERE card_id = %s"
        self._spoil(lot, self.card.id)
        self._run()
        self.assertIn(("lot", -30, -40), self._found())

    def test_what_waits_in_the_queue_is_no_difference(self):
        entry = self._post(30, "earn")
        self._spoil("DELETE FROM loyalty_lot WHERE entry_id = %s", entry.id)
        queue = """INSERT INTO loyalty_ledger_queue (entry_id, card_id, is_pending)
            VALUES (%s, %s, FALSE)"""
        self._spoil(queue, entry.id, self.card.id)
        card = "UPDATE loyalty_card SET points = 0, ledger_points = 0 WHERE id = %s"
        self._spoil(card, self.card.id)
        self._run()
        self.assertFalse(self._found())

    def test_cards_without_a_ledger_are_left_alone(self):
        wallet = self.env["loyalty.program"].create(
            {"name": "Wallet", "program_type": "ewallet", "applies_on": "future"}
        )
        card = self._make_card(wallet, points=10)
        self._run()
        differences = self.env["loyalty.audit.difference"]
        self.assertFalse(differences.search([("card_id", "=", card.id)]))

    def _share_account(self):
        """Let the member share an account, and return it."""
        account = self.env["loyalty.card"].create({"program_id": self.program.id})
        self.card.account_id = account
        return account

    def test_a_copy_that_differs_from_its_account_is_found(self):
        self._share_account()
        self._post(50, "earn")
        self._post(9, "earn", hold_days=3)
        copy = """UPDATE loyalty_card SET points = 51, ledger_points = 51,
            points_pending = 8 WHERE id = %s"""
        self._spoil(copy, self.card.id)
        self._run()
        expected = [("copy", 50, 51), ("copy_pending", 9, 8)]
        self.assertEqual(sorted(self._found()), expected)

    def test_points_that_a_pool_member_keeps_unseen_are_found(self):
        self._post(7, "earn")
        account = self.env["loyalty.card"].create({"program_id": self.program.id})
        share = """UPDATE loyalty_card SET account_id = %s, points = 0,
            ledger_points = 0 WHERE id = %s"""
        self._spoil(share, account.id, self.card.id)
        self._run()
        self.assertEqual(sorted(self._found()), [("balance", 7, 0), ("entries", 7, 0)])

    def test_the_audit_repairs_nothing(self):
        self._spoil("UPDATE loyalty_card SET points = 7 WHERE id = %s", self.card.id)
        self._run()
        self.card.invalidate_recordset()
        self.assertEqual(self.card.points, 7)

    def test_managers_are_told_the_facts_once(self):
        self._spoil("UPDATE loyalty_card SET points = 7 WHERE id = %s", self.card.id)
        self._run()
        activity = self._activities(self.manager)
        self.assertEqual(len(activity), 1)
        number = self.card.member_number
        for fact in (number, f"card {self.card.id}", "expected 0", "found 7"):
            self.assertIn(fact, activity.note)
        self.assertEqual(activity.summary, "Differences in loyalty points: 2")
        # Managers of other companies may open the run.
        self.assertNotIn("Mira", activity.note)
        self.assertFalse(self._activities(self.loyalty_user))
        self._run()
        self.assertEqual(self._activities(self.manager), activity)

    def test_of_many_differences_some_are_told_and_the_list_shows_all(self):
        self._spoil("UPDATE loyalty_card SET points = 7 WHERE id = %s", self.card.id)
        with patch.object(loyalty_audit, "MOST_TOLD", 1):
            self._run()
        note = self._activities(self.manager).note
        self.assertEqual(note.count("found 7"), 1)
        self.assertIn("shows all 2", note)

    def test_each_company_hears_of_its_own_differences(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._make_manager_elsewhere(other)
        self.program.company_id = self.company
        second = self._make_program(name="Second", company_id=other.id)
        foreign = self._make_member("Fay Foreign", second)
        for card in (self.card, foreign):
            balance = "UPDATE loyalty_card SET points = 7 WHERE id = %s"
            self._spoil(balance, card.id)
        self._run()
        self.assertIn(self.card.member_number, self._activities(self.manager).note)
        self.assertIn(foreign.member_number, self._activities(stranger).note)

    def test_what_nobody_was_told_is_told_by_the_next_run(self):
        self._spoil("UPDATE loyalty_card SET points = 7 WHERE id = %s", self.card.id)
        audits = self.env.registry["loyalty.audit"]
        nobody = self.env["res.users"]
        with patch.object(audits, "_get_managers", return_value=nobody):
            self._run()
        self.assertFalse(self._activities(self.manager))
        self._run()
        self.assertEqual(len(self._activities(self.manager)), 1)

    def test_managers_are_told_in_their_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.manager.lang = "fr_FR"
        self._spoil("UPDATE loyalty_card SET points = 7 WHERE id = %s", self.card.id)
        spoken = {}

        def describe(difference):
            spoken[difference.env.lang] = difference
            return "facts"

        differences = self.env.registry["loyalty.audit.difference"]
        with patch.object(differences, "_describe", describe):
            self._run()
        self.assertIn("fr_FR", spoken)

    def test_a_difference_that_moves_is_told_again(self):
        for points in (7, 8):
            balance = "UPDATE loyalty_card SET points = %s WHERE id = %s"
            self._spoil(balance, points, self.card.id)
            self._run()
        self.assertEqual(len(self._activities(self.manager)), 2)

    def test_a_difference_that_is_gone_is_closed(self):
        for points in (7, 0):
            balance = "UPDATE loyalty_card SET points = %s WHERE id = %s"
            self._spoil(balance, points, self.card.id)
            audit = self._run()
        self.assertFalse(self._found())
        self.assertFalse(audit.difference_count)

    def test_only_managers_of_the_company_are_told(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._make_manager_elsewhere(other)
        self.program.company_id = self.company
        self._spoil("UPDATE loyalty_card SET points = 7 WHERE id = %s", self.card.id)
        self._run()
        self.assertTrue(self._activities(self.manager))
        self.assertFalse(self._activities(stranger))
        seen = self.env["loyalty.audit.difference"].with_user(stranger)
        self.assertFalse(seen.search([("card_id", "=", self.card.id)]))

    def test_a_run_that_broke_off_goes_on(self):
        self._buy(7)
        self._spoil("UPDATE loyalty_card SET points = 8 WHERE id = %s", self.card.id)
        audit = self.audits._begin()
        self.assertTrue(audit._check_next_part())
        self.assertFalse(audit._finish())
        checked = audit.part_ids.filtered("is_checked")
        seconds = checked.seconds
        for _left in self.audits._run():
            pass
        self.assertEqual(audit.state, "done")
        self.assertEqual(checked.seconds, seconds)
        self.assertEqual(len(self._found()), 2)

    def test_managers_may_ask_for_a_run(self):
        self._buy(100)
        action = self.env["loyalty.audit"].with_user(self.manager).action_check_now()
        audit = self.audits.browse(action["res_id"]).with_user(self.manager)
        self.assertEqual(audit.state, "done")
        self.assertEqual(audit.user_id, self.manager)
        self.assertEqual(audit.action_view_differences()["view_mode"], "list")

    def test_a_difference_leads_to_the_entries_of_its_account(self):
        self._buy(100)
        self._spoil("UPDATE loyalty_card SET points = 7 WHERE id = %s", self.card.id)
        self._run()
        found = self.env["loyalty.audit.difference"].with_user(self.manager)
        own = found.search([("card_id", "=", self.card.id)])
        action = own[:1].action_view_entries()
        entries = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(entries, self._entries())

    def test_nobody_else_may_ask_or_read(self):
        for user in (self.loyalty_user, self.salesperson):
            with self.assertRaises(AccessError):
                self.env["loyalty.audit"].with_user(user).action_check_now()
            with self.assertRaises(AccessError):
                self.env["loyalty.audit.difference"].with_user(user).search([])

    def test_nobody_writes_the_record_of_a_run(self):
        audit = self._run().with_user(self.manager)
        with self.assertRaises(AccessError):
            audit.difference_count = 0
        with self.assertRaises(AccessError):
            audit.unlink()
