from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestCheckIn(TillCase):
    """The till shows codes to visitors."""

    def test_a_cashier_shows_a_code_of_this_till(self):
        shown = self.till.with_user(self.cashier).loyalty_show_check_in()
        self.assertEqual(shown["seconds"], 60)
        self.assertTrue(shown["image"].startswith("data:image/png;base64,"))
        token = shown["url"].rsplit("/", 1)[1]
        code = self.env["loyalty.check.in"]._find(token)
        self.assertEqual(code.place, self.till.name)
        self.assertEqual(code.shown_by_id, self.cashier)
        self.assertEqual(code.company_id, self.till.company_id)

    def test_nobody_else_does_and_no_closed_till(self):
        for groups in ("base.group_user", "sales_team.group_sale_salesman"):
            user = new_test_user(self.env, f"till_{groups}", groups=groups)
            with self.subTest(groups=groups), self.assertRaises(AccessError):
                self.till.with_user(user).loyalty_show_check_in()
        self.till.current_session_id.state = "closed"
        with self.assertRaisesRegex(AccessError, "register is open"):
            self.till.with_user(self.cashier).loyalty_show_check_in()

    def test_the_till_knows_whether_visits_earn(self):
        self.assertFalse(self.program.takes_check_ins)
        self.env["loyalty.event.rule"].create(
            {
                "program_id": self.program.id,
                "event_type_id": self.env.ref(
                    "loyalty_program.loyalty_event_type_checkin"
                ).id,
                "points": 1,
            }
        )
        self.program.invalidate_recordset()
        session = self.till.current_session_id.with_user(self.cashier)
        programs = session.load_data([])["loyalty.program"]
        takes = {values["id"]: values["takes_check_ins"] for values in programs}
        self.assertTrue(takes[self.program.id])
