import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..importer.formats import OPENINGS, PURCHASES
from .import_common import HistoryImportCase


@tagged("post_install", "-at_install")
class TestImportWizard(HistoryImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "import_manager", "loyalty_program.group_loyalty_manager"
        )
        cls.Wizard = cls.env["loyalty.history.import.wizard"].with_user(cls.manager)

    def wizard(self, content, **values):
        return self.Wizard.create(
            {
                "program_id": self.program.id,
                "kind": PURCHASES,
                "file": base64.b64encode(content),
                **values,
            }
        )

    def purchases(self, *rows):
        lines = [f"A1,{self.day(40)},{row}" for row in rows]
        return "\n".join(["member,date,qty,total", *lines]).encode()

    def test_columns_are_recognised_and_can_be_named(self):
        wizard = self.wizard(self.purchases("1,10"))
        self.assertEqual(
            {c.name: c.header for c in wizard.column_ids},
            {
                "reference": "member",
                "date": "date",
                "quantity": "qty",
                "amount": "total",
                "order_ref": False,
            },
        )
        self.assertEqual(wizard.column_ids[0].label, "Member reference")

    def test_the_form_follows_the_chosen_format_and_kind(self):
        with Form(self.Wizard) as form:
            form.program_id = self.program
            form.kind = OPENINGS
            self.assertEqual(len(form.column_ids), 3)
            form.preset = "cdnow"
            self.assertEqual((form.kind, form.delimiter), (PURCHASES, "blanks"))
            self.assertFalse(form.has_header)
            with form.column_ids.edit(1) as column:
                self.assertEqual((column.label, column.header), ("Date", "3"))

    def test_a_check_shows_every_bad_line_and_imports_nothing(self):
        wizard = self.wizard(
            self.purchases("1,10", "1,<script>", "1,=-2"), consent=True
        )
        wizard.action_check()
        self.assertEqual(wizard.state, "checked")
        self.assertEqual((wizard.row_count, wizard.fault_count), (1, 2))
        self.assertNotIn("<script>", wizard.fault_table)
        self.assertIn("&lt;script&gt;", wizard.fault_table)
        listed = base64.b64decode(wizard.fault_file).decode("utf-8-sig").splitlines()
        self.assertEqual([line.split(",")[0] for line in listed], ["Line", "3", "4"])
        self.assertFalse(self.entries())

    def test_an_import_leaves_out_the_lines_that_were_shown(self):
        wizard = self.wizard(self.purchases("1,10", "1,x"), consent=True)
        with self.assertRaisesRegex(UserError, "Nothing was imported"):
            wizard.action_import()
        wizard.action_check()
        wizard.action_import()
        self.assertEqual(wizard.state, "done")
        self.assertEqual(self.entries().mapped("base_amount"), [10])
        self.assertEqual(self.entries().posted_by_id, self.manager)

    def test_a_line_that_turned_bad_after_the_check_stops_the_import(self):
        self.join("A1")
        wizard = self.wizard(self.purchases("1,10"))
        wizard.action_check()
        self.card("A1")._leave()
        with self.assertRaisesRegex(UserError, "has left"):
            wizard.action_import()

    def test_without_a_file_the_user_is_asked_for_one(self):
        with self.assertRaisesRegex(UserError, "Choose a file"):
            self.wizard(b"").action_check()

    def test_a_spreadsheet_sees_no_formula_in_the_list_of_bad_lines(self):
        wizard = self.wizard(b'member,date,total\n"=1+1",x,1\n=1+1,x,1')
        wizard.action_check()
        listed = base64.b64decode(wizard.fault_file).decode("utf-8-sig")
        self.assertIn(',"\'=1+1,x,1"', listed)

    def test_loyalty_users_cannot_import(self):
        user = new_test_user(
            self.env, "import_user", "loyalty_program.group_loyalty_user"
        )
        with self.assertRaises(AccessError):
            self.Wizard.with_user(user).create({"program_id": self.program.id})

    def test_a_manager_of_another_company_cannot_import(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.program.company_id = company
        wizard = self.wizard(self.purchases("1,10"))
        with self.assertRaises(AccessError):
            wizard.action_check()
