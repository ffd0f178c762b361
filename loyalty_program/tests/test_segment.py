from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestSegment(LoyaltyCase):
    """A segment is a set of customers, chosen by hand or found by a filter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.near = cls._make_partner("Near", city="Testville")
        cls.far = cls._make_partner("Far", city="Elsewhere")
        cls.segment = cls.env["loyalty.segment"].create(
            {"name": "In town", "filter_domain": "[('city', '=', 'Testville')]"}
        )

    def test_a_filter_finds_its_customers(self):
        self.assertEqual(self.segment.partner_ids, self.near)
        self.assertEqual(self.segment.partner_count, 1)

    def test_the_nightly_run_follows_who_moved(self):
        self.far.city = "Testville"
        self.near.city = "Elsewhere"
        self.assertEqual(self.segment.partner_ids, self.near)
        self.assertEqual(list(self.segment._run_refresh())[-1:], [0])
        self.assertEqual(self.segment.partner_ids, self.far)

    def test_a_filter_that_no_longer_works_stops_no_other(self):
        broken = self.env["loyalty.segment"].create({"name": "A first one"})
        # SQL: a filter over a field that went with its module.
        broken.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE loyalty_segment SET filter_domain = %s WHERE id = %s",
                "[('gone_field', '=', 1)]",
                broken.id,
            )
        )
        broken.invalidate_recordset()
        kept = broken.partner_count
        self.far.city = "Testville"
        with self.assertLogs("odoo.addons.loyalty_program", "ERROR") as logs:
            self.assertEqual(list(self.segment._run_refresh())[-1:], [0])
        self.assertIn("A first one", logs.output[0])
        self.assertEqual(self.segment.partner_ids, self.near | self.far)
        self.assertEqual(broken.partner_count, kept)
        self.assertRegex(broken.fault, "A first one.*cannot be read.*gone_field")
        with self.assertRaisesRegex(ValidationError, "A first one.*cannot be read"):
            broken.with_user(self.manager).action_refresh()

    def test_a_filter_that_the_database_refuses_stops_no_other(self):
        text = "[('id', '=', 'abc')]"
        kept = self.segment.partner_ids
        with mute_logger("odoo.sql_db"):
            with self.assertRaisesRegex(ValidationError, "In town.*cannot be read"):
                self.segment.filter_domain = text
            self.segment.invalidate_recordset()
            # SQL: what was saved before it was tried.
            self.env.execute_query(
                SQL(
                    "UPDATE loyalty_segment SET filter_domain = %s WHERE id = %s "
                    "RETURNING id",
                    text,
                    self.segment.id,
                )
            )
            self.segment.invalidate_recordset()
            last = self.env["loyalty.segment"].create(
                {"name": "Last", "filter_domain": "[('city', '=', 'Elsewhere')]"}
            )
            self.near.city = "Elsewhere"
            with self.assertLogs("odoo.addons.loyalty_program", "ERROR"):
                list(self.segment._run_refresh())
        self.assertEqual(last.partner_ids, self.near | self.far)
        self.assertEqual(self.segment.partner_ids, kept)
        self.assertIn("abc", self.segment.fault)

    def test_another_filter_counts_at_once(self):
        self.segment.filter_domain = "[('city', '=', 'Elsewhere')]"
        self.assertEqual(self.segment.partner_ids, self.far)

    def test_a_segment_by_hand_keeps_its_customers(self):
        self.segment.write(
            {"kind": "manual", "partner_ids": [(6, 0, (self.near | self.far).ids)]}
        )
        list(self.segment._run_refresh())
        self.assertEqual(self.segment.partner_ids, self.near | self.far)

    def test_a_company_finds_no_customers_of_another(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.near.company_id = other
        self.segment.company_id = self.company
        self.assertFalse(self.segment.partner_ids)

    def test_a_filter_that_cannot_be_read_is_refused(self):
        for text in ("nonsense", "[('no_such_field', '=', 1)]", "[('city',"):
            with self.subTest(text), self.assertRaises(ValidationError):
                self.segment.filter_domain = text

    def test_a_manager_makes_segments_a_user_reads_them(self):
        segments = self.env["loyalty.segment"]
        made = segments.with_user(self.manager).create({"name": "All"})
        self.assertIn(self.near, made.partner_ids)
        self.assertEqual(made.with_user(self.loyalty_user).name, "All")
        with self.assertRaises(AccessError):
            made.with_user(self.loyalty_user).action_refresh()
        with self.assertRaises(AccessError):
            made.with_user(self.salesperson).read(["name"])
