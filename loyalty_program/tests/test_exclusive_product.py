from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .common import NOW, LoyaltyCase


@tagged("post_install", "-at_install")
class TestExclusiveProduct(LoyaltyCase):
    """For whom a product is, until when, and who says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bronze, cls.silver, cls.gold = cls.program.tier_ids.sorted("threshold")[:3]
        cls.pressing = cls._make_product("Pressing").product_tmpl_id
        cls.pressing.audience_tier_ids = cls.silver | cls.gold
        silver_card = cls._make_member("Sita Silver")
        silver_card.tier_id = cls.silver
        cls.silver_member = silver_card.partner_id
        cls.nobody = cls.env["res.partner"]

    def test_it_is_for_those_who_hold_a_tier(self):
        self.assertTrue(self.pressing._is_for(self.silver_member))
        self.assertFalse(self.pressing._is_for(self.member))
        self.assertFalse(self.pressing._is_for(self._make_partner()))
        self.assertFalse(self.pressing._is_for(self.nobody))
        self.assertEqual(
            self.pressing._explain_audience(),
            "“Pressing” is only for these tiers: Silver, Gold.",
        )

    def test_others_products_stay_for_everybody(self):
        record = self.product.product_tmpl_id
        both = record | self.pressing
        self.assertEqual(both._filter_for(self.nobody), record)
        self.assertFalse(record.audience_words)

    def test_an_archived_segment_keeps_out(self):
        segment = self.env["loyalty.segment"].create(
            {
                "name": "Friends",
                "kind": "manual",
                "partner_ids": [Command.link(self.member.id)],
            }
        )
        self.pressing.write(
            {
                "audience_tier_ids": [Command.clear()],
                "audience_segment_ids": [Command.set(segment.ids)],
            }
        )
        self.assertTrue(self.pressing._is_for(self.member))
        segment.active = False
        self.env.invalidate_all()
        self.assertTrue(self.pressing.has_audience)
        self.assertFalse(self.pressing._is_for(self.member))
        self.assertFalse(self.pressing._is_for(self.nobody))

    def test_what_it_names_is_not_deleted_under_it(self):
        segment = self.env["loyalty.segment"].create({"name": "F", "kind": "manual"})
        self.pressing.audience_segment_ids = segment
        for named in (self.gold, segment):
            with self.assertRaisesRegex(
                UserError, "“Pressing” is only for some customers"
            ):
                named.unlink()
        self.pressing.write({"audience_tier_ids": False, "audience_segment_ids": False})
        segment.unlink()
        self.gold.unlink()
        self.assertTrue(self.pressing._is_for(self.nobody))

    # === Early access ===

    def test_early_access_ends_on_the_second(self):
        self.pressing.open_to_all_from = "2026-06-30 12:00:00"
        for moment, is_open in (
            ("2026-06-30 11:59:59", False),
            ("2026-06-30 12:00:00", True),
        ):
            with freeze_time(moment):
                self.assertEqual(self.pressing._is_for(self.nobody), is_open, moment)
                hidden = self.pressing._get_names().search(
                    self.pressing._get_hidden_domain(self.nobody)
                )
                self.assertFalse(hidden, "locked is not hidden")
        self.pressing.audience_look = "hidden"
        with freeze_time("2026-06-30 11:59:59"):
            domain = self.pressing._get_hidden_domain(self.nobody)
            self.assertEqual(self.pressing._get_names().search(domain), self.pressing)
            domain = self.pressing._get_hidden_domain(self.silver_member)
            self.assertFalse(self.pressing._get_names().search(domain))
        with freeze_time("2026-06-30 12:00:00"):
            domain = self.pressing._get_hidden_domain(self.nobody)
            self.assertFalse(self.pressing._get_names().search(domain))

    @freeze_time(NOW)
    def test_the_day_is_told_on_the_clock_of_the_company(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        self.pressing.open_to_all_from = "2026-12-31 12:30:00"
        self.assertEqual(
            self.pressing._explain_audience(),
            "“Pressing” is only for these tiers: Silver, Gold. Everybody may buy it "
            "from 1 January 2027, 01:30 (Pacific/Auckland) on.",
        )

    def test_a_day_without_an_audience_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Say which tiers or segments"):
            self.product.product_tmpl_id.open_to_all_from = "2026-12-31 12:00:00"

    def test_a_tier_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assertRaisesRegex(ValidationError, "belong to another company"):
            self.pressing.company_id = other

    # === Rights ===

    def test_only_a_loyalty_manager_says_for_whom(self):
        maker = self._make_user("maker", "product.group_product_manager")
        pressing = self.pressing.with_user(maker)
        for values in (
            {"audience_tier_ids": [Command.clear()]},
            {"audience_look": "hidden"},
            {"open_to_all_from": NOW},
        ):
            with self.assertRaisesRegex(AccessError, "Only a loyalty manager says"):
                pressing.write(values)
            with self.assertRaisesRegex(AccessError, "Only a loyalty manager says"):
                pressing.product_variant_id.write(values)
        with self.assertRaises(AccessError):
            pressing.create({"name": "N", "audience_tier_ids": self.gold.ids})
        with self.assertRaises(AccessError):
            pressing.copy({"audience_tier_ids": [Command.clear()]})
        self.pressing.audience_look = "hidden"
        copy = pressing.copy().sudo()
        self.assertEqual(copy.audience_tier_ids, self.silver | self.gold)
        self.assertEqual(copy.audience_look, "hidden")
        pressing.name = "Renamed"
        self.pressing.with_user(self.manager).audience_tier_ids = self.gold
        self.assertFalse(self.pressing._is_for(self.silver_member))

    def test_the_form_serves_manager_and_maker(self):
        maker = self._make_user("maker", "product.group_product_manager")
        with Form(self.pressing.with_user(maker)) as form:
            self.assertIn("Silver, Gold", form.audience_words)
            form.name = "By its maker"
        with Form(self.pressing.with_user(self.manager)) as form:
            form.audience_look = "hidden"
        self.assertEqual(self.pressing.audience_look, "hidden")
        with Form(self.env["product.template"].with_user(maker)) as form:
            form.name = "New"

    def test_a_customer_reads_no_names(self):
        customer = new_test_user(self.env, "reader", groups="base.group_portal")
        pressing = self.pressing.with_user(customer)
        for field in ("audience_tier_ids", "audience_segment_ids", "audience_words"):
            with self.assertRaises(AccessError):
                pressing.read([field])
