from unittest.mock import patch

from odoo.tests import tagged

from .promotion_common import PromotionCase

#: Promotions that an order does not fulfil; those that it does, few and many.
OTHERS = 60
FEW, MANY = 2, 22


@tagged("post_install", "-at_install")
class TestPromotionsBudget(PromotionCase):
    """Promotions that do not concern an order cost it nothing, many little."""

    def _count_looks(self):
        """Return the queries of the first look at an order, and of the next."""
        for _order in range(2):
            # As within a server: what all remember is remembered by then.
            order = self._make_order(self.member, 24, 24)
            counts = self._count_queries(lambda o=order: self._look(o))
        return counts, self._count_queries(lambda: self._look(order))

    def _get_checked(self):
        """Return how many programmes Odoo checks one by one for an order."""
        order = self._make_order(self.member, 24, 24)
        checked = []
        orders = self.env.registry["sale.order"]
        check = orders._program_check_compute_points

        def spy(self, programs):
            checked.append(len(programs))
            return check(self, programs)

        with patch.object(orders, "_program_check_compute_points", spy):
            self._look(order)
        return sum(checked)

    def test_what_an_order_does_not_fulfil_is_not_asked(self):
        other = self._make_product("Other")
        category = self.env["product.category"].create({"name": "Other"})
        tag = self.env["product.tag"].create({"name": "Other"})
        for _number in range(FEW):
            self._make_promotion()
        before = self._get_checked(), self._count_looks()
        for number in range(OTHERS):
            rules = (
                {"product_ids": other.ids},
                {"product_category_id": category.id},
                {"product_tag_id": tag.id},
                {"product_domain": '[["list_price", ">", 9000]]'},
                {"minimum_amount": 1000 + number},
                {"minimum_qty": 10 + number},
            )
            self._make_promotion(rules[number % len(rules)])
        checked, looks = self._get_checked(), self._count_looks()
        self.assertEqual(checked, before[0])
        # One looks which of the named products there are, four read what the rules
        # ask of the order's own.
        self.assertLessEqual(looks[0] - before[1][0], 5)
        self.assertLessEqual(looks[1] - before[1][1], 5)

    def test_many_that_fit_take_as_many_queries_as_few(self):
        for _number in range(FEW):
            self._make_promotion()
        few = self._count_looks()
        for _number in range(MANY - FEW):
            self._make_promotion()
        many = self._count_looks()
        self.assertLessEqual(many[0] - few[0], 2)
        self.assertLessEqual(many[1] - few[1], 0)

    def test_cards_are_not_looked_up_one_by_one(self):
        """The points of each card are found without going through all of them."""
        for _number in range(MANY):
            self._make_promotion()
        order = self._make_order(self.member, 24)
        order._update_programs_and_rewards()
        model = self.env.registry["sale.order.coupon.points"]
        filtered = model.filtered
        walked = []

        def spy(self, func):
            walked.append(len(self))
            return filtered(self, func)

        with patch.object(model, "filtered", spy):
            self.assertGreaterEqual(len(order._get_claimable_rewards()), MANY)
        self.assertLess(sum(walked), 2 * MANY)
