from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .promotion_common import PromotionCase
from odoo.addons.sale_loyalty.models.loyalty_program import LoyaltyProgram

#: Orders of the past that used the promotion, and its limit.
PAST, LIMIT = 30, 3


@tagged("post_install", "-at_install")
class TestUsageLimit(PromotionCase):
    """Uses are counted as Odoo does, and for a cart no further than the limit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.limited = cls._make_promotion(
            {"minimum_qty": 0},
            limit_usage=True,
            max_usage=LIMIT,
            reward_ids=[
                Command.clear(),
                Command.create({"discount": 5}),
                Command.create({"discount": 7}),
            ],
        )
        cls.first, cls.second = cls.limited.reward_ids

    def _use(self, count, *rewards, **values):
        """Make orders that used rewards, two lines of each."""
        lines = [
            Command.create(
                {
                    "name": reward.description,
                    "product_id": reward.discount_line_product_id.id,
                    "reward_id": reward.id,
                    "price_unit": -1,
                }
            )
            for reward in rewards
            for _line in range(2)
        ]
        return self.env["sale.order"].create(
            [
                {"partner_id": self.member.id, "order_line": lines, **values}
                for _order in range(count)
            ]
        )

    def _count(self, programs, reader=None):
        """Return (Odoo's count, ours) of each programme, as the reader sees it."""
        seen = programs.with_user(reader or self.env.user)
        seen.invalidate_recordset(["order_count"])
        with self.env.protecting([seen._fields["order_count"]], seen):
            LoyaltyProgram._compute_order_count(seen)
        theirs = seen.mapped("order_count")
        seen.invalidate_recordset(["order_count"])
        return theirs, seen.mapped("order_count")

    def _count_bounded(self):
        with self.env["loyalty.program"]._counting_up_to_limits():
            return self.limited.total_order_count

    def test_orders_are_counted_as_odoo_does(self):
        other = self._make_promotion()
        unused = self._make_promotion()
        self._use(2, self.first, self.second)
        self._use(1, self.second, other.reward_ids)
        # A cancelled order gives its rewards back.
        self._use(1, self.first)[0]._action_cancel()
        programs = self.limited | other | unused
        theirs, ours = self._count(programs)
        self.assertEqual(ours, theirs)
        self.assertEqual(ours, [3, 1, 0])
        self.second.active = False
        theirs, ours = self._count(programs)
        self.assertEqual(ours, theirs)

    def test_who_sees_fewer_orders_counts_fewer_as_in_odoo(self):
        reader = new_test_user(
            self.env, "own_seller", groups="sales_team.group_sale_salesman"
        )
        self._use(2, self.first, user_id=self.salesperson.id)
        self._use(1, self.first, user_id=reader.id)
        theirs, ours = self._count(self.limited, reader)
        self.assertEqual(ours, theirs)
        self.assertLess(ours[0], 3)

    def test_a_cart_is_told_no_more_than_whether_the_limit_is_reached(self):
        self._use(LIMIT - 1, self.first)
        self.assertEqual(self._count_bounded(), LIMIT - 1)
        self.assertIn(self.limited, self._look(self._make_order(self.member).sudo()))
        self._use(PAST, self.second)
        self.assertGreaterEqual(self._count_bounded(), LIMIT)
        self.assertNotIn(self.limited, self._look(self._make_order(self.member).sudo()))
        # What the manager reads is all of them, in the same transaction.
        self.assertEqual(self.limited.total_order_count, LIMIT - 1 + PAST)

    def test_what_a_cart_reads_does_not_grow_with_the_past(self):
        self._use(PAST, self.first, self.second)
        # Of each reward one more than the limit, whatever there is.
        self.assertLessEqual(self._count_bounded(), 2 * (LIMIT + 1))
        self.assertEqual(self.limited.total_order_count, PAST)
        unlimited = self._make_promotion()
        self._use(1, unlimited.reward_ids)
        with self.env["loyalty.program"]._counting_up_to_limits():
            self.assertFalse(unlimited.total_order_count)
        self.assertEqual(unlimited.total_order_count, 1)
