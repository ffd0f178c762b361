from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import LoyaltyCase

ADJUST = "loyalty_program.group_loyalty_adjust"


class AdjustCase(LoyaltyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.adjuster = cls._make_user("adjuster", ADJUST)
        cls.other = cls._make_user("other", ADJUST)
        cls.reason = cls.env.ref("loyalty_program.adjustment_reason_goodwill")

    def _adjust(self, user, **values):
        """Use the wizard and return the newest adjustment of the card."""
        self.env["loyalty.adjust"].with_user(user).create(
            {"card_id": self.card.id, "reason_id": self.reason.id, **values}
        ).action_adjust()
        return self._adjustments()[:1]

    def _adjustments(self):
        return self.env["loyalty.adjustment"].search([("card_id", "=", self.card.id)])


@tagged("post_install", "-at_install")
class TestAdjustment(AdjustCase):
    """A balance is corrected by right, with a reason, on the record."""

    def test_the_entry_names_the_adjustment_and_its_reason(self):
        adjustment = self._adjust(self.adjuster, change=40, note="Lost parcel")
        entry = self._entries()
        self.assertEqual(self._story(), [("adjust", 40)])
        self.assertEqual(adjustment.entry_id, entry)
        self.assertEqual(
            (entry.origin_model, entry.origin_id), (adjustment._name, adjustment.id)
        )
        self.assertIn("Goodwill", entry.origin_display)
        # No free text in what never goes away.
        self.assertEqual(entry.breakdown, {"reason_id": self.reason.id})
        self.assertEqual(entry.breakdown_text, f"Corrected: {self.reason.name}.")
        self.assertEqual(entry.posted_by_id, self.adjuster)
        self.assert_balanced()

    def test_a_new_balance_is_reached(self):
        self._post(70)
        self._adjust(self.adjuster, mode="balance", new_balance=50)
        self.assertEqual(self._story(), [("adjust", 70), ("adjust", -20)])

    def test_a_reason_is_needed(self):
        adjustments = self.env["loyalty.adjustment"].with_user(self.adjuster)
        with self.assertRaises(ValidationError):
            adjustments._request(self.card, 40, self.reason.browse())

    def test_only_who_has_the_right_adjusts(self):
        seller = self._make_user("seller", "sales_team.group_sale_manager")
        for user in (self.salesperson, self.loyalty_user, seller):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._adjust(user, change=40)
        self.assertFalse(self._entries())

    def test_nobody_makes_or_changes_an_adjustment_by_hand(self):
        adjustment = self._adjust(self.adjuster, change=40)
        values = {
            "card_id": self.card.id,
            "points": 5,
            "reason_id": self.reason.id,
            "requested_by_id": self.adjuster.id,
        }
        model = self.env["loyalty.adjustment"].with_user(self.manager)
        with self.assertRaises(AccessError):
            model.create(values)
        with self.assertRaises(AccessError):
            adjustment.with_user(self.manager).write({"points": 5})
        with self.assertRaises(AccessError):
            adjustment.with_user(self.manager).unlink()

    def test_what_the_ledger_would_not_take_is_refused(self):
        for change in (0, 0.5, 1e13, float("nan"), float("inf")):
            with self.subTest(change=change), self.assertRaises(ValidationError):
                self._adjust(self.adjuster, change=change)
        self.assertFalse(self._adjustments())

    def test_no_adjustment_takes_more_than_there_is(self):
        self._post(30)
        with self.assertRaisesRegex(UserError, "30"):
            self._adjust(self.adjuster, change=-31)
        self._adjust(self.adjuster, change=-30)
        self.assertEqual(self.card.points, 0)

    def test_the_card_of_another_company_is_out_of_reach(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        program = self._make_program(company_id=company.id)
        card = self._make_member("Far", program)
        with self.assertRaises(AccessError):
            self.env["loyalty.adjustment"].with_user(self.adjuster)._request(
                card.with_user(self.adjuster), 5, self.reason
            )

    def test_odoos_balance_button_leads_here(self):
        action = self.card.with_user(self.adjuster).action_loyalty_update_balance()
        self.assertEqual(action["res_model"], "loyalty.adjust")
        recorded = self._make_card(self._make_recorded_program())
        action = recorded.with_user(self.salesperson).action_loyalty_update_balance()
        self.assertEqual(action["res_model"], "loyalty.card.update.balance")


@tagged("post_install", "-at_install")
class TestAdjustmentApproval(AdjustCase):
    """Above the limit a second person decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.adjust_limit = 100

    def _wait(self, change=101):
        adjustment = self._adjust(self.adjuster, change=change)
        self.assertEqual(adjustment.state, "waiting")
        return adjustment

    def test_up_to_the_limit_one_person_is_enough(self):
        self.assertEqual(self._adjust(self.adjuster, change=100).state, "posted")

    def test_above_the_limit_nothing_is_posted_before_approval(self):
        adjustment = self._wait()
        self.assertFalse(self._entries())
        self.assertIn(self.other, adjustment.activity_ids.user_id)
        self.assertNotIn(self.adjuster, adjustment.activity_ids.user_id)
        adjustment.with_user(self.other).action_approve()
        self.assertEqual(self._story(), [("adjust", 101)])
        self.assertEqual(adjustment.decided_by_id, self.other)
        self.assertFalse(adjustment.activity_ids)

    def test_what_is_refused_posts_nothing(self):
        adjustment = self._wait()
        adjustment.with_user(self.other).action_refuse()
        self.assertEqual(adjustment.state, "refused")
        self.assertFalse(self._entries())
        with self.assertRaises(UserError):
            adjustment.with_user(self.manager).action_approve()

    def test_nobody_approves_their_own_wish(self):
        adjustment = self._wait()
        for action in ("action_approve", "action_refuse"):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(adjustment.with_user(self.adjuster), action)()
        self.assertFalse(adjustment.with_user(self.adjuster).may_decide)
        self.assertTrue(adjustment.with_user(self.other).may_decide)

    def test_who_lacks_the_right_decides_nothing(self):
        adjustment = self._wait()
        for user in (self.loyalty_user, self.salesperson):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                adjustment.with_user(user).action_approve()

    def test_approving_twice_posts_once(self):
        adjustment = self._wait()
        adjustment.with_user(self.other).action_approve()
        with self.assertRaises(UserError):
            adjustment.with_user(self.manager).action_approve()
        self.assertEqual(self._story(), [("adjust", 101)])

    def test_small_steps_of_one_person_count_together(self):
        self._adjust(self.adjuster, change=60)
        self.assertEqual(self._adjust(self.adjuster, change=60).state, "waiting")
        self.assertEqual(self._adjust(self.other, change=60).state, "posted")

    def test_steps_of_another_day_count_for_themselves(self):
        adjustment = self._adjust(self.adjuster, change=60)
        self.env.flush_all()
        # SQL: the date of a record is the transaction's, not the frozen one.
        self.env.cr.execute(
            "UPDATE loyalty_adjustment SET create_date = '2026-06-28 09:00:00' "
            "WHERE id = %s",
            [adjustment.id],
        )
        adjustment.invalidate_recordset()
        self.assertEqual(self._adjust(self.adjuster, change=60).state, "posted")

    def test_ones_own_points_need_another_person_whatever_the_amount(self):
        mine = self.program._enrol(self.adjuster.partner_id, "backoffice", True)
        adjustment = self.env["loyalty.adjustment"].with_user(self.adjuster)
        adjustment = adjustment._request(mine, 5, self.reason)
        self.assertEqual(adjustment.state, "waiting")
        self.assertFalse(adjustment._is_approver(self.adjuster))

    def test_nobody_else_to_approve_is_said_at_once(self):
        others = self.env.ref(ADJUST).all_user_ids - self.adjuster
        others.active = False
        with self.assertRaisesRegex(UserError, "second person"):
            self._adjust(self.adjuster, change=101)

    def test_what_was_spent_meanwhile_cannot_be_taken_away(self):
        self._post(500)
        adjustment = self._wait(-400)
        self._post(-200, "redeem")
        with self.assertRaises(UserError):
            adjustment.with_user(self.other).action_approve()
        self.assertEqual((adjustment.state, self.card.points), ("waiting", 300))

    def test_a_bare_write_by_right_is_an_adjustment(self):
        self.card.with_user(self.adjuster).points = 80
        adjustment = self._adjustments()
        self.assertEqual(adjustment.reason_id.name, "Direct write")
        self.assertEqual(self._entries().origin_id, adjustment.id)
        self.assertEqual(self.card.points, 80)
        self.assert_balanced()

    def test_a_bare_write_above_the_limit_is_refused(self):
        with self.assertRaisesRegex(UserError, "second person"):
            self.card.with_user(self.manager).points = 101
        self.env.invalidate_all()
        self.assertEqual(self.card.points, 0)
