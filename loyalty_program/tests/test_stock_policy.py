from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase
from odoo.addons.sale_loyalty.models.sale_order import SaleOrder as StockSaleOrder


@tagged("post_install", "-at_install")
class TestStockPolicy(LoyaltyCase):
    """A programme of Odoo's own making goes on as ever, and is written down."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.active = False
        cls.program = cls._make_recorded_program()
        cls.card = cls._make_card(cls.program)
        cls.member = cls.card.partner_id

    def _get_stock_changes(self, order):
        """Return what Odoo itself would add to the card for this order."""
        return StockSaleOrder._get_point_changes(order)[self.card]

    def test_a_confirmed_order_is_recorded_with_odoos_own_points(self):
        order = self._make_order(self.member, 99.99)
        order._update_programs_and_rewards()
        due = self._get_stock_changes(order)
        order.action_confirm()
        self.assertEqual(due, 99.99)
        self.assertEqual(self._story(order), [("earn", due)])
        self.assertEqual(self.card.points, due)
        entry = self._entries(order)
        self.assertEqual((entry.channel, entry.base_amount), ("sale", 99.99))
        self.assertEqual(entry.breakdown, {"recorded": True})
        self.assert_balanced()

    def test_a_claimed_reward_is_recorded_with_odoos_own_cost(self):
        self.card.points = 150
        order = self._make_order(self.member, 60)
        self._claim_reward(order)
        due = self._get_stock_changes(order)
        order.action_confirm()
        self.assertEqual(sum(self._entries(order).mapped("points")), due)
        self.assertEqual(self.card.points, 150 + due)
        self.assert_balanced()

    def test_a_cancelled_order_is_recorded_and_leaves_the_balance_as_it_was(self):
        self.card.points = 150
        order = self._make_order(self.member, 60)
        self._claim_reward(order)
        order.action_confirm()
        order._action_cancel()
        self.assertEqual(
            [kind for kind, _points in self._story(order)],
            ["redeem", "earn", "redeem_reversal", "earn_reversal"],
        )
        self.assertEqual(self.card.points, 150)
        self.assert_balanced()

    def test_a_quotation_makes_a_card_as_ever_and_nobody_a_member(self):
        partner = self._make_partner()
        order = self._buy(100, partner=partner)
        card = order.coupon_point_ids.coupon_id
        self.assertEqual((card.partner_id, card.points), (partner, 100))
        self.assertEqual(card.member_state, "none")
        self.assertFalse(card.member_number)
        self.assertFalse(self.program._get_member_card(partner))
        self.assert_balanced(card)

    def test_a_direct_write_is_an_adjustment_with_who(self):
        self.card.with_user(self.salesperson).points = 42.5
        self.card.with_user(self.salesperson).write({"points": 40})
        self.assertEqual(self._story(), [("adjust", 42.5), ("adjust", -2.5)])
        self.assertEqual(self._entries().posted_by_id, self.salesperson)
        self.assert_balanced()

    def test_a_write_that_changes_nothing_is_no_entry(self):
        self.card.points = 10
        self.card.points = 10
        self.assertEqual(self._story(), [("adjust", 10)])

    def test_one_write_on_many_cards_is_recorded_on_each(self):
        cards = self.card | self._make_card(self.program, 5)
        cards.write({"points": 30})
        self.assertEqual(cards.mapped("points"), [30, 30])
        self.assertEqual(sorted(cards.entry_ids.mapped("points")), [5, 25, 30])
        for card in cards:
            self.assert_balanced(card)

    def test_a_write_keeps_the_other_values(self):
        self.card.write({"points": 10, "code": "0441234567"})
        self.assertEqual((self.card.points, self.card.code), (10, "0441234567"))

    def test_cards_with_and_without_a_ledger_may_be_written_together(self):
        wallet = self.env["loyalty.program"].create(
            {"name": "Wallet", "program_type": "ewallet", "applies_on": "future"}
        )
        purse = self._make_card(wallet, 5)
        (self.card | purse).write({"points": 30})
        self.assertEqual((self.card.points, purse.points), (30, 30))
        self.assertEqual(self._story(), [("adjust", 30)])
        self.assertFalse(self._entries(card=purse))

    def test_the_noise_of_floats_is_no_entry(self):
        self.card.points = 0.3
        self.card.points = 0.1 + 0.2
        self.assertEqual(len(self._entries()), 1)
        self.assert_balanced()

    def test_generated_cards_begin_with_an_entry(self):
        partners = self._make_partner("One") | self._make_partner("Two")
        boss = self._make_user("boss", "sales_team.group_sale_manager")
        wizard = self.env["loyalty.generate.wizard"].with_user(boss)
        cards = wizard.create(
            {
                "program_id": self.program.id,
                "mode": "selected",
                "customer_ids": [Command.set(partners.ids)],
                "points_granted": 25,
            }
        ).generate_coupons()
        for card in cards:
            self.assertEqual(self._story(card=card), [("adjust", 25)])
            self.assert_balanced(card)

    def test_generated_cards_of_a_strict_programme_need_a_loyalty_manager(self):
        boss = self._make_user("boss", "sales_team.group_sale_manager")
        wizard = (
            self.env["loyalty.generate.wizard"]
            .with_user(boss)
            .create(
                {
                    "program_id": self._make_program().id,
                    "coupon_qty": 1,
                    "points_granted": 25,
                }
            )
        )
        with self.assertRaises(AccessError):
            wizard.generate_coupons()

    def test_a_reward_claimed_on_a_confirmed_order_is_recorded_under_it(self):
        self.card.points = 150
        order = self._buy(20)
        before = self.card.points
        self._claim_reward(order)
        self.assertEqual(self._story(order), [("earn", 20), ("redeem", -100)])
        self.assertEqual(self.card.points, before - 100)
        order._action_cancel()
        self.assertEqual(self.card.points, 150)
        self.assert_balanced()

    def test_a_programme_found_by_a_confirmed_order_is_recorded_under_it(self):
        self.program.active = False
        order = self._buy(100)
        self.assertFalse(self._entries(order))
        self.program.active = True
        order._update_programs_and_rewards()
        self.assertEqual(self._story(order), [("earn", 100)])
        self.assertEqual(self.card.points, 100)
        order._action_cancel()
        self.assertEqual(self.card.points, 0)
        self.assert_balanced()

    def test_mails_of_the_programme_go_out_once_when_a_balance_is_reached(self):
        template = self.env["mail.template"].create(
            {
                "name": "Reached",
                "model_id": self.env["ir.model"]._get_id("loyalty.card"),
                "partner_to": "{{ object.partner_id.id }}",
                "subject": "Well done",
                "body_html": "100 points",
            }
        )
        mail = {"trigger": "points_reach", "points": 100}
        self.program.communication_plan_ids = [
            Command.create({**mail, "mail_template_id": template.id})
        ]
        self.member.email = "mira@example.com"
        mails = self.env["mail.mail"].search([("subject", "=", "Well done")])
        self._buy(60)
        self._buy(60)
        self._buy(60)
        sent = self.env["mail.mail"].search([("subject", "=", "Well done")]) - mails
        self.assertEqual(len(sent), 1)
        # A correction that reaches it anew tells as well.
        self._post(-100)
        self._post(50)
        sent = self.env["mail.mail"].search([("subject", "=", "Well done")]) - mails
        self.assertEqual(len(sent), 2)


@tagged("post_install", "-at_install")
class TestLedgerOpens(LoyaltyCase):
    """A programme that becomes one with a ledger takes its balances along."""

    def test_balances_from_before_are_opening_entries(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Next order",
                "program_type": "next_order_coupons",
                "applies_on": "future",
                "trigger": "auto",
            }
        )
        card = self._make_card(program, 50)
        self.assertFalse(self._entries(card=card))
        program.write({"program_type": "loyalty", "applies_on": "both"})
        self.assertTrue(program.is_managed)
        self.assertEqual(self._story(card=card), [("opening", 50)])
        self._post(10, "earn", card=card)
        self.assertEqual(card.points, 60)
        self.assert_balanced(card)

    def test_a_card_that_comes_to_a_ledger_brings_its_balance(self):
        wallet = self.env["loyalty.program"].create(
            {"name": "Wallet", "program_type": "ewallet", "applies_on": "future"}
        )
        card = self._make_card(wallet, 50)
        card.program_id = self._make_recorded_program()
        self.assertEqual(self._story(card=card), [("adjust", 50)])
        self.assert_balanced(card)

    def test_a_programme_with_entries_stays_one_with_a_ledger(self):
        self._post(10)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.program.write({"ledger_policy": "stock", "program_type": "promotion"})
            self.program.flush_recordset()
