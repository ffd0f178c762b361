from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestCare(TillCase):
    """A care plan that is sold at the till begins and ends there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.care = cls._make_care("Record Care", cls.record)
        cls.plans = cls.env["loyalty.care.plan"]

    @classmethod
    def _make_care(cls, name, *items):
        product = cls._make_product(name, 9)
        templates = [item.product_tmpl_id.id for item in items]
        product.product_tmpl_id.write(
            {
                "type": "service",
                "is_care_plan": True,
                "care_product_tmpl_ids": [Command.set(templates)],
            }
        )
        return product

    def _plans_of(self, order):
        return self.plans.search(
            [("origin_model", "=", "pos.order"), ("origin_id", "=", order.id)],
            order="id",
        )

    def _notes(self, order):
        return " ".join(order.message_ids.mapped("body"))

    def test_it_begins_when_the_sale_is_paid_and_once(self):
        values = self._order_values(
            self.member, self._line(self.record, 2), self._line(self.care, 2)
        )
        order = self._sync(values)
        self._sync(values)
        plans = self._plans_of(order)
        self.assertEqual(plans.mapped("state"), ["active", "active"])
        self.assertEqual(plans.mapped("item_unit"), [0, 1])
        self.assertEqual(plans.item_product_id, self.record)
        self.assertEqual(plans.partner_id, self.member)
        self.assertEqual(plans[0]._get_item(), order.lines[0])

    def test_the_serial_number_comes_from_the_till(self):
        self.record.product_tmpl_id.write({"is_storable": True, "tracking": "serial"})
        # Odoo asks for this right of whoever sells serial numbers.
        self.cashier.group_ids += self.env.ref("stock.group_stock_user")
        order = self._sell(
            self.member,
            self._line(
                self.record,
                pack_lot_ids=[Command.create({"lot_name": "SN-1"})],
            ),
            self._line(self.care),
        )
        self.assertEqual(self._plans_of(order).serial_number, "SN-1")

    def test_without_a_customer_or_an_item_the_sale_is_kept_and_told(self):
        nobody = self.env["res.partner"]
        for partner, items, reason in (
            (nobody, [self._line(self.record)], "No customer"),
            (self.member, [self._line(self.coffee)], "No item"),
        ):
            with self.subTest(reason):
                order = self._sell(partner, *items, self._line(self.care))
                self.assertEqual(order.state, "paid")
                self.assertFalse(self._plans_of(order))
                self.assertIn(reason, self._notes(order))

    def test_each_plan_finds_its_item(self):
        either = self._make_care("Care for all", self.record, self.coffee)
        order = self._sell(
            self.member,
            self._line(self.record),
            self._line(self.coffee),
            self._line(either),
            self._line(self.care),
        )
        found = {
            plan.product_id: plan.item_product_id for plan in self._plans_of(order)
        }
        self.assertEqual(found, {either: self.coffee, self.care: self.record})

    def test_it_ends_with_its_money_and_a_used_one_is_told(self):
        order = self._sell(self.member, self._line(self.record), self._line(self.care))
        plan = self._plans_of(order)
        claim = self.env["loyalty.care.claim"].create(
            {"plan_id": plan.id, "description": "Scratched."}
        )
        claim.action_accept()
        refund = self._refund(order, 1, number=1)
        self.assertEqual(plan.state, "cancelled")
        self.assertIn(claim.name, self._notes(refund))

    def test_it_ends_with_its_item(self):
        order = self._sell(
            self.member, self._line(self.record, 2), self._line(self.care)
        )
        plan = self._plans_of(order)
        self._refund(order, 1)
        self.assertEqual(plan.state, "active")
        self._refund(order, 1)
        self.assertEqual(plan.state, "cancelled")

    def test_the_till_knows_what_a_plan_covers(self):
        child = self.env["product.category"].create({"name": "Child"})
        child.parent_id = parent = child.create({"name": "Parent"})
        self.care.product_tmpl_id.care_category_ids = parent
        terms = self.care.product_tmpl_id.care_terms
        self.assertEqual(terms["templates"], self.record.product_tmpl_id.ids)
        self.assertEqual(set(terms["categories"]), {parent.id, child.id})
        self.assertFalse(self.record.product_tmpl_id.care_terms)
        fields = self.env["product.template"]._load_pos_data_fields(self.till)
        self.assertLessEqual({"care_terms", "is_care_plan"}, set(fields))
