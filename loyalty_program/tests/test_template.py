from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestTemplate(LoyaltyCase):
    """A manager gets a running programme in one step."""

    def _assert_running_start(self, program):
        self.assertEqual(program.ledger_policy, "strict")
        self.assertTrue(program.is_managed)
        self.assertEqual(program.applies_on, "both")
        self.assertEqual(program.rule_ids.reward_point_mode, "money")
        self.assertEqual(program.rule_ids.reward_point_amount, 1)
        self.assertEqual(
            program.tier_ids.mapped("threshold"),
            sorted(program.tier_ids.mapped("threshold")),
        )
        self.assertEqual(
            program.tier_ids.mapped("name"), ["Bronze", "Silver", "Gold", "Platinum"]
        )
        self.assertEqual(program.tier_ids[0].threshold, 0)
        self.assertEqual(program.reward_ids.mapped("required_points"), [100, 250])
        self.assertTrue(program.terms)

    def test_the_button_makes_a_programme_and_opens_it(self):
        programs = self.env["loyalty.program"].with_user(self.manager)
        action = programs.action_create_membership_program()
        self.assertEqual(action["res_model"], "loyalty.program")
        self._assert_running_start(programs.browse(action["res_id"]))

    def test_the_template_gallery_offers_and_makes_the_same_programme(self):
        programs = self.env["loyalty.program"].with_user(self.manager)
        self.assertIn("loyalty_membership", programs.get_program_templates())
        action = programs.create_from_template("loyalty_membership")
        self._assert_running_start(programs.browse(action["res_id"]))

    def test_programmes_of_one_rank_stand_in_the_order_they_were_made(self):
        first, second = self._make_program(), self._make_program()
        # SQL: a row that is written lies behind the others.
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE loyalty_program SET write_date = now() WHERE id = %s", first.id)
        )
        both = [("id", "in", (first | second).ids)]
        found = self.env["loyalty.program"].search(both)
        self.assertEqual(found.ids, [first.id, second.id])

    def test_the_gallery_of_gift_cards_does_not_offer_it(self):
        programs = self.env["loyalty.program"].with_context(menu_type="gift_ewallet")
        self.assertNotIn("loyalty_membership", programs.get_program_templates())

    def test_only_a_manager_makes_a_programme(self):
        for user in (self.loyalty_user, self.salesperson, self._make_user("clerk", "")):
            programs = self.env["loyalty.program"].with_user(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                programs.action_create_membership_program()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                programs.create_from_template("loyalty_membership")

    def test_a_loyalty_user_changes_no_programme_and_no_tier(self):
        program = self.program.with_user(self.loyalty_user)
        with self.assertRaises(AccessError):
            program.write({"hold_days": 1})
        with self.assertRaises(AccessError):
            program.tier_ids[0].write({"threshold": 1})
