from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain
from odoo.tests import tagged

from .care_common import CareCase


@tagged("post_install", "-at_install")
class TestCareProduct(CareCase):
    """What a care plan covers, and which settings are refused."""

    def test_it_covers_goods_of_its_categories_and_their_children(self):
        parent = self.env["product.category"].create({"name": "Flying"})
        child = parent.create({"name": "Drones", "parent_id": parent.id})
        other = parent.create({"name": "Boats"})
        plan = self.plan_product.product_tmpl_id
        plan.write(
            {
                "care_product_tmpl_ids": [Command.clear()],
                "care_category_ids": [Command.set(parent.ids)],
            }
        )
        goods = self._make_product("Racer", type="consu", categ_id=child.id)
        lesson = self._make_product("Lesson", categ_id=child.id)
        boat = self._make_product("Boat", type="consu", categ_id=other.id)
        products = goods | lesson | boat | self.plan_product
        suited = products.filtered(plan._is_care_for)
        self.assertEqual(suited, goods)
        self.assertEqual(products.filtered_domain(plan._get_care_domain()), goods)
        found = products.search(
            plan._get_care_domain() & Domain("id", "in", products.ids)
        )
        self.assertEqual(found, goods)

    def test_its_words_say_what_it_gives(self):
        words = " ".join(self.plan_product.product_tmpl_id._list_care_words())
        self.assertIn("12 months", words)
        self.assertIn("Claims included: 2, at", words)
        self.assertIn("within 30 days", words)

    def test_bad_settings_are_refused(self):
        plan = self.plan_product.product_tmpl_id
        second = self._make_care_product(self.drone)
        for values in (
            {"type": "consu"},
            {"care_product_tmpl_ids": [Command.clear()]},
            {"care_product_tmpl_ids": [Command.link(second.product_tmpl_id.id)]},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                plan.write(values)
        gold = self.program.tier_ids.sorted("threshold")[2]
        for values in (
            {"care_months": 0},
            {"care_claims": 0},
            {"care_fee": -1},
            {"care_buy_days": -1},
            {"loyalty_tier_id": gold.id},
        ):
            with self.subTest(values), self.assert_refused_by_sql():
                plan.write(values)
                plan.flush_recordset()
