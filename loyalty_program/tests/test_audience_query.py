from decimal import Decimal

from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase
from odoo.addons.loyalty_program.engine.audience import admits


@tagged("post_install", "-at_install")
class TestAudienceQuery(LoyaltyCase):
    """The database answers what the engine answers, over all that can be asked."""

    def test_the_query_and_the_engine_agree(self):
        tiers = self.program.tier_ids.sorted("threshold")[:2]
        segments = self._make_segments()
        segments[1].active = False
        products = self._make_products(tiers, segments)
        names = products._get_names()
        for held in self._subsets(tiers):
            for inside in self._subsets(segments):
                found = names.search(
                    [
                        ("id", "in", products.ids),
                        *products._get_admitting_domain(held, inside),
                    ]
                )
                expected = products.filtered(
                    lambda product, held=held, inside=inside: admits(
                        product._get_audience(), held, inside
                    )
                )
                self.assertEqual(found, expected, (held, inside))

    def test_customers_found_are_those_the_engine_admits(self):
        tiers = self.program.tier_ids.sorted("threshold")[:2]
        segments = self._make_segments()
        customers = self.env["res.partner"]
        for inside in self._subsets(segments):
            bronze, silver = self._make_member("Low"), self._make_member("High")
            self._post(
                150,
                "earn",
                card=silver,
                base_amount=Decimal(150),
                counts_for_tier=True,
            )
            group = self._make_partner() | bronze.partner_id | silver.partner_id
            group.loyalty_segment_ids = [Command.set(inside)]
            customers |= group
        segments[1].active = False
        self.env.flush_all()
        self.env.invalidate_all()
        standings = {
            customer: customer._get_loyalty_standing() for customer in customers
        }
        self.assertEqual(
            len(set(standings.values())), 6, "no tier or one of two, a segment or none"
        )
        for product in self._make_products(tiers, segments):
            audience = product._get_audience()
            found = customers.sudo().search(
                [("id", "in", customers.ids), *product._get_customer_domain()]
            )
            admitted = [
                customer.id
                for customer, standing in standings.items()
                if admits(audience, *standing)
            ]
            self.assertEqual(set(found.ids), set(admitted), audience)

    def _make_segments(self):
        return self.env["loyalty.segment"].create(
            [
                {"name": "Friends", "kind": "manual"},
                {"name": "Archived", "kind": "manual"},
            ]
        )

    def _make_products(self, tiers, segments):
        """Return a product for each audience that can be made of these."""
        products = self.env["product.template"].create(
            [
                {
                    "name": "Asked",
                    "audience_tier_ids": [Command.set(some_tiers)],
                    "audience_segment_ids": [Command.set(some_segments)],
                    "audience_join": join,
                }
                for some_tiers in self._subsets(tiers)
                for some_segments in self._subsets(segments)
                for join in ("any", "all")
            ]
        )
        self.assertEqual(len(products), 32)
        return products

    def _subsets(self, records):
        one, other = records.ids
        return [], [one], [other], [one, other]
