from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase
from odoo.addons.loyalty_program.engine.audience import admits


@tagged("post_install", "-at_install")
class TestAudienceQuery(LoyaltyCase):
    """The database answers what the engine answers, over all that can be asked."""

    def test_the_query_and_the_engine_agree(self):
        tiers = self.program.tier_ids.sorted("threshold")[:2]
        segments = self.env["loyalty.segment"].create(
            [
                {"name": "Friends", "kind": "manual"},
                {"name": "Archived", "kind": "manual", "active": False},
            ]
        )
        named_sets = [
            (some_tiers, some_segments, join)
            for some_tiers in self._subsets(tiers)
            for some_segments in self._subsets(segments)
            for join in ("any", "all")
        ]
        products = self.env["product.template"].create(
            [
                {
                    "name": "Asked",
                    "audience_tier_ids": [Command.set(some_tiers)],
                    "audience_segment_ids": [Command.set(some_segments)],
                    "audience_join": join,
                }
                for some_tiers, some_segments, join in named_sets
            ]
        )
        self.assertEqual(len(products), 32)
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

    def _subsets(self, records):
        one, other = records.ids
        return [], [one], [other], [one, other]
