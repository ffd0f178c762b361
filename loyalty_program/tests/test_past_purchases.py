from datetime import datetime

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestPastPurchases(LoyaltyCase):
    """What a member bought before joining can be credited, once, dated as it was."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._make_partner("Nora New")

    def _buy_on(self, day, price):
        with freeze_time(f"{day} 12:00:00"):
            return self._buy(price, partner=self.partner)

    def _join(self):
        return self.program._enrol(self.partner, "backoffice", True)

    def _credit(self, card, since, user=None):
        wizard = self.env["loyalty.credit.past"].with_user(user or self.manager)
        return wizard.create({"card_ids": card.ids, "since": since}).action_credit()

    def test_orders_since_the_chosen_day_earn_on_their_own_days(self):
        self._buy_on("2026-02-27", 500)
        march = self._buy_on("2026-03-01", 40)
        june = self._buy_on("2026-06-29", 60.5)
        card = self._join()
        self._credit(card, "2026-03-01")
        self.assertEqual(self._story(card=card), [("earn", 40), ("earn", 60)])
        entries = self._entries(card=card)
        self.assertEqual(
            entries.mapped("occurred_at"),
            [datetime(2026, 3, 1, 12), datetime(2026, 6, 29, 12)],
        )
        self.assertEqual(entries.mapped("origin_id"), (march | june).ids)
        self.assertEqual(card.points, 100)
        self.assert_balanced(card)

    def test_a_purchase_is_credited_once(self):
        self._buy_on("2026-06-01", 40)
        card = self._join()
        told = [
            self._credit(card, "2026-01-01")["params"]["message"] for _time in range(2)
        ]
        self.assertEqual(card.points, 40)
        self.assertEqual(told[0], "Purchases credited: 1. Points in all: 40.")
        self.assertIn("nothing to credit: no purchase between 01/01/2026", told[1])

    def test_what_was_bought_as_a_member_is_not_credited_again(self):
        card = self._join()
        with freeze_time("2026-07-05 10:00:00"):
            self._buy(70, partner=self.partner)
            self._credit(card, "2026-01-01")
        self.assertEqual(card.points, 70)

    def test_the_purchases_count_for_the_tier_and_their_window_is_over_or_not(self):
        self.program.hold_days = 14
        self._buy_on("2026-01-10", 150)
        self._buy_on("2026-06-29", 30)
        card = self._join()
        self._credit(card, "2026-01-01")
        self.assertEqual((card.points, card.points_pending), (150, 30))
        self.assertEqual(card.tier_id.name, "Silver")

    def test_quotations_and_cancelled_orders_earn_nothing(self):
        self._make_order(self.partner, 100)
        self._buy_on("2026-06-01", 40).sudo()._action_cancel()
        card = self._join()
        self._credit(card, "2026-01-01")
        self.assertFalse(self._entries(card=card))

    def test_what_was_credited_by_a_note_since_is_not_credited_here(self):
        self.env["account.chart.template"].try_loading(
            "generic_coa", company=self.company, install_demo=False
        )
        order = self._buy_on("2026-06-01", 40).sudo()
        self._buy_on("2026-06-02", 7)
        invoice = order._create_invoices()
        invoice.action_post()
        invoice._reverse_moves().action_post()
        card = self._join()
        self._credit(card, "2026-01-01")
        self.assertEqual(card.points, 7)
        self.assert_balanced(card)

    def test_an_order_that_is_cancelled_later_gives_its_points_back(self):
        order = self._buy_on("2026-06-01", 40)
        card = self._join()
        self._credit(card, "2026-01-01")
        order.sudo()._action_cancel()
        self.assertEqual(card.points, 0)
        self.assert_balanced(card)

    def test_a_delivery_after_joining_earns_the_rest(self):
        self.program.earn_moment = "delivery"
        with freeze_time("2026-06-01 12:00:00"):
            order = self._buy(
                {"price_unit": 20, "product_uom_qty": 2}, partner=self.partner
            )
            order.sudo().order_line.qty_delivered = 1
            self.env.cr.flush()
        card = self._join()
        self._credit(card, "2026-01-01")
        self.assertEqual(card.points, 20)
        order.sudo().order_line.qty_delivered = 2
        self.env.cr.flush()
        self.assertEqual(card.points, 40)

    def test_a_manager_may_credit_while_enrolling(self):
        self._buy_on("2026-06-01", 40)
        wizard = self.env["loyalty.join"].with_user(self.manager)
        action = wizard.create(
            {
                "partner_id": self.partner.id,
                "program_id": self.program.id,
                "consent": True,
                "credit_since": "2026-01-01",
            }
        ).action_join()
        self.assertEqual(self.env["loyalty.card"].browse(action["res_id"]).points, 40)

    def test_nobody_else_may(self):
        card = self._join()
        for user in (self.loyalty_user, self.salesperson):
            with self.assertRaises(AccessError):
                self._credit(card, "2026-01-01", user)
        with self.assertRaises(AccessError):
            self.env["loyalty.join"].with_user(self.loyalty_user).create(
                {
                    "partner_id": self._make_partner().id,
                    "program_id": self.program.id,
                    "credit_since": "2026-01-01",
                }
            )

    def test_the_first_day_is_the_programmes_wherever_staff_are(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        card = self._join()
        with freeze_time("2026-12-31 12:00:00"):
            wizard = self.env["loyalty.credit.past"].with_user(self.manager)
            wizard = wizard.with_context(active_ids=card.ids, tz="America/New_York")
            self.assertEqual(str(wizard.create({}).since), "2027-01-01")
            self._credit(card, "2027-01-01")
        with freeze_time("2026-12-31 10:00:00"), self.assertRaises(UserError):
            self._credit(card, "2027-01-01")

    def test_a_first_day_of_long_ago_is_a_day_like_any_other(self):
        self.company.partner_id.tz = "Europe/Berlin"
        self._buy_on("2026-06-01", 40)
        card = self._join()
        self._credit(card, "0001-01-01")
        self.assertEqual(card.points, 40)

    def test_a_day_to_come_is_refused_while_enrolling(self):
        wizard = self.env["loyalty.join"].with_user(self.manager)
        values = {
            "partner_id": self.partner.id,
            "program_id": self.program.id,
            "consent": True,
            "credit_since": "2026-07-01",
        }
        with self.assertRaises(UserError):
            wizard.create(values).action_join()

    def test_orders_of_a_branch_count_as_they_would_have(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        order = self._buy_on("2026-06-01", 40)
        # Below the model: what an order of a branch takes is not the question here.
        order.sudo()._write({"company_id": branch.id})
        order.invalidate_recordset()
        card = self._join()
        self._credit(card, "2026-01-01")
        self.assertEqual(card.points, 40)

    def test_a_day_to_come_and_a_card_that_is_no_member_are_refused(self):
        card = self._join()
        tomorrow = fields.Date.add(fields.Date.today(), days=1)
        with self.assertRaises(UserError):
            self._credit(card, tomorrow)
        card._leave()
        with self.assertRaises(UserError):
            self._credit(card, "2026-01-01")
