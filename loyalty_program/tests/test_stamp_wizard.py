from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .stamp_common import StampCase


@tagged("post_install", "-at_install")
class TestStampWizard(StampCase):
    """A manager makes a stamp card in a few clicks."""

    def test_the_answers_make_a_running_stamp_card(self):
        program = self.stamps
        self.assertEqual(program.ledger_policy, "strict")
        self.assertEqual(program.stamps_needed, 9)
        self.assertEqual(program.house_program_id, self.program)
        self.assertEqual(program.rule_ids.product_ids, self.cup)
        self.assertEqual(program.reward_ids.reward_product_ids, self.cup)
        self.assertFalse(program.tier_ids)
        self.assertIn(self.program.name, program.terms)

    def test_the_gallery_asks_the_same_questions(self):
        programs = self.env["loyalty.program"].with_user(self.manager)
        self.assertIn("loyalty_stamps", programs.get_program_templates())
        action = programs.create_from_template("loyalty_stamps")
        self.assertEqual(action["res_model"], "loyalty.stamp.card")
        gifts = programs.with_context(menu_type="gift_ewallet")
        self.assertNotIn("loyalty_stamps", gifts.get_program_templates())

    def test_only_a_manager_makes_one(self):
        for user in (self.loyalty_user, self.salesperson):
            programs = self.env["loyalty.program"].with_user(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                programs.action_create_stamp_card()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["loyalty.stamp.card"].with_user(user).create({})

    def test_stamps_for_a_category(self):
        category = self.env["product.category"].create({"name": "Hot"})
        self.cake.categ_id = category
        program = self._make_stamp_card(
            basis="category", category_id=category.id, reward_product_id=self.cup.id
        )
        card = program._enrol(self.member, "backoffice", True)
        self._buy(self._cups(2, self.cake), self._cups(3))
        self.assertEqual(card.points, 2)

    def test_a_stamp_for_each_purchase_from_an_amount_on(self):
        program = self._make_stamp_card(basis="purchase", amount=10)
        card = program._enrol(self.member, "backoffice", True)
        self._buy(9.99)
        self._buy(10)
        self._buy(100)
        self.assertEqual(card.points, 2)

    def test_a_stamp_for_every_full_amount(self):
        program = self._make_stamp_card(basis="amount", amount=12.5)
        card = program._enrol(self.member, "backoffice", True)
        self._buy(37.49)
        self.assertEqual(card.points, 2)

    def test_an_amount_that_cannot_be_counted_exactly_is_refused(self):
        for amount in (3, 15, 0, -5):
            with self.subTest(amount=amount), self.assertRaises(UserError):
                self._make_stamp_card(basis="amount", amount=amount)

    def test_a_visit_gives_one_stamp_a_day(self):
        program = self._make_stamp_card(basis="visit")
        card = program._enrol(self.member, "backoffice", True)
        events = self.env["loyalty.event"]
        for number in range(2):
            events._record(
                "checkin", self.member, f"visit {number}", payload={"place": "Bar"}
            )
        self.assertEqual(card.points, 1)
        self.assertEqual(self.stamp_card.points, 0)

    def test_the_full_card_of_visits_is_spent_in_an_order(self):
        program = self._make_stamp_card(basis="visit")
        self.stamps, self.stamp_card = (
            program,
            program._enrol(self.member, "backoffice", True),
        )
        self._post(9, card=self.stamp_card)
        order = self._make_order(self.member, self._cups(1, self.cake))
        self._claim_cup(order)
        order.action_confirm()
        self.assertEqual(self._free_cups(order), 1)
        self.assertEqual(self.stamp_card.points, 0)

    def test_what_is_missing_is_said(self):
        for answers in (
            {"product_ids": [], "reward_product_id": self.cup.id},
            {"basis": "category", "reward_product_id": self.cup.id},
            {"product_ids": []},
        ):
            with self.subTest(answers=answers), self.assertRaises(UserError):
                self._make_stamp_card(**answers)
        for needed in (0, -1, 31):
            with self.subTest(needed=needed), self.assert_refused_by_sql():
                self._make_stamp_card(needed=needed)

    def test_what_no_card_can_show_is_refused(self):
        with self.assertRaises(ValidationError):
            self.stamps.points_scale = 1
        with self.assertRaises(ValidationError):
            self.stamps.reward_ids.required_points = 31
        with self.assertRaises(ValidationError):
            self.stamps.reward_ids = [
                Command.create({"required_points": 5, "reward_type": "discount"})
            ]
