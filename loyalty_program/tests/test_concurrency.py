from decimal import Decimal
from functools import partial
from uuid import uuid4

from odoo.exceptions import UserError
from odoo.tests import tagged

from .commit_common import CommittingCase

CLIENTS = 16


@tagged("post_install", "-at_install")
class TestConcurrency(CommittingCase):
    """Many at once: real transactions, on one card or on many."""

    def test_the_same_key_at_the_same_time_posts_once(self):
        (card,) = self._make_members(1)
        posting = self._make_posting(card, 40, key=f"race:{uuid4()}")
        acts = [partial(self._post_late, posting)] * 4
        posted, _tries = self._race(*acts)
        self.assertEqual(sorted(posted), [0, 0, 0, 1])
        self.assertEqual(self._get_balance(card), 40)

    def _post_late(self, posting, env):
        return self._post(env, posting)

    def test_earnings_at_the_same_time_add_up(self):
        (card,) = self._make_members(1)
        postings = [self._make_posting(card, 7) for _client in range(8)]
        posted, tries = self._race(*(partial(self._post_late, p) for p in postings))
        self.assertEqual(posted, [1] * 8)
        self.assertEqual(tries, 8, "nobody had to begin again")
        self.assertEqual(self._get_balance(card), 56)

    def _spend(self, card, channel, env):
        posting = self._make_posting(card, -100, "redeem", channel=channel)
        return self._post(env, posting, allow_debt=False)

    def test_the_last_points_are_spent_once_in_whatever_channel(self):
        (card,) = self._make_members(1, points=100)
        orders = [self._make_order(card, 20, reward=True) for _order in range(6)]
        acts = [partial(self._confirm, order) for order in orders]
        acts += [partial(self._spend, card, "pos")] * 5
        acts += [partial(self._spend, card, "website")] * 5
        results, _tries = self._race(*acts)
        self.assertEqual(len(acts), CLIENTS)
        self.assertEqual([r for r in results if not isinstance(r, UserError)], [1])
        for refusal in (r for r in results if isinstance(r, UserError)):
            self.assertRegex(str(refusal), "points|reward")
            self.assertNotIn("serialize", str(refusal))
        won_by_order = any(r == 1 for r in results[:6])
        # An order of 20 with 5 off earns 15 on its own.
        self.assertEqual(self._get_balance(card), 15 if won_by_order else 0)

    def test_two_paid_orders_with_the_same_points_are_both_kept(self):
        (card,) = self._make_members(1, points=100)
        orders = [self._make_order(card, reward=True) for _order in range(2)]
        for order in orders:
            self._pay(order)
        results, _tries = self._race(*(partial(self._confirm, o) for o in orders))
        self.assertEqual(results, [1, 1])
        # Both rewards are paid for: 100 - 200 and twice 95 earned.
        self.assertEqual(self._get_balance(card), 90)
        with self._commit() as env:
            states = env["sale.order"].browse(orders).mapped("state")
            self.assertEqual(states, ["sale", "sale"])

    def _pay(self, order_id):
        with self._commit() as env:
            order = env["sale.order"].browse(order_id)
            method = (
                env["payment.method"]
                .with_context(active_test=False)
                .search([], limit=1)
            )
            provider = env["payment.provider"].search([], limit=1)
            env["payment.transaction"].create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": method.id,
                    "reference": f"race-{uuid4()}",
                    "amount": order.amount_total,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_id.id,
                    "state": "done",
                    "is_post_processed": True,
                    "sale_order_ids": [(6, 0, order.ids)],
                }
            )

    def test_the_same_order_in_two_tabs_posts_once(self):
        (card,) = self._make_members(1)
        order = self._make_order(card)
        results, _tries = self._race(*[partial(self._confirm, order)] * 2)
        refused = [r for r in results if isinstance(r, UserError)]
        self.assertLessEqual(len(refused), 1)
        self.assertEqual(self._get_balance(card), 100)

    def test_cancelling_twice_at_once_undoes_once(self):
        (card,) = self._make_members(1)
        order = self._make_order(card)
        with self._commit() as env:
            self._confirm(order, env)

        def cancel(env):
            env["sale.order"].browse(order)._action_cancel()
            return 1

        self._race(cancel, cancel)
        self.assertEqual(self._get_balance(card), 0)

    def test_orders_of_many_members_do_not_meet(self):
        cards = self._make_members(6, points=Decimal(5))
        orders = [self._make_order(card) for card in cards]
        results, tries = self._race(*(partial(self._confirm, o) for o in orders))
        self.assertEqual((results, tries), ([1] * 6, 6))
        self.assertEqual([self._get_balance(card) for card in cards], [105] * 6)

    def test_joining_at_the_same_time_makes_one_member(self):
        with self._commit() as env:
            partner = env["res.partner"].create({"name": "At once"}).id

        def enrol(env):
            program = env["loyalty.program"].browse(self.program)
            partner_record = env["res.partner"].browse(partner)
            return len(program._enrol(partner_record, "api", True))

        self._race(enrol, enrol)
        with self._commit() as env:
            cards = env["loyalty.card"].search([("partner_id", "=", partner)])
            self.assertEqual(len(cards), 1)
