import csv
import io

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.loyalty_program.models import loyalty_coupon_codes
from odoo.addons.loyalty_program.wizards import loyalty_coupon_print

COUPONS = 25


@tagged("post_install", "-at_install")
class TestCouponCodes(HttpCase):
    """A large batch goes to paper in parts, and to the print house as one file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        program = cls.env["loyalty.program"].create(
            {
                "name": "Leaflet",
                "program_type": "coupons",
                "reward_ids": [Command.clear(), Command.create({"discount": 10})],
            }
        )
        cls.batch = cls.env["loyalty.coupon.batch"].create(
            {
                "name": "Summer",
                "program_id": program.id,
                "quantity": COUPONS,
                "valid_until": "2090-12-31",
            }
        )
        cls.batch.action_make()
        cls.codes = cls.batch.coupon_ids.sorted("id").mapped("code")
        for role in ("user", "manager"):
            new_test_user(
                cls.env,
                f"codes_{role}",
                groups=f"base.group_user,loyalty_program.group_loyalty_{role}",
            )

    def setUp(self):
        super().setUp()
        self.patch(loyalty_coupon_codes, "ON_PAPER", 10)
        self.patch(loyalty_coupon_print, "ON_PAPER", 10)
        self.patch(loyalty_coupon_codes, "LINES", 10)

    def _as(self, role):
        user = self.env["res.users"].search([("login", "=", f"codes_{role}")])
        return self.batch.with_user(user)

    def _ask(self, action, batch):
        """Return the dialog that a button of the batch opens."""
        return Form(
            self.env[action["res_model"]]
            .with_user(batch.env.user)
            .with_context(**action["context"])
        )

    @mute_logger("odoo.http")
    def _fetch(self, query="", role="manager"):
        self.authenticate(f"codes_{role}", f"codes_{role}")
        return self.url_open(f"/loyalty/coupons/{self.batch.id}.csv{query}")

    def _read(self, response):
        self.assertEqual(response.status_code, 200)
        return list(csv.reader(io.StringIO(response.text)))

    def _notes(self):
        return " ".join(self.batch.message_ids.mapped("body"))

    # === Paper ===

    def test_a_large_batch_asks_which_part_and_prints_it(self):
        batch = self._as("user")
        dialog = self._ask(batch.action_print(), batch)
        self.assertEqual((dialog.part, dialog.parts), (1, 3))
        dialog.part = 3
        self.assertEqual((dialog.first, dialog.last, dialog.usable), (21, 25, 5))
        report = dialog.save().action_print()
        self.assertEqual(report["report_name"], "loyalty_program.coupon_sheet")
        printed = self.env["loyalty.card"].browse(report["context"]["active_ids"])
        self.assertEqual(printed.mapped("code"), self.codes[20:])
        self.assertIn("Coupons printed: 5, of those", self._notes())

    def test_a_part_stays_the_same_without_what_was_used_meanwhile(self):
        gone = self.batch.coupon_ids.sorted("id")[12]
        gone._void()
        dialog = self._ask(self.batch.action_print(), self.batch)
        dialog.part = 2
        self.assertEqual((dialog.first, dialog.last, dialog.usable), (11, 20, 9))
        printed = self.batch._get_printable(11, 20)
        self.assertEqual(printed.mapped("code"), self.codes[10:12] + self.codes[13:20])

    def test_a_part_that_is_none_is_refused(self):
        for part in (0, -1, 4, 10**6):
            dialog = self._ask(self.batch.action_print(), self.batch)
            dialog.part = part
            with self.assertRaisesRegex(UserError, "numbered 1 to 25"):
                dialog.save().action_print()

    def test_more_than_a_part_is_refused_whatever_was_asked_for(self):
        wizard = self.env["loyalty.coupon.print"].with_user(self._as("user").env.user)
        for first, last in ((1, 11), (1, 25), (15, 25)):
            whole = wizard.create(
                {"batch_id": self.batch.id, "first": first, "last": last}
            )
            self.assertEqual(whole.usable, 0)
            with self.assertRaisesRegex(UserError, "10 coupons at once"):
                whole.action_print()
        part = wizard.create({"batch_id": self.batch.id, "first": 16, "last": 25})
        self.assertEqual(part.usable, 10)
        self.assertEqual(len(part.action_print()["context"]["active_ids"]), 10)

    # === File ===

    def test_the_file_holds_every_usable_code_once(self):
        first, last = self.batch.coupon_ids.sorted("id")[:: COUPONS - 1]
        first._void()
        last.points = 0
        rows = self._read(self._fetch())
        self.assertEqual(rows[0], ["Number", "Code", "Valid until"])
        self.assertEqual(rows[1], ["2", self.codes[1], "2090-12-31"])
        self.assertEqual([row[1] for row in rows[1:]], self.codes[1:-1])
        self.assertIn("numbered 1 to 25 were exported", self._notes())

    def test_a_share_of_the_codes_is_chosen_by_number(self):
        batch = self._as("manager")
        dialog = self._ask(batch.action_export(), batch)
        self.assertEqual((dialog.first, dialog.last), (1, COUPONS))
        dialog.first, dialog.last = 6, 8
        action = dialog.save().action_print()
        self.authenticate("codes_manager", "codes_manager")
        rows = self._read(self.url_open(action["url"]))
        self.assertEqual([row[1] for row in rows[1:]], self.codes[5:8])
        for share in ((0, 5), (7, 6), (1, 26)):
            dialog.first, dialog.last = share
            with self.assertRaisesRegex(UserError, "numbered 1 to 25"):
                dialog.save().action_print()

    def test_the_file_comes_in_pieces(self):
        pieces = list(self._as("manager")._stream_codes(1, COUPONS))
        self.assertEqual([piece.count(b"\r\n") for piece in pieces], [1, 10, 10, 5])

    def test_only_managers_get_the_codes(self):
        self.assertEqual(self._fetch(role="user").status_code, 403)
        with self.assertRaises(AccessError):
            self._as("user").action_export()
        with self.assertRaises(AccessError):
            self._as("user")._stream_codes(1, 5)
        self.logout()
        answer = self.url_open(f"/loyalty/coupons/{self.batch.id}.csv")
        self.assertNotIn(self.codes[0], answer.text)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.batch.program_id.company_id = company
        self.assertEqual(self._fetch().status_code, 403)

    def test_numbers_that_cannot_be_find_nothing(self):
        for query in ("?first=0", "?last=26", "?first=x", "?first=9&last=8"):
            self.assertEqual(self._fetch(query).status_code, 404, query)
        self.assertEqual(self.url_open("/loyalty/coupons/0.csv").status_code, 404)
