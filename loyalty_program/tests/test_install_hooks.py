from odoo.tests import tagged
from odoo.tools import SQL

from .common import LoyaltyCase
from odoo.addons.loyalty_program.hooks import post_init_hook, uninstall_hook


@tagged("post_install", "-at_install")
class TestInstallHooks(LoyaltyCase):
    """Coming takes the balances along, going leaves them behind."""

    def _make_card_from_before(self, program, points):
        """Return a card whose points nobody recorded, as a shop has them."""
        card = self._make_card(program)
        # SQL: below every door, as if the addon had not been there.
        self.env.execute_query(
            SQL(
                "UPDATE loyalty_card SET points = %s WHERE id = %s RETURNING id",
                points,
                card.id,
            )
        )
        card.invalidate_recordset()
        return card

    def test_existing_balances_become_opening_entries(self):
        program = self._make_recorded_program()
        balances = [120.5, -30, 0, 0.1 + 0.2]
        cards = [self._make_card_from_before(program, x) for x in balances]
        cards[0].active = False
        post_init_hook(self.env)
        self.env.invalidate_all()
        self.assertEqual([card.points for card in cards], balances)
        for card in cards:
            self.assert_balanced(card)
        self.assertEqual(self._story(card=cards[0]), [("opening", 120.5)])
        self.assertEqual(self._story(card=cards[1]), [("opening", -30)])
        self.assertFalse(self._entries(card=cards[2]))
        self.assertEqual(self._entries(card=cards[0]).channel, "import")

    def test_opened_cards_earn_and_spend_as_before(self):
        program = self._make_recorded_program()
        card = self._make_card_from_before(program, 120)
        post_init_hook(self.env)
        order = self._make_order(card.partner_id, 20)
        self.assertFalse(self._claim_reward(order, card=card))
        order.action_confirm()
        # Odoo's own rule: a reward of the same programme takes no points away.
        self.assertEqual(card.points, 120 - 100 + 20)
        self.assert_balanced(card)

    def test_opening_twice_opens_once(self):
        card = self._make_card_from_before(self._make_recorded_program(), 120)
        post_init_hook(self.env)
        post_init_hook(self.env)
        self.assertEqual(self._story(card=card), [("opening", 120)])

    def test_cards_without_a_ledger_are_left_alone(self):
        wallet = self.env["loyalty.program"].create(
            {"name": "Wallet", "program_type": "ewallet", "applies_on": "future"}
        )
        card = self._make_card_from_before(wallet, 50)
        post_init_hook(self.env)
        self.assertFalse(self._entries(card=card))
        self.assertEqual(card.points, 50)

    def test_going_drops_the_trigger_and_leaves_the_points(self):
        self._post(50)
        with self.env.cr.savepoint() as savepoint:
            uninstall_hook(self.env)
            self.env.cr.execute(
                """DELETE FROM loyalty_lot WHERE card_id = %(card)s;
                   DELETE FROM loyalty_ledger_entry WHERE card_id = %(card)s;""",
                {"card": self.card.id},
            )
            self.env.invalidate_all()
            self.assertEqual(self.card.points, 50)
            # Stock code alone may write what it likes from now on.
            self.env.cr.execute(
                """UPDATE loyalty_card SET points = 51 WHERE id = %s;
                   SET CONSTRAINTS ALL IMMEDIATE""",
                (self.card.id,),
            )
            savepoint.rollback()
        with self.assert_refused_by_sql():
            self.env.cr.execute("DELETE FROM loyalty_ledger_entry")
