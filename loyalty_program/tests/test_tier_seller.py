from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestTierSeller(LoyaltyCase):
    """A tier promises a salesperson or a team; a person's choice stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold = cls.program.tier_ids.sorted("threshold")[2]
        cls.expert = cls._make_user("expert", "sales_team.group_sale_salesman")
        cls.own_only = cls.salesperson
        cls.salesperson = cls._make_user(
            "colleague", "sales_team.group_sale_salesman_all_leads"
        )
        cls.team = cls.env["crm.team"].create({"name": "Cellar", "company_id": False})
        cls.benefit = cls.env["loyalty.tier.benefit"].create(
            {
                "tier_id": cls.gold.id,
                "kind": "seller",
                "seller_id": cls.expert.id,
                "seller_team_id": cls.team.id,
            }
        )

    def _new_order(self, **values):
        """Return an order of the member, made by a colleague."""
        return (
            self.env["sale.order"]
            .with_user(self.salesperson)
            .create({"partner_id": self.member.id, **values})
        )

    def _rise(self):
        self._buy(350)
        self.assertEqual(self.card.tier_id, self.gold)

    def test_new_orders_go_to_whom_the_tier_promises(self):
        self.assertEqual(self._new_order().user_id, self.salesperson)
        self._rise()
        order = self._new_order()
        self.assertEqual((order.user_id, order.team_id), (self.expert, self.team))

    def test_who_chose_somebody_else_is_not_overruled(self):
        self._rise()
        order = self._new_order(user_id=self.salesperson.id)
        self.assertEqual(order.user_id, self.salesperson)
        self.assertNotEqual(order.team_id, self.team)
        stored = self._new_order()
        stored.user_id = self.salesperson
        stored.partner_id = self.member
        self.assertEqual(stored.user_id, self.salesperson)
        self.member.user_id = self.salesperson
        self.assertEqual(self._new_order().user_id, self.salesperson)

    def test_with_the_tier_it_is_lost(self):
        self._rise()
        kept = self._new_order()
        self.card.sudo().tier_id = self.program.tier_ids.sorted("threshold")[0]
        self.assertEqual(self._new_order().user_id, self.salesperson)
        self.assertEqual(kept.user_id, self.expert)

    def test_who_is_frozen_or_whose_expert_left_gets_anybody(self):
        self._rise()
        self.card.sudo().member_state = "frozen"
        self.assertEqual(self._new_order().user_id, self.salesperson)
        self.card.sudo().member_state = "joined"
        self.expert.active = False
        self.assertEqual(self._new_order().user_id, self.salesperson)

    def test_who_sees_own_orders_only_keeps_what_they_write(self):
        self._rise()
        order = (
            self._new_order()
            .with_user(self.own_only)
            .create({"partner_id": self.member.id})
        )
        self.assertEqual(order.user_id, self.own_only)

    def test_a_team_alone_is_enough(self):
        self.benefit.seller_id = False
        self._rise()
        order = self._new_order()
        self.assertEqual((order.user_id, order.team_id), (self.salesperson, self.team))

    def test_nobody_and_strangers_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "Choose the salesperson"):
            self.benefit.write({"seller_id": False, "seller_team_id": False})
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.program.company_id = self.company
        stranger = self._make_user(
            "stranger",
            "sales_team.group_sale_salesman",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaisesRegex(ValidationError, "does not work for"):
            self.benefit.seller_id = stranger
        team = self.team.create({"name": "Far", "company_id": other.id})
        with self.assertRaisesRegex(ValidationError, "another company"):
            self.benefit.write({"seller_id": self.expert.id, "seller_team_id": team.id})

    def test_the_customer_reads_the_name(self):
        self.assertEqual(
            self.benefit.description, f"{self.expert.name} looks after you in person."
        )
