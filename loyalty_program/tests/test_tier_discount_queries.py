import logging

from odoo.tests import tagged

from .benefit_common import BenefitCase

_logger = logging.getLogger(__name__)

#: Queries that a tier's percentage adds to a confirmation, and to making a quotation.
SHARE_CONFIRM = 15
SHARE_QUOTE = 30


@tagged("post_install", "-at_install")
class TestTierDiscountQueries(BenefitCase):
    """A tier's percentage costs a few queries an order, and others nothing."""

    def _count_order(self, partner):
        """Return the queries of the second of two like orders: (made, confirmed)."""
        for _order in range(2):
            made = []
            quote = self._count_queries(
                lambda made=made: made.append(self._quote(partner))
            )
            confirm = self._count_queries(made[0].action_confirm)
        return quote, confirm

    def test_an_order_with_the_discount_stays_within_its_budget(self):
        # At the top already: a move between tiers is not counted here.
        top = self._make_tier_member("Petra Platinum", 5000)
        plain = self._count_order(top)
        self._make_benefit(self.platinum, 10)
        discounted = self._count_order(top)
        stranger = self._count_order(self._make_partner())
        (self.five | self.ten).unlink()
        self.platinum.benefit_ids.unlink()
        free = self._count_order(self._make_partner())
        _logger.info(
            "queries (quotation, confirmation): member %s, with the discount %s, "
            "no member %s, no member in a shop without discounts %s",
            plain,
            discounted,
            stranger,
            free,
        )
        self.assertLessEqual(discounted[1] - plain[1], SHARE_CONFIRM)
        self.assertLessEqual(discounted[0] - plain[0], SHARE_QUOTE)
