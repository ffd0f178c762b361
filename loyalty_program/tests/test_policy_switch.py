from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestPolicySwitch(LoyaltyCase):
    """The other policy: first what it changes, then the change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.recorded = cls._make_recorded_program()
        cls.regular = cls._make_card(cls.recorded, 120)
        cls.second = cls._make_card(
            cls.recorded, 10, partner_id=cls.regular.partner_id.id
        )
        cls.nameless = cls._make_card(cls.recorded, 7)
        cls.nameless.partner_id = False

    def _make_wizard(self, program=None, user=None, **values):
        switch = self.env["loyalty.policy.switch"].with_user(user or self.manager)
        program = program or self.recorded
        return switch.create({"program_id": program.id, **values})

    def test_the_preview_counts_members_and_balances_and_changes_nothing(self):
        wizard = self._make_wizard(enrol=True)
        self.assertEqual(wizard.target, "strict")
        self.assertIn("Members then: 1, with 3 cards in all.", wizard.preview)
        self.assertIn("until their customers join: 2.", wizard.preview)
        self.assertIn("137 Points in all", wizard.preview)
        self.assertIn("which cannot become members: 1.", wizard.preview)
        self.assertIn("which do not become members: 1.", wizard.preview)
        self.assertEqual(self.recorded.ledger_policy, "stock")
        wizard.enrol = False
        self.assertIn("Members then: 0, with 3 cards in all.", wizard.preview)

    def test_the_preview_names_the_rules_that_behave_differently(self):
        code = {"mode": "with_code", "code": "SUMMER26"}
        unit = {"reward_point_mode": "unit"}
        self.recorded.rule_ids = [Command.create(code), Command.create(unit)]
        preview = self._make_wizard().preview
        self.assertIn("Rule 2: it counts where the code “SUMMER26”", preview)
        self.assertIn("Rule 3: a unit that is given away", preview)
        self.assertNotIn("Rule 1:", preview)

    def test_customers_who_agreed_become_members_with_the_points_they_had(self):
        self._make_wizard(enrol=True, consent=True).action_switch()
        self.assertEqual(self.recorded.ledger_policy, "strict")
        self.assertEqual(self.regular.member_state, "joined")
        self.assertEqual(self.second.member_state, "none")
        self.assertEqual(self.nameless.member_state, "none")
        self.assertEqual(
            (self.regular + self.second + self.nameless).mapped("points"),
            [120, 10, 7],
        )
        for card in self.regular + self.second + self.nameless:
            self.assert_balanced(card)

    def test_nobody_becomes_a_member_without_consent(self):
        with self.assertRaises(UserError):
            self._make_wizard(enrol=True).action_switch()
        self.assertEqual(self.recorded.ledger_policy, "stock")

    def test_without_members_the_points_wait_for_their_customers(self):
        self._make_wizard().action_switch()
        self.assertEqual(self.regular.member_state, "none")
        partner = self.regular.partner_id
        self._buy(50, partner=partner)
        self.assertEqual(self.regular.points, 120)
        card = self.recorded._enrol(partner, "backoffice", True)
        self.assertEqual((card, card.points), (self.regular, 120))

    def test_points_with_decimals_need_a_scale_first(self):
        self.regular.points = 10.55
        with self.assertRaises(UserError) as caught:
            self.recorded.with_user(self.manager).ledger_policy = "strict"
        self.assertIn("2 decimals", str(caught.exception))
        wizard = self._make_wizard()
        self.assertEqual(wizard.points_scale, 2)
        self.assertIn("Decimals: 2.", wizard.preview)
        wizard.points_scale = 4
        self.assertIn("Decimals: 4.", wizard.preview)
        wizard.action_switch()
        self.assertEqual(self.recorded.points_scale, 4)
        with self.assertRaises(UserError):
            self.recorded.points_scale = 1

    def test_an_order_of_before_can_still_be_cancelled_afterwards(self):
        partner = self.regular.partner_id
        order = self._make_order(partner, 10.5)
        order._update_programs_and_rewards()
        order.action_confirm()
        card = order.coupon_point_ids.coupon_id & (self.regular | self.second)
        points = card.points
        self._make_wizard(enrol=True, consent=True).action_switch()
        order.sudo()._action_cancel()
        self.assertEqual(card.points, points - 10.5)

    def test_back_to_recorded_keeps_balances_and_pending_points(self):
        self._post(100)
        self._post(30, "earn", hold_days=14)
        wizard = self._make_wizard(self.program)
        self.assertIn("Members: 1. They keep number", wizard.preview)
        self.assertIn(
            "100 points in all. Pending until their day: 30 points.", wizard.preview
        )
        wizard.action_switch()
        self.assertEqual(self.program.ledger_policy, "stock")
        self.assertEqual((self.card.points, self.card.points_pending), (100, 30))
        self.assert_balanced()

    def test_the_preview_names_the_settings_that_begin_to_hold(self):
        preview = self._make_wizard().preview
        for setting in ("paid", "delivered", "pending", "brings"):
            self.assertNotIn(f"{setting}", preview.replace("customers", ""))
        self.recorded.write(
            {"earn_moment": "delivery", "hold_days": 14, "order_cap": 500}
        )
        preview = self._make_wizard().preview
        self.assertIn("line by line, as they are delivered", preview)
        self.assertIn("pending for 14 days", preview)
        self.assertIn("A purchase brings 500", preview)

    def test_the_points_of_a_pool_are_counted_once(self):
        self._post(1000000)
        self._post(234567)
        pool = self.env["loyalty.pool"].sudo()._make(self.program, "Home")
        for card in (self.card, self._make_member("Olga Other")):
            pool._add(card, "backoffice")
        self.assertIn("1,234,567 points", self._make_wizard(self.program).preview)

    def test_orders_that_wait_for_their_points_are_told(self):
        self.program.earn_moment = "delivery"
        waiting = self._buy({"price_unit": 50, "product_uom_qty": 2})
        done = self._buy(10)
        done.sudo().order_line.qty_delivered = 1
        waiting.sudo().order_line.qty_delivered = 1
        self.env.cr.flush()
        self._make_order(self.member, 30)._update_programs_and_rewards()
        preview = self._make_wizard(self.program).preview
        self.assertIn("earn nothing any more then: 1.", preview)
        waiting.sudo().order_line.qty_delivered = 2
        self.env.cr.flush()
        preview = self._make_wizard(self.program).preview
        self.assertNotIn("Confirmed orders that wait", preview)

    def test_only_managers_change_the_policy(self):
        for user in (self.loyalty_user, self.salesperson):
            with self.assertRaises(AccessError):
                self._make_wizard(user=user)
