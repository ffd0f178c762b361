from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestTillRights(TillCase):
    """What a till asks is answered to tills, and to nobody else who can call it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give(cls, 100)
        cls.reward = cls.program.reward_ids[0]
        cls.gift_cards = cls.env["loyalty.program"].create(
            {"name": "Gift cards", "program_type": "gift_card"}
        )
        cls.outsiders = cls.env["res.users"].union(
            *(
                new_test_user(cls.env, f"outsider_{number}", groups=groups)
                for number, groups in enumerate(
                    (
                        "base.group_portal",
                        "base.group_user",
                        "base.group_user,sales_team.group_sale_salesman",
                        "base.group_user,loyalty_program.group_loyalty_user",
                    )
                )
            )
        )

    def _assert_closed(self, call):
        """Assert that a call is refused to everybody who has no till.

        :param call: function of an environment
        """
        for user in self.outsiders:
            # A request begins with nothing read yet.
            self.env.invalidate_all()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                call(self.env(user=user))

    def test_nobody_else_asks_for_the_points_of_a_card(self):
        changes = {str(self.card.id): -1_000}
        self._assert_closed(
            lambda env: env["pos.order"].validate_coupon_programs(changes, [])
        )

    def test_nobody_else_keeps_points_of_a_member(self):
        changes = {str(self.card.id): -100}
        self._assert_closed(
            lambda env: env["pos.order"].validate_coupon_programs(changes, [])
        )
        self.assertFalse(
            self.env["loyalty.reservation"].search([("card_id", "=", self.card.id)])
        )

    def test_nobody_else_learns_whether_a_membership_is_frozen(self):
        self.card.sudo()._freeze("other")
        changes = {str(self.card.id): -1}
        self._assert_closed(
            lambda env: env["pos.order"].validate_coupon_programs(changes, [])
        )

    def test_nobody_else_asks_for_a_code(self):
        code = self.card.code
        self._assert_closed(
            lambda env: (
                env["pos.config"]
                .browse(self.till.id)
                .use_coupon_code(code, "2026-06-30 10:00:00", False, False)
            )
        )
        for method in ("get_loyalty_card_partner_by_code", "get_gift_card_status"):
            arguments = (code, self.till.id)[: 1 + ("status" in method)]
            self._assert_closed(
                lambda env, method=method, arguments=arguments: getattr(
                    env["loyalty.card"], method
                )(*arguments)
            )

    def test_nobody_else_asks_what_stands_against_a_claim_or_a_refund(self):
        claim = {"card_id": self.card.id, "reward_id": self.reward.id, "times": 1}
        self._assert_closed(lambda env: env["pos.order"].loyalty_check_claims([claim]))
        line = self._sell(self.member, self._line(self.record)).lines
        self._assert_closed(
            lambda env: env["pos.order"].loyalty_check_refund([[line.id, 1]])
        )

    def test_nobody_else_books_a_card(self):
        order = self._sell(self.member, self._line(self.record))
        wish = {"-1": {"program_id": self.gift_cards.id, "points": 50}}
        self._assert_closed(
            lambda env: env["pos.order"].browse(order.id).confirm_coupon_programs(wish)
        )
        self._assert_closed(lambda env: env["pos.order"].confirm_coupon_programs(wish))
        self.assertFalse(self.gift_cards.coupon_ids)

    def test_a_cashier_books_no_card_without_a_paid_sale(self):
        wish = {"-1": {"program_id": self.gift_cards.id, "points": 50}}
        orders = self.env["pos.order"].with_user(self.cashier)
        with self.assertRaises(UserError):
            orders.confirm_coupon_programs(wish)
        draft = self._order_values(self.member, self._line(self.record), state="draft")
        draft["payment_ids"], draft["amount_paid"] = [], 0
        order = self._sync(draft)
        self.assertEqual(order.state, "draft")
        with self.assertRaises(UserError):
            order.with_user(self.cashier).confirm_coupon_programs(wish)
        self.assertFalse(self.gift_cards.coupon_ids)

    def test_a_cashier_of_another_company_learns_nothing(self):
        company = self.env["res.company"].create({"name": "Other Ltd"})
        self.program.company_id = self.env.company
        stranger = new_test_user(
            self.env,
            "till_elsewhere",
            groups="base.group_user,point_of_sale.group_pos_user",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.card.sudo()._freeze("other")
        self.reward.claim_to = "2020-01-31"
        self.env.flush_all()
        orders = self.env["pos.order"].with_user(stranger)
        claim = {"card_id": self.card.id, "reward_id": self.reward.id, "times": 1}
        self.env.invalidate_all()
        self.assertFalse(orders.loyalty_check_claims([claim]))
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            orders.validate_coupon_programs({str(self.card.id): -1}, [])
