from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import LoyaltyCase
from odoo.addons.loyalty_program.hooks import post_init_hook, uninstall_hook
from odoo.addons.loyalty_program.models import loyalty_ledger_claim


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

    def test_a_balance_that_is_no_number_is_named(self):
        program = self._make_recorded_program()
        for points in ("NaN", 1e300):
            card = self._make_card_from_before(program, points)
            with self.subTest(points=points), self.assertRaises(ValidationError) as no:
                post_init_hook(self.env)
            self.assertIn(card.code, str(no.exception))
            self.assertFalse(self._entries(card=card))
            card.unlink()

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

    def _leave(self, *cards):
        """Return the balances that going leaves, and come back."""
        with self.env.cr.savepoint() as savepoint:
            uninstall_hook(self.env)
            self.env.invalidate_all()
            balances = [card.points for card in cards]
            savepoint.rollback()
        self.env.invalidate_all()
        return balances

    def test_going_makes_pending_points_spendable(self):
        self._post(50, "earn")
        self._post(30, "earn", hold_days=14)
        self._post(-20, "redeem")
        self.assertEqual(self._leave(self.card), [60])

    def test_going_leaves_a_debt_and_what_was_merged(self):
        debtor, double = self._make_member("Dan Debtor"), self._make_member("Double")
        self._post(-40, card=debtor)
        self._post(70, "earn", card=double)
        self.env["loyalty.merge"]._merge_contacts(double.partner_id, self.member)
        self.assertEqual(self._leave(debtor, self.card, double), [-40, 70, 0])

    def test_going_leaves_a_pools_points_once(self):
        kid = self._make_member("Kid")
        kid.account_id = self.card
        self._post(25, "earn", card=kid)
        self._post(50, "earn", hold_days=14)
        self.assertEqual(kid.points, 25)
        self.assertEqual(self._leave(self.card, kid), [75, 0])

    def test_recorded_cards_keep_their_points_when_the_suite_goes(self):
        card = self._make_card(self._make_recorded_program(), 12.5)
        self.assertEqual(self._leave(card), [12.5])

    def test_many_cards_are_opened_in_batches_and_nobody_is_written_to(self):
        program = self._make_recorded_program()
        self.env["loyalty.mail"].create(
            {
                "program_id": program.id,
                "trigger": "points_reach",
                "points": 1,
                "mail_template_id": self.env.ref(
                    "loyalty.mail_template_loyalty_card"
                ).id,
            }
        )
        cards = [self._make_card_from_before(program, n + 1) for n in range(7)]
        mails = self.env["mail.mail"].search_count([])
        messages = self.env["mail.message"].search_count([])
        with patch.object(loyalty_ledger_claim, "OPENING_BATCH", 3):
            post_init_hook(self.env)
        self.env.invalidate_all()
        self.assertEqual([card.points for card in cards], [1, 2, 3, 4, 5, 6, 7])
        self.assertTrue(all(self._story(card=card) for card in cards))
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertEqual(self.env["mail.message"].search_count([]), messages)

    def test_going_puts_away_what_was_for_some(self):
        gold = self.program.tier_ids[-1]
        benefit = self.env["loyalty.tier.benefit"].create(
            {"tier_id": gold.id, "kind": "discount", "discount": 10}
        )
        for_some = {"audience_tier_ids": [Command.set(gold.ids)]}
        common = {
            "name": "Sale",
            "program_type": "promotion",
            "applies_on": "current",
            "trigger": "auto",
        }
        limited, shared = self.env["loyalty.program"].create(
            [
                {**common, **for_some, "reward_ids": [Command.create({})]},
                {
                    **common,
                    "rule_ids": [
                        Command.create({}),
                        Command.create({"minimum_qty": 5, **for_some}),
                    ],
                    "reward_ids": [
                        Command.create({"discount": 1}),
                        Command.create({"discount": 60, **for_some}),
                    ],
                },
            ]
        )
        self.program.write(for_some)
        uninstall_hook(self.env)
        self.assertFalse(limited.active)
        self.assertFalse(benefit.discount_program_id.active)
        self.assertTrue(self.program.active, "members keep what they hold")
        self.assertTrue(shared.active)
        self.assertEqual(shared.rule_ids.mapped("minimum_qty"), [1])
        self.assertEqual(shared.reward_ids.mapped("discount"), [1])

    def test_an_update_loses_no_digit_of_a_balance(self):
        program = self._make_recorded_program()
        card = self._make_card(program, 1234567890.333333)
        self.env.flush_all()
        # SQL: what an update of `loyalty` does to the column, there and back.
        self.env.cr.execute(
            """SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;
               ALTER TABLE loyalty_card DISABLE TRIGGER balance_is_the_ledgers;
               UPDATE loyalty_card SET points = points::float8::numeric;
               ALTER TABLE loyalty_card ENABLE TRIGGER balance_is_the_ledgers"""
        )
        card.invalidate_recordset()
        self.assertEqual(card.points, 1234567890.33333)
        card.init()
        card.invalidate_recordset()
        self.assertEqual(card.points, 1234567890.333333)
        self.assert_balanced(card)

    def test_the_points_of_a_pool_go_to_its_owner(self):
        other = self._make_member("Olga Other")
        self._post(50)
        self._post(7, "earn", card=other, hold_days=5)
        pool = self.env["loyalty.pool"]._make(self.program, "Home")
        for card in self.card | other:
            pool._add(card, "backoffice")
        self.assertEqual(self._leave(self.card, other, pool.account_id), [57, 0, 0])
