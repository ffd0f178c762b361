import json

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .exclusive_common import ExclusiveCommon


@tagged("post_install", "-at_install")
class TestExclusiveShop(ExclusiveCommon):
    """What each visitor sees of what is not for everybody."""

    def test_the_list_and_the_page(self):
        for who, user, is_gold, is_staff in self.visitors:
            with self.subTest(who=who):
                self._visit_as(user)
                shop = self._read_main("/shop?search=Test")
                self.assertIn("Test Locked Pressing", shop)
                self.assertIn("Test Album", shop)
                self.assertEqual("Test Hidden Pressing" in shop, is_gold or is_staff)
                self.assertEqual("Only for Gold" in shop, not is_gold)

                page = self._read_main(self.locked.website_url)
                self.assertEqual('id="add_to_cart"' in page, is_gold)
                self.assertEqual("o_lp_lock_reason" in page, not is_gold)
                self.assertIn("55.00", page)
                way = "Sign in or join" if user is None else "See how far you are"
                self.assertEqual(way in page, not is_gold)

                answer = self.url_open(f"/shop/{self.hidden.id}")
                seen = answer.status_code == 200 and "Hidden Pressing" in answer.text
                self.assertEqual(seen, is_gold or is_staff)
                if not seen:
                    self.assertEqual(answer.status_code, 404)
                    self.assertNotIn("hidden-pressing", answer.url)

    def test_the_opening_opens_it(self):
        everything = self.locked | self.hidden
        everything.open_to_all_from = "2001-01-01 00:00:00"
        self._visit_as(None)
        shop = self._read_main("/shop?search=Test")
        self.assertIn("Test Hidden Pressing", shop)
        self.assertNotIn("o_lp_exclusive", shop)
        self.assertIn('id="add_to_cart"', self._read_main(self.hidden.website_url))

    def test_one_page_after_the_other_for_different_visitors(self):
        """Nothing that was made for one customer is served to another."""
        for user, seen in (
            (self.gold_user, True),
            (self.member_user, False),
            (self.gold_user, True),
            (None, False),
        ):
            self._visit_as(user)
            shop = self._read_main("/shop?search=Test")
            self.assertEqual("Test Hidden Pressing" in shop, seen)
        self._visit_as(self.gold_user)
        self._drop_from_gold()
        self.assertNotIn("Hidden Pressing", self._read_main("/shop?search=Test"))

    # === The ways beside the shop's list ===

    def test_pictures_documents_and_comparisons(self):
        variant = self.hidden.product_variant_id
        for who, user, is_gold, is_staff in self.visitors:
            with self.subTest(who=who):
                self._visit_as(user)
                compared = self.make_jsonrpc_request(
                    "/shop/compare/get_product_data", {"product_ids": variant.ids}
                )
                self.assertEqual(bool(compared), is_gold or is_staff)
                # Odoo warns of who asks for what is not theirs.
                with mute_logger("odoo.http"):
                    old = self.url_open(
                        f"/shop/product/{self.hidden.id}", allow_redirects=False
                    )
                leaks = "hidden" in old.headers.get("Location", "")
                self.assertEqual(leaks, is_gold or is_staff)

    def test_completion_and_sitemap(self):
        for who, user, is_gold, is_staff in self.visitors:
            with self.subTest(who=who):
                self._visit_as(user)
                found = self.make_jsonrpc_request(
                    "/website/snippet/autocomplete",
                    {
                        "search_type": "products",
                        "term": "Test Hidden",
                        "options": {
                            "displayImage": True,
                            "displayDescription": True,
                            "displayExtraLink": True,
                            "displayDetail": True,
                            "allowFuzzy": True,
                        },
                    },
                )
                told = "Hidden" in json.dumps(found.get("results", []))
                self.assertEqual(told, is_gold or is_staff)
        self._visit_as(self.gold_user)
        sitemap = self.url_open("/sitemap.xml").text
        self.assertIn(self.locked.website_url, sitemap)
        self.assertNotIn(self.hidden.website_url, sitemap)

    def test_rows_of_products_on_a_page(self):
        newest = self.env.ref("website_sale.dynamic_filter_newest_products")
        self.album.product_tmpl_id.alternative_product_ids = self.hidden | self.locked
        cross = self.env.ref(
            "website_sale.dynamic_filter_cross_selling_alternative_products"
        )
        for who, user, is_gold, is_staff in self.visitors:
            with self.subTest(who=who):
                self._visit_as(user)
                for options in (
                    {"filter_id": newest.id},
                    {
                        "filter_id": cross.id,
                        "productTemplateId": self.album.product_tmpl_id.id,
                    },
                    {
                        "filter_id": False,
                        "res_model": "product.product",
                        "res_id": self.hidden.product_variant_id.id,
                        "limit": 1,
                    },
                ):
                    rows = self.make_jsonrpc_request(
                        "/website/snippet/filters",
                        {
                            "template_key": "website_sale."
                            "dynamic_filter_template_product_product_products_item",
                            "limit": 16,
                            **options,
                        },
                    )
                    told = "Hidden Pressing" in "".join(rows)
                    self.assertEqual(told, is_gold or is_staff, options)

    def test_a_feed_offers_what_everybody_may_buy(self):
        (self.locked | self.hidden).type = "consu"
        self.album.type = "consu"
        domain = self.website._get_basic_feed_product_domain()
        offered = self.env["product.product"].search(domain)
        self.assertIn(self.album, offered)
        self.assertFalse(offered.product_tmpl_id & (self.locked | self.hidden))

    # === By the models, as a script of a customer's would ===

    def test_the_models_tell_customers_nothing(self):
        hidden, variant = self.hidden, self.hidden.product_variant_id
        for who, user, is_gold, is_staff in self.visitors:
            user = user or self.website.user_id
            with self.subTest(who=who):
                self.env.invalidate_all()
                for record in (hidden, variant):
                    asked = record.with_user(user)
                    found = asked.search([("name", "=", "Test Hidden Pressing")])
                    self.assertEqual(bool(found), is_gold or is_staff)
                    self.assertEqual(asked.has_access("read"), is_gold or is_staff)
                    if not (is_gold or is_staff):
                        with self.assertRaises(AccessError):
                            asked.read(["name"])
                        with self.assertRaises(AccessError):
                            _name = asked.name
                website = self.website.with_user(user)
                shown = website.sale_product_domain()
                shown = hidden.with_user(user).sudo().search(shown)
                self.assertEqual(hidden in shown, is_gold or is_staff)

    def test_queries_do_not_grow(self):
        """Measured: 51 without, 54 with 6 or 12 locked and 40 hidden, as a guest."""
        self.env["product.template"].search([]).is_published = False
        category = self.env["product.public.category"].create({"name": "All"})

        def fill(number, **values):
            return self.env["product.template"].create(
                [
                    {
                        "name": f"P {n}",
                        "type": "service",
                        "is_published": True,
                        "public_categ_ids": category.ids,
                        **values,
                    }
                    for n in range(number)
                ]
            )

        def count(user):
            self._visit_as(user)
            url = f"/shop/category/{category.id}"
            self.url_open(url)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.url_open(url).status_code, 200)
            return self.env.cr.sql_log_count - before

        plain = fill(18)
        visitors = (None, self.member_user)
        none = [count(user) for user in visitors]
        plain[:6].write({"audience_tier_ids": self.gold.ids})
        few = [count(user) for user in visitors]
        plain[6:12].write({"audience_tier_ids": self.gold.ids})
        fill(40, audience_tier_ids=self.gold.ids, audience_look="hidden")
        many = [count(user) for user in visitors]
        for asked, has_few, has_many in zip(none, few, many, strict=True):
            self.assertLessEqual(has_few, asked + 4)
            self.assertLessEqual(has_many, has_few)
