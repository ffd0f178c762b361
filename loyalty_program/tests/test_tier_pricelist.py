from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .benefit_common import BenefitCase


@tagged("post_install", "-at_install")
class TestTierPricelist(BenefitCase):
    """A tier's price list is the member's, as long as nobody chose another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._enable_pricelists()
        cls.usual = cls._make_pricelist("Usual", 0)
        cls.env["product.pricelist"].search([("id", "!=", cls.usual.id)]).active = False
        cls.trade = cls._make_pricelist("Trade", 30)
        cls.trade.sequence = 99
        cls.benefit = cls.env["loyalty.tier.benefit"].create(
            {
                "tier_id": cls.platinum.id,
                "kind": "pricelist",
                "pricelist_id": cls.trade.id,
            }
        )
        cls.dealer = cls._make_tier_member("Dora Dealer", 2000)
        cls.record = cls._make_product("Trade record")

    @classmethod
    def _enable_pricelists(cls):
        group = cls.env.ref("product.group_product_pricelist")
        cls.env.ref("base.group_user").implied_ids += group

    @classmethod
    def _make_pricelist(cls, name, percent):
        return cls.env["product.pricelist"].create(
            {
                "name": name,
                "item_ids": [
                    Command.create(
                        {"compute_price": "percentage", "percent_price": percent}
                    )
                ],
            }
        )

    def _order(self, partner, **values):
        return self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "user_id": self.salesperson.id,
                "order_line": [Command.create({"product_id": self.record.id})],
                **values,
            }
        )

    def test_a_member_of_the_tier_has_its_prices(self):
        order = self._order(self.dealer)
        self.assertEqual(order.pricelist_id, self.trade)
        self.assertEqual(order.amount_untaxed, 70)
        self.assertEqual(self._order(self.gold).pricelist_id, self.usual)
        self.assertEqual(self._order(self._make_partner()).pricelist_id, self.usual)

    def test_the_percentage_comes_beside_it(self):
        self._make_benefit(self.platinum, 10)
        order = self._order(self.dealer).with_user(self.salesperson)
        order._update_programs_and_rewards()
        self.assertEqual(order.amount_untaxed, 63, "10 % of 70")
        self.program.pricelist_ids = self.usual
        order._update_programs_and_rewards()
        self.assertEqual(order.amount_untaxed, 70, "the programme says otherwise")

    def test_what_somebody_chose_stays(self):
        order = self._order(self.dealer, pricelist_id=self.usual.id)
        self.assertEqual(order.pricelist_id, self.usual)
        special = self._make_pricelist("Special", 50)
        self.dealer.property_product_pricelist = special
        self.assertEqual(self._order(self.dealer).pricelist_id, special)

    def test_without_the_tier_it_is_the_usual_one_again(self):
        before = self._order(self.dealer)
        self.program._get_member_card(self.dealer).sudo().member_state = "left"
        self.assertEqual(self._order(self.dealer).pricelist_id, self.usual)
        self.assertEqual(before.pricelist_id, self.trade, "an order keeps its own")

    def test_a_benefit_that_ends_ends_the_prices(self):
        self.assertEqual(self.dealer.property_product_pricelist, self.trade)
        self.benefit.active = False
        self.assertEqual(self.dealer.property_product_pricelist, self.usual)

    def test_who_looks_at_archived_records_changes_nothing_for_others(self):
        self.benefit.active = False
        benefits = self.env["loyalty.tier.benefit"].with_context(active_test=False)
        self.assertFalse(benefits._get_tier_pricelists())
        self.assertEqual(self._order(self.dealer).pricelist_id, self.usual)

    def test_the_customer_reads_a_sentence(self):
        self.assertEqual(self.benefit.description, "Prices of the list “Trade”.")

    def test_no_list_and_one_of_another_company_are_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.program.company_id = self.company
        pricelists = self.env["product.pricelist"]
        foreign = pricelists.create({"name": "Foreign", "company_id": other.id})
        for pricelist in (pricelists, foreign):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.benefit.pricelist_id = pricelist
