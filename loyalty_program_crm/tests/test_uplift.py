from odoo.tests import BaseCase, tagged

from odoo.addons.loyalty_program_crm.engine.uplift import Group, compare


@tagged("post_install", "-at_install")
class TestUplift(BaseCase):
    """A difference is called one only where chance does not explain it."""

    def test_few_members_prove_nothing(self):
        result = compare(Group(29, 29), Group(500, 0))
        self.assertEqual(result["verdict"], "few")

    def test_small_difference_is_chance(self):
        result = compare(Group(900, 90), Group(100, 9))
        self.assertAlmostEqual(result["uplift"], 0.01)
        self.assertEqual(result["verdict"], "unclear")

    def test_great_difference_is_none(self):
        self.assertEqual(compare(Group(900, 180), Group(100, 5))["verdict"], "better")
        self.assertEqual(compare(Group(900, 45), Group(100, 20))["verdict"], "worse")

    def test_nobody_came_back(self):
        result = compare(Group(100, 0), Group(100, 0))
        self.assertEqual((result["uplift"], result["verdict"]), (0, "unclear"))

    def test_extra_revenue_is_what_untouched_members_would_not_have_spent(self):
        result = compare(Group(90, 20, 2000.0), Group(10, 1, 100.0))
        self.assertAlmostEqual(result["revenue"], 2000 - 90 * 10)

    def test_without_a_hold_out_there_is_nothing_to_compare_with(self):
        result = compare(Group(50, 10, 500.0), Group())
        self.assertEqual(result["uplift"], 0)
        self.assertEqual(result["verdict"], "few")
