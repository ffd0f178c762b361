from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestStockRights(LoyaltyCase):
    """Who sells loses the right that Odoo gives them over balances and history."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.recorded = cls._make_card(cls._make_recorded_program(), points=10)
        cls._post(300)

    def _redeemed(self):
        """Return a confirmed order of the member with a reward of 100 points."""
        order = self._make_order(self.member, 50)
        self._claim_reward(order)
        order.action_confirm()
        return order, order.order_line.filtered("reward_id")

    def test_who_sells_writes_no_balance_of_a_member(self):
        with self.assertRaises(AccessError):
            self.card.with_user(self.salesperson).points = 999
        self.recorded.with_user(self.salesperson).points = 999
        self.assertEqual(self.recorded.points, 999)

    def test_who_sells_changes_no_members_card(self):
        card = self.card.with_user(self.salesperson)
        for values in (
            {"code": "MINE"},
            {"active": False},
            {"expiration_date": "2020-01-01"},
            {"partner_id": self.salesperson.partner_id.id},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                card.write(values)
        self.recorded.with_user(self.salesperson).code = "MINE"

    def test_nobody_writes_what_the_suite_keeps_on_a_card(self):
        own = [
            field
            for field in self.card._fields.values()
            if field.column_type
            and field.store
            and "".join(field._modules[:1]).startswith("loyalty_program")
        ]
        self.assertGreater(len(own), 20)
        card = self.card.with_user(self.manager)
        for field in own:
            with self.subTest(field=field.name), self.assertRaises(AccessError):
                card.write({field.name: False})

    def test_who_sells_writes_no_history_of_a_member(self):
        history = self.env["loyalty.history"].with_user(self.salesperson)
        values = {"card_id": self.card.id, "description": "Gift", "issued": 50}
        with self.assertRaises(AccessError):
            history.create(values)
        del values["card_id"]
        with self.assertRaises(AccessError):
            history.with_context(default_card_id=self.card.id).create(values)
        own = history.create({**values, "card_id": self.recorded.id})
        with self.assertRaises(AccessError):
            own.card_id = self.card

    def test_who_sells_changes_no_history_of_a_member(self):
        order, _line = self._redeemed()
        notes = self.card.history_ids.filtered(lambda h: h.order_id == order.id)
        self.assertTrue(notes)
        with self.assertRaises(AccessError):
            notes.with_user(self.salesperson).write({"issued": 5000})

    def test_who_sells_confirms_redeems_and_cancels_without_the_right(self):
        order, _line = self._redeemed()
        self.assertEqual(self._story(order), [("redeem", -100), ("earn", 45)])
        order._action_cancel()
        self.assertEqual(self.card.points, 300)

    def test_nobody_lowers_the_cost_of_a_claimed_reward(self):
        order, line = self._redeemed()
        before = self.card.points
        line = line.with_user(self.salesperson)
        thief = self._make_member("Thea Thief")
        for values in (
            {"points_cost": 0},
            {"coupon_id": thief.id},
            {"reward_id": False, "coupon_id": False},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                line.write(values)
        with self.assertRaises(AccessError):
            order.write({"order_line": [Command.update(line.id, {"points_cost": 1})]})
        self.env.invalidate_all()
        self.assertEqual((self.card.points, thief.points), (before, 0))

    def test_nobody_makes_a_reward_line_that_takes_anothers_points(self):
        order = self._buy(50, partner=self._make_partner())
        values = {
            "order_id": order.id,
            "product_id": self.product.id,
            "reward_id": self.program.reward_ids[0].id,
            "coupon_id": self.card.id,
            "points_cost": 100,
        }
        lines = self.env["sale.order.line"].with_user(self.salesperson)
        with self.assertRaises(AccessError):
            lines.create(values)
        with self.assertRaises(AccessError):
            del values["order_id"]
            order.write({"order_line": [Command.create(values)]})
        self.env.invalidate_all()
        self.assertEqual(self.card.points, 300)

    def test_the_price_of_a_claimed_line_may_still_be_saved_with_it(self):
        _order, line = self._redeemed()
        line.with_user(self.salesperson).write(
            {"points_cost": line.points_cost, "coupon_id": line.coupon_id.id}
        )
        self.assertEqual(self.card.points, 245)
