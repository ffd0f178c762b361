from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CareStockCase


@tagged("post_install", "-at_install")
class TestCareRepair(CareStockCase):
    """An accepted claim opens a repair order, and they end together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.workshop = cls._make_user("workshop", "stock.group_stock_user")

    def setUp(self):
        super().setUp()
        order, _invoice, self.plan = self._sell()
        self._deliver(order)
        self.claim = self._claim(self.plan)
        self.claim.action_accept()
        self.repair = self.claim.sudo().repair_id

    def test_it_knows_the_item_and_the_claim(self):
        repair = self.repair
        self.assertEqual(repair.lot_id, self.lots[0])
        self.assertEqual(
            (repair.product_id, repair.partner_id, repair.under_warranty),
            (self.drone, self.member, True),
        )
        self.assertIn("Fell into a tree.", repair.internal_notes)
        words = repair.with_user(self.workshop).care_words
        self.assertIn(self.claim.name, words)
        self.assertIn(self.plan.name, words)

    def test_erasing_the_customer_takes_the_story_out_of_it(self):
        card = self.program._enrol(self.member, "backoffice", True)
        card.with_user(self.manager)._erase(with_contact=True)
        self.assertNotIn("tree", self.repair.internal_notes)
        self.assertEqual(self.repair.product_id, self.drone)

    def test_repaired_the_claim_is_done(self):
        repair = self.repair.with_user(self.workshop)
        repair.action_validate()
        repair.action_repair_start()
        repair.action_repair_end()
        self.assertEqual(self.repair.state, "done")
        self.assertEqual(self.claim.state, "done")

    def test_a_cancelled_claim_calls_the_repair_off(self):
        self.claim.action_cancel()
        self.assertEqual(self.repair.state, "cancel")

    def test_a_cancelled_repair_is_told_and_decides_nothing(self):
        self.repair.with_user(self.workshop).action_repair_cancel()
        self.assertEqual(self.claim.state, "accepted")
        self.assertIn(self.repair.name, self.claim.message_ids[0].body)

    def test_a_service_has_nothing_to_repair(self):
        lesson = self._make_product("Lesson")
        self.plan_product.care_product_tmpl_ids += lesson.product_tmpl_id
        _order, _invoice, plan = self._sell(
            self._line(lesson), self._line(self.plan_product)
        )
        claim = self._claim(plan)
        claim.action_accept()
        self.assertEqual(claim.state, "accepted")
        self.assertFalse(claim.sudo().repair_id)

    def test_nobody_moves_it_to_another_repair(self):
        for user in (self.loyalty_user, self.manager):
            with self.assertRaises(AccessError):
                self.claim.with_user(user).write({"repair_id": False})
        with self.assertRaises(AccessError):
            self.claim.with_user(self.workshop).read(["description"])
