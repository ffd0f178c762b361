from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase
from odoo.addons.loyalty_program.engine import codes


@tagged("post_install", "-at_install")
class TestCouponBatch(LoyaltyCase):
    """Many coupons in one job, each with a strong code of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coupons = cls.env["loyalty.program"].create(
            {
                "name": "Leaflet",
                "program_type": "coupons",
                "reward_ids": [
                    Command.clear(),
                    Command.create({"discount": 10, "description": "Ten off"}),
                ],
            }
        )

    def _make_batch(self, quantity=300, **values):
        return self.env["loyalty.coupon.batch"].create(
            {
                "name": "Summer",
                "program_id": self.coupons.id,
                "quantity": quantity,
                "valid_until": "2030-12-31",
                **values,
            }
        )

    def test_a_batch_makes_coupons_with_codes_of_their_own(self):
        batch = self._make_batch()
        batch.with_user(self.manager).action_make()
        self.assertEqual((batch.state, batch.made), ("done", 300))
        made = batch.coupon_ids
        self.assertEqual(len(set(made.mapped("code"))), 300)
        for code in made.mapped("code"):
            reading = codes.read(code)
            self.assertEqual(reading.candidates, (code,))
            self.assertTrue(reading.is_ours and not reading.is_mistyped, code)
        # Each place shows many symbols: nothing is stuck.
        bodies = [code.replace("-", "")[3:] for code in made.mapped("code")]
        for place in zip(*bodies, strict=True):
            self.assertGreater(len(set(place)), len(codes.ALPHABET) // 2)
        self.assertEqual(set(made.mapped("coupon_state")), {"issued"})
        self.assertEqual(set(made.mapped("points")), {1})

    def test_a_coupon_of_a_batch_works_once(self):
        batch = self._make_batch(2)
        batch.action_make()
        coupon = batch.coupon_ids[0]
        order = self._make_order(self.member, 100)
        for card, reward in order._try_apply_code(coupon.code).items():
            order._apply_program_reward(reward, card)
        self.assertEqual(order.amount_total, 90)
        order.action_confirm()
        self.assertEqual(coupon.coupon_state, "used")

    def test_a_job_goes_on_where_it_was_cut_off(self):
        batch = self._make_batch(25)
        batch.state = "running"
        batch._make(10)
        self.assertEqual((batch.state, batch.made), ("running", 10))
        batch.action_stop()
        self.assertFalse(batch._make(10))
        self.assertEqual(batch.made, 10)
        batch.state = "running"
        self.assertEqual(list(batch._run_making(step=10)), [1, 0])
        self.assertEqual((batch.state, batch.made), ("done", 25))
        self.assertEqual(len(batch.coupon_ids), 25)
        self.assertEqual(list(batch._run_making(step=10)), [])

    def test_what_later_batches_need_is_left_as_well(self):
        for batch in (self._make_batch(15), self._make_batch(5)):
            batch.state = "running"
        left = list(self.env["loyalty.coupon.batch"]._run_making(step=10))
        self.assertEqual(left, [2, 1, 0])

    def test_coupons_that_buy_nothing_are_not_made(self):
        self.coupons.reward_ids.required_points = 5
        with self.assertRaisesRegex(ValidationError, "could never be used"):
            self._make_batch()
        self.assertEqual(self._make_batch(points=5).points, 5)

    def test_a_large_batch_is_a_job(self):
        batch = self._make_batch(6000)
        batch.action_make()
        self.assertEqual((batch.state, batch.made), ("running", 0))

    def test_what_is_made_stays(self):
        batch = self._make_batch(2)
        batch.action_make()
        for act in (batch.unlink, lambda: batch.write({"quantity": 5})):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                act()

    def test_batches_that_cannot_be_are_refused(self):
        for values in ({"quantity": 0}, {"quantity": -5}, {"points": 0}):
            with self.assert_refused_by_sql():
                self._make_batch(**values)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._make_batch(program_id=self.program.id)

    def test_only_managers_make_coupons(self):
        batch = self._make_batch(2)
        for user in (self.salesperson, self.loyalty_user):
            with self.assertRaises(AccessError):
                batch.with_user(user).action_make()
        self.assertEqual(batch.made, 0)

    def test_sheets_show_code_and_picture(self):
        batch = self._make_batch(3)
        batch.action_make()
        action = batch.with_user(self.manager).action_print()
        self.assertEqual(action["report_name"], "loyalty_program.coupon_sheet")
        page, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "loyalty_program.coupon_sheet", batch.coupon_ids.ids
        )
        page = page.decode()
        self.assertEqual(page.count("<svg"), 3)
        self.assertIn("Ten off", page)
        for code in batch.coupon_ids.mapped("code"):
            self.assertIn(code, page)
        batch.coupon_ids._void()
        with self.assertRaisesRegex(UserError, "no coupon left"):
            batch.action_print()
