from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .benefit_common import BenefitCase


@tagged("post_install", "-at_install")
class TestTierDiscountProgram(BenefitCase):
    """The promotion behind a tier's percentage follows the benefit."""

    def setUp(self):
        super().setUp()
        self.promotion = self.ten.discount_program_id

    def test_the_customer_reads_a_sentence(self):
        self.assertEqual(self.five.description, "5 % off every purchase.")
        self.five.discount = 7.5
        self.assertEqual(self.five.description, "7.5 % off every purchase.")
        self.assertEqual(self.silver_tier.benefit_words, self.five.description)

    def test_no_percentage_above_a_hundred_or_none(self):
        for percent in (0, -5, 100.01):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self._make_benefit(self.platinum, percent)
        self._make_benefit(self.platinum, 100)

    def test_a_tier_has_one_percentage(self):
        with self.assertRaises(ValidationError):
            self._make_benefit(self.gold_tier, 20)

    def test_the_promotion_follows_the_benefit(self):
        self.ten.with_user(self.manager).discount = 12
        self.assertEqual(self.promotion.reward_ids.discount, 12)
        self.assertEqual(self._quote(self.gold).amount_total, 88)
        self.ten.active = False
        self.assertFalse(self.promotion.active)
        self.assertEqual(self._quote(self.gold).amount_total, 100)
        self.ten.active = True
        self.assertEqual(self._quote(self.gold).amount_total, 88)

    def test_the_promotion_follows_the_programme(self):
        pricelist = self.env["product.pricelist"].create({"name": "Trade"})
        self.program.write({"pricelist_ids": pricelist.ids, "sale_ok": True})
        self.assertEqual(self.promotion.pricelist_ids, pricelist)
        self.program.pricelist_ids = False
        self.program.active = False
        self.assertFalse(self.promotion.active)
        self.program.active = True
        self.assertTrue(self.promotion.active)
        self.gold_tier.name = "Vinyl"
        self.assertIn("Vinyl", self.promotion.name)
        self.assertIn("Vinyl", self.promotion.reward_ids.description)

    def test_nobody_edits_the_promotion_by_hand(self):
        promotion = self.promotion.with_user(self.manager)
        for act in (
            lambda: promotion.write({"name": "Mine"}),
            lambda: promotion.reward_ids.write({"discount": 90}),
            lambda: promotion.rule_ids.write({"minimum_amount": 90}),
            lambda: promotion.write({"audience_tier_ids": False}),
            lambda: promotion.create({"name": "X", "is_tier_discount": True}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                act()

    def test_another_kind_and_a_deletion_retire_the_promotion(self):
        self.ten.write({"kind": "words", "note": "Ten, in my own words."})
        self.assertFalse(self.promotion.active)
        self.assertFalse(self.ten.discount_program_id)
        other = self.five.discount_program_id
        self.five.with_user(self.manager).unlink()
        self.assertFalse(other.active)
        self.assertEqual(self._quote(self.silver).amount_total, 100)

    def test_a_tier_without_members_takes_its_promotion_along(self):
        benefit = self._make_benefit(self.platinum, 20)
        promotion = benefit.discount_program_id
        self.platinum.unlink()
        self.assertFalse(promotion.active)
        self.assertFalse(promotion.audience_tier_ids)

    def test_a_copied_programme_has_promotions_of_its_own(self):
        copy = self.program.copy()
        benefits = copy.tier_ids.benefit_ids
        self.assertEqual(sorted(benefits.mapped("discount")), [5, 10])
        self.assertFalse(benefits.discount_program_id & self.promotion)
        self.assertEqual(
            benefits.discount_program_id.audience_tier_ids,
            copy.tier_ids.filtered("benefit_ids"),
        )

    def test_a_programme_of_another_company_gives_nothing_here(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.program.company_id = self.company
        self.assertEqual(self.promotion.company_id, self.company)
        order = self.env["sale.order"].create(
            {"partner_id": self.gold.id, "company_id": other.id}
        )
        self.assertNotIn(
            self.promotion, self.promotion.filtered_domain(order._get_program_domain())
        )
