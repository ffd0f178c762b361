from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.loyalty_program.models import loyalty_check_in


@tagged("post_install", "-at_install")
class TestCheckIn(HttpCase):
    """A visitor scans the code at the counter: once, in time, once a day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False
        programs = cls.env["loyalty.program"]
        cls.house = programs.create(programs._prepare_membership_values())
        cup = cls.env["product.product"].create({"name": "Cup", "list_price": 3})
        wizard = cls.env["loyalty.stamp.card"].create(
            {
                "basis": "visit",
                "reward_product_id": cup.id,
                "house_program_id": cls.house.id,
            }
        )
        cls.stamps = programs.browse(wizard.action_create()["res_id"])
        cls.host = cls._make_user("check_host", "loyalty_program.group_loyalty_user")
        cls.visitor = cls._make_user("check_visitor", "base.group_portal")
        cls.other = cls._make_user("check_other", "base.group_portal")
        cls.clerk = cls._make_user("check_clerk", "base.group_user")
        for user in (cls.host, cls.visitor, cls.other, cls.clerk):
            cls.house._enrol(user.partner_id, "backoffice", True)

    @classmethod
    def _make_user(cls, login, groups):
        return new_test_user(cls.env, login, groups=groups, password=login)

    def _show(self):
        shown = self.env["loyalty.check.in"].with_user(self.host)._show("The bar")
        token = shown["url"].rsplit("/", 1)[1]
        return self.env["loyalty.check.in"]._find(token)

    def _sign_in(self, user):
        self.authenticate(user.login, user.login)

    def _scan(self, code, token=None):
        return self.url_open(f"{loyalty_check_in.ROUTE}/{token or code._get_token()}")

    def _stamps_of(self, user):
        return self.stamps._get_member_card(user.partner_id).points

    def _outcomes(self, code):
        return code.scan_ids.sorted("id").mapped("outcome")

    def _let_pass(self, code, span):
        """Let time pass for one code: what happened to it is so much longer ago."""
        code.expires_at -= span
        if code.held_until:
            code.held_until -= span

    def test_a_customer_gets_a_stamp_and_sees_the_card(self):
        code = self._show()
        self._sign_in(self.visitor)
        answer = self._scan(code)
        self.assertIn("You are checked in", answer.text)
        self.assertIn("1 of 9 stamps", answer.text)
        self.assertTrue(answer.url.endswith(loyalty_check_in.ROUTE))
        self.assertEqual(self._stamps_of(self.visitor), 1)
        scan = code.scan_ids
        self.assertEqual(scan.outcome, "given")
        self.assertEqual(scan.partner_id, self.visitor.partner_id)
        self.assertEqual(scan.event_id.payload, {"place": "The bar"})

    def test_reloading_the_result_gives_nothing(self):
        code = self._show()
        self._sign_in(self.visitor)
        self._scan(code)
        self.url_open(loyalty_check_in.ROUTE)
        self.assertEqual(self._stamps_of(self.visitor), 1)
        self.assertEqual(self._outcomes(code), ["given"])

    def test_a_code_works_once(self):
        code = self._show()
        self._sign_in(self.visitor)
        self._scan(code)
        self._sign_in(self.other)
        self.assertIn("This code was used before", self._scan(code).text)
        self.assertEqual(self._stamps_of(self.other), 0)
        self.assertEqual(self._outcomes(code), ["given", "used"])

    def test_a_code_works_for_a_minute(self):
        code = self._show()
        self._let_pass(code, timedelta(seconds=62))
        self._sign_in(self.visitor)
        self.assertIn("This code is too old", self._scan(code).text)
        self.assertEqual(self._stamps_of(self.visitor), 0)
        self.assertEqual(self._outcomes(code), ["expired"])

    def test_once_a_day_counts(self):
        self._sign_in(self.visitor)
        self._scan(self._show())
        second = self._show()
        self.assertIn("You have checked in today", self._scan(second).text)
        self.assertEqual(self._stamps_of(self.visitor), 1)
        self.assertFalse(second.used_at, "the next visitor may still use it")

    def test_a_guest_logs_in_at_leisure_and_gets_the_stamp(self):
        code = self._show()
        self.authenticate(None, None)
        answer = self._scan(code)
        self.assertIn("Log in to check in", answer.text)
        self._let_pass(code, timedelta(minutes=5))
        self.assertIn("/web/login", self.url_open(loyalty_check_in.ROUTE).url)
        self._log_in_by_form(self.visitor)
        self.assertEqual(self._stamps_of(self.visitor), 1)
        self.assertEqual(self._outcomes(code), ["guest", "given"])

    def _log_in_by_form(self, user):
        """Log in as a person does, in the session that scanned the code."""
        page = self.url_open("/web/login?redirect=/loyalty/check-in")
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open(
            "/web/login",
            data={
                "login": user.login,
                "password": user.login,
                "csrf_token": token,
                "redirect": "/loyalty/check-in",
            },
        )

    def test_a_guest_who_takes_too_long_asks_anew(self):
        code = self._show()
        self.authenticate(None, None)
        self._scan(code)
        self._let_pass(code, timedelta(minutes=12))
        self.assertIn("too old", self._log_in_by_form(self.visitor).text)
        self.assertEqual(self._stamps_of(self.visitor), 0)

    def test_what_a_guest_holds_nobody_else_takes(self):
        code = self._show()
        self.authenticate(None, None)
        self._scan(code)
        self._sign_in(self.other)
        self.assertIn("was used before", self._scan(code).text)
        self.assertEqual(self._stamps_of(self.other), 0)

    def test_who_is_no_member_joins_first(self):
        stranger = self._make_user("check_stranger", "base.group_portal")
        code = self._show()
        self._sign_in(stranger)
        self.assertIn("You are not a member yet", self._scan(code).text)
        self.assertFalse(code.used_at)
        self.house._enrol(stranger.partner_id, "website", True)
        self._let_pass(code, timedelta(minutes=5))
        self.assertIn("You are checked in", self._scan(code).text)
        self.assertEqual(self._stamps_of(stranger), 1)

    def test_an_employee_is_a_visitor_but_never_with_the_own_code(self):
        code = self._show()
        self._sign_in(self.host)
        self.assertIn("This is your own code", self._scan(code).text)
        self.assertEqual(self._stamps_of(self.host), 0)
        self._sign_in(self.clerk)
        self.assertIn("You are checked in", self._scan(code).text)
        self.assertEqual(self._stamps_of(self.clerk), 1)

    def test_made_up_codes_get_one_answer(self):
        code = self._show()
        token = code._get_token()
        self._sign_in(self.visitor)
        for odd in (token[:-4] + "AAAA", "x", "%00", "é", "A" * 500, token[:20]):
            with self.subTest(token=odd):
                answer = self._scan(code, token=odd)
                self.assertEqual(answer.status_code, 200)
                self.assertIn("This is no check-in code", answer.text)
        self.assertFalse(code.scan_ids)

    def test_a_full_card_that_drops_the_surplus_takes_no_stamp(self):
        self.stamps.stamp_surplus = "dropped"
        card = self.stamps._get_member_card(self.visitor.partner_id)
        with self.env["loyalty.ledger"]._claim(gain="opening"):
            card.points = 9
        self._sign_in(self.visitor)
        self.assertIn("It collects nothing", self._scan(self._show()).text)
        self.assertEqual(card.points, 9)

    def test_old_traces_go_and_young_ones_stay(self):
        seen, unseen, young = self._show(), self._show(), self._show()
        seen._hold("somebody")
        (seen | unseen).write(
            {"expires_at": fields.Datetime.now() - timedelta(days=30)}
        )
        self.env.flush_all()
        self.env["loyalty.check.in"]._gc_codes()
        self.env.invalidate_all()
        self.assertEqual((seen | unseen | young).exists(), seen | young)

    def test_only_loyalty_users_show_codes_and_read_the_trail(self):
        shows = self.env["loyalty.check.in.show"]
        wizard = shows.with_user(self.host).create({})
        action = wizard.action_show()
        self.assertEqual(action["res_id"], wizard.id)
        self.assertIn("data:image/png", wizard.picture)
        self.env["loyalty.check.in.scan"].with_user(self.host).search([])
        for user in (self.clerk, self.visitor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                shows.with_user(user).create({}).action_show()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["loyalty.check.in.scan"].with_user(user).search([])
