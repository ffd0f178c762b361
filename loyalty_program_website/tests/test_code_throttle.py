from datetime import timedelta
from unittest.mock import patch
from urllib.parse import parse_qs, quote, urlsplit

from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import LoyaltyWebsiteCommon
from odoo.addons.loyalty_program.engine import codes, throttle

WAIT = "Too many wrong codes"


@tagged("post_install", "-at_install")
class TestCodeThrottle(LoyaltyWebsiteCommon):
    """Nobody guesses a code in the webshop; nobody honest is kept from using one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.attempts = cls.env["loyalty.code.attempt"]
        cls.coupons = cls._create_coupons("Ten off")
        cls.coupon = cls._create_coupon()

    @classmethod
    def _create_coupons(cls, name, **values):
        reward = {"discount": 10, "required_points": 1}
        return cls.env["loyalty.program"].create(
            {
                "name": name,
                "program_type": "coupons",
                "trigger": "with_code",
                "applies_on": "current",
                "reward_ids": [Command.create(reward)],
                **values,
            }
        )

    @classmethod
    def _create_coupon(cls, **values):
        return cls.env["loyalty.card"].create(
            {"program_id": cls.coupons.id, "points": 1, **values}
        )

    def _visit(self, user=None):
        """Begin a new session, signed in or not, and fill its cart."""
        self.authenticate(user and user.login, user and user.login)
        self._fill_cart((user or self.env.ref("base.public_user")).partner_id)

    def _open_coupon(self, code):
        """Return what /coupon/<code> tells, or None when it took the code."""
        answer = self.url_open(f"/coupon/{quote(code)}", allow_redirects=False)
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        self.assertNotEqual("coupon_error" in query, "notify_coupon" in query)
        return query.get("coupon_error", [None])[0]

    def _guess(self, times, kind="stock"):
        """Enter wrong codes and return the answers, one by one."""
        return [self._open_coupon(self._make_wrong_code(n, kind)) for n in range(times)]

    def _make_wrong_code(self, number, kind="stock"):
        if kind == "stock":
            return f"044f-0000-{self.attempts.search_count([]):02x}{number:02x}"
        return codes.generate()

    # === Guests ===

    def test_a_guessing_session_has_to_wait_longer_and_longer(self):
        self._visit()
        answers = self._guess(throttle.SESSION.free + 1)
        self.assertFalse([answer for answer in answers if WAIT in answer])
        told = self._open_coupon(self.coupon.code)
        self.assertRegex(told, r"^Too many .* try again in 1\d seconds\.$")
        self._let_pass(throttle.SESSION.first_wait)
        self._guess(1)
        told = self._open_coupon(self.coupon.code)
        self.assertRegex(told, r"try again in (30|2\d) seconds\.$")

    def test_the_wait_ends_and_the_right_code_works(self):
        self._visit()
        self._guess(throttle.SESSION.free + 1)
        self.assertIn(WAIT, self._open_coupon(self.coupon.code))
        self._let_pass(throttle.SESSION.first_wait)
        self.assertIsNone(self._open_coupon(self.coupon.code))

    def _let_pass(self, duration):
        """Let time pass, as the register of wrong codes sees it."""
        for attempt in self.attempts.search([]):
            self.env.cr.execute(
                "UPDATE loyalty_code_attempt SET attempted_at = %s WHERE id = %s",
                (attempt.attempted_at - duration, attempt.id),
            )
        self.env.invalidate_all()

    def test_a_few_slips_before_the_right_code_cost_nothing(self):
        self._visit()
        self._guess(throttle.SESSION.free)
        self.assertIsNone(self._open_coupon(self.coupon.code))

    def test_a_typing_error_is_told_and_costs_nothing(self):
        self._visit()
        right = self.coupon.code
        for place in range(4, 20):
            wrong = "2" if right[place] != "2" else "3"
            text = right[:place] + wrong + right[place + 1 :]
            if right[place] != "-":
                self.assertIn("typing error", self._open_coupon(text))
        self.assertIsNone(self._open_coupon(right))
        self.assertFalse(self.attempts.search([]))

    def test_the_same_wrong_code_again_costs_nothing(self):
        self._visit()
        code = self._make_wrong_code(0)
        for _time in range(2 * throttle.SESSION.free):
            self.assertNotIn(WAIT, self._open_coupon(code))
            # The shop tries the pending code again with every change of the cart.
            self.url_open("/shop/cart")
        self.assertEqual(self.attempts.search_count([]), 1)

    def test_the_form_in_the_cart_is_throttled_too(self):
        self._visit()
        for number in range(throttle.SESSION.free + 1):
            self.url_open(f"/shop/pricelist?promo={self._make_wrong_code(number)}")
        page = self.url_open(f"/shop/pricelist?promo={self.coupon.code}").text
        self.assertIn(WAIT, page)
        self.assertEqual(self.attempts.search_count([]), throttle.SESSION.free + 1)

    def test_claiming_a_reward_by_a_code_is_throttled_too(self):
        self._visit()
        self._guess(throttle.SESSION.free + 1)
        reward = self.coupons.reward_ids
        self.url_open(
            f"/shop/claimreward?reward_id={reward.id}&code={self.coupon.code}"
        )
        order = self.env["sale.order"].search([], order="id desc", limit=1)
        self.assertFalse(order.order_line.reward_id)

    def test_the_code_of_a_price_list_is_no_wrong_code(self):
        self.env["product.pricelist"].create(
            {"name": "Friends", "code": "FRIENDS", "website_id": self.website.id}
        )
        self._visit()
        self.url_open("/shop/pricelist?promo=FRIENDS")
        self.assertFalse(self.attempts.search([]))

    def test_new_sessions_do_not_help_a_guesser_at_one_address(self):
        self._record_elsewhere(throttle.ADDRESS.free)
        self._visit()
        self.assertNotIn(WAIT, self._guess(1)[0])
        self._visit()
        self.assertIn(WAIT, self._guess(1)[0])

    def test_others_at_the_guessers_address_may_use_new_codes(self):
        self._record_elsewhere(throttle.ADDRESS.free + 5)
        self._visit()
        self.assertIn(WAIT, self._guess(1)[0])
        self.assertIsNone(self._open_coupon(self.coupon.code))

    def test_signed_in_customers_at_the_guessers_address_may_use_any_code(self):
        old = self._create_coupon(code="044f-e050-4548")
        self._record_elsewhere(throttle.ADDRESS.free + 5)
        self._visit()
        self.assertIn(WAIT, self._open_coupon(old.code))
        self._visit(self.member_user)
        self.assertIsNone(self._open_coupon(old.code))

    def test_guests_hold_up_no_customers_of_the_same_network(self):
        self._record_elsewhere(throttle.KNOWN_ADDRESS.free + 5)
        self._visit(self.member_user)
        self.assertIsNone(self._open_coupon(self.coupon.code))
        other = self._create_coupon(program_id=self._create_coupons("Else").id)
        self._record_elsewhere(throttle.KNOWN_ADDRESS.free + 5, kind="customer")
        self.assertIn(WAIT, self._open_coupon(other.code))

    def test_an_address_that_a_proxy_wrote_is_no_error(self):
        for address in ("203.0.113.5:443", "unknown", "::ffff:203.0.113.5"):
            with (
                self.subTest(address),
                patch("odoo.http.HTTPRequest.remote_addr", address, create=True),
            ):
                self._visit()
                self.assertIn("not valid", self._guess(1)[0])

    def test_even_codes_that_nobody_hits_are_not_tried_for_ever(self):
        self._record_elsewhere(throttle.KNOWN_ADDRESS.free + 5)
        self._visit()
        self.assertIn(WAIT, self._open_coupon(codes.generate()))

    def _record_elsewhere(self, times, kind="visitor"):
        """Let many sessions have entered wrong codes from this address."""
        address = self.attempts._hash(f"{kind} address", "127.0.0.1")
        now = fields.Datetime.now()
        self.attempts.create(
            [
                {
                    "session_key": f"session {number}",
                    "address_key": address,
                    "code_key": f"code {number}",
                    "attempted_at": now,
                }
                for number in range(times)
            ]
        )

    def test_a_wrong_expired_used_or_foreign_code_gets_the_same_answer(self):
        yesterday = fields.Date.today() - timedelta(days=2)
        cases = {
            "expired": self._create_coupon(expiration_date=yesterday).code,
            "used": self._create_coupon(points=0).code,
            "foreign": self._create_coupon(partner_id=self.other.id).code,
            "balance": self.card.code,
            "wrong": codes.generate(),
        }
        answers = {}
        for name, code in cases.items():
            self._visit()
            self.attempts.search([]).unlink()
            answers[name] = self._open_coupon(code)
            self.assertEqual(self.attempts.search_count([]), 1, name)
        self.assertEqual(len(set(answers.values())), 1, answers)
        self.assertIn("not valid", answers["wrong"])

    # === Customers ===

    def test_a_customer_cannot_use_the_coupon_of_another(self):
        coupon = self._create_coupon(partner_id=self.other.id)
        self._visit(self.member_user)
        self.assertEqual(
            self._open_coupon(coupon.code), self._open_coupon(codes.generate())
        )
        self._visit(self.other_user)
        self.assertIsNone(self._open_coupon(coupon.code))

    def test_a_coupon_opened_before_signing_in_is_applied_afterwards(self):
        coupon = self._create_coupon(partner_id=self.member.id)
        self._visit()
        self.assertIn("sign in", self._open_coupon(coupon.code))
        self._visit(self.member_user)
        self.assertIsNone(self._open_coupon(coupon.code))

    def test_a_guessing_account_waits_in_every_session(self):
        for _session in range(2):
            self._visit(self.member_user)
            self._guess(throttle.ACCOUNT.free // 2 + 1)
        self._visit(self.member_user)
        self.assertIn(WAIT, self._open_coupon(self.coupon.code))
        self._visit(self.other_user)
        self.assertIsNone(self._open_coupon(self.coupon.code))

    # === The register ===

    def test_neither_code_nor_address_can_be_read_from_the_register(self):
        self._visit()
        self._guess(1)
        values = str(self.attempts.search([]).read())
        self.assertNotIn("127.0.0.1", values)
        self.assertNotIn("044f-0000", values)

    def test_old_wrong_codes_are_swept_away(self):
        self._record_elsewhere(3)
        self.attempts._gc_attempts()
        self.assertEqual(self.attempts.search_count([]), 3)
        with freeze_time(fields.Datetime.now() + throttle.DAY + timedelta(minutes=1)):
            self.attempts._gc_attempts()
        self.assertFalse(self.attempts.search([]))
