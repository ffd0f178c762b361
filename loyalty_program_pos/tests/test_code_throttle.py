from functools import partial

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import TillCase
from odoo.addons.loyalty_program.engine import codes, throttle

WAIT = "Too many wrong codes"


@tagged("post_install", "-at_install")
class TestCodeThrottle(TillCase, HttpCase):
    """Codes at the till, through the route that the till calls."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.attempts = cls.env["loyalty.code.attempt"]
        cls.cashier.password = "till_cashier"
        cls.coupons = cls.env["loyalty.program"].create(
            {
                "name": "Ten off",
                "program_type": "coupons",
                "trigger": "with_code",
                "applies_on": "current",
                "currency_id": cls.till.currency_id.id,
                "reward_ids": [Command.create({"discount": 10, "required_points": 1})],
            }
        )
        cls.coupon = cls.env["loyalty.card"].create(
            {"program_id": cls.coupons.id, "points": 1}
        )

    def setUp(self):
        super().setUp()
        self.authenticate("till_cashier", "till_cashier")

    def _call(self, model, method, *args):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": {}},
        )

    def _scan(self, code, partner=None):
        """Enter a code as the till does; return the till's answer."""
        self._call("loyalty.card", "get_loyalty_card_partner_by_code", code)
        now = fields.Datetime.to_string(fields.Datetime.now())
        partner_id = partner.id if partner else False
        return self._call(
            "pos.config",
            "use_coupon_code",
            [self.till.id],
            code,
            now,
            partner_id,
            False,
        )

    def _guess(self, times):
        answers = [self._scan(f"044f-0000-{n:04x}") for n in range(times)]
        return [answer["payload"]["error_message"] for answer in answers]

    def test_a_code_is_read_in_any_writing(self):
        for text in (self.coupon.code, self.coupon.code.replace("-", "").lower()):
            answer = self._scan(text)
            self.assertTrue(answer["successful"])
            self.assertEqual(answer["payload"]["coupon_id"], self.coupon.id)

    def test_a_members_card_is_found_in_any_writing(self):
        for text in (self.card.code, self.card.code.replace("-", " ").lower()):
            found = self._call("loyalty.card", "get_loyalty_card_partner_by_code", text)
            self.assertEqual(found, [self.member.id])

    def test_a_typing_error_is_told_and_costs_nothing(self):
        code = self.coupon.code
        wrong = "2" if code[-1] != "2" else "3"
        answer = self._scan(code[:-1] + wrong)
        self.assertFalse(answer["successful"])
        self.assertIn("typing error", answer["payload"]["error_message"])
        self.assertFalse(self.attempts.search([]))

    def test_a_guessing_cashier_has_to_wait(self):
        answers = self._guess(throttle.TILL.free + 1)
        self.assertFalse([text for text in answers[:-1] if WAIT in text])
        answer = self._scan(self.coupon.code)
        self.assertFalse(answer["successful"])
        self.assertIn(WAIT, answer["payload"]["error_message"])
        self.assertFalse(
            self._call(
                "loyalty.card", "get_loyalty_card_partner_by_code", self.card.code
            )
        )

    def test_other_cashiers_of_the_shop_go_on(self):
        self._guess(throttle.TILL.free + 1)
        new_test_user(
            self.env,
            "till_colleague",
            groups="base.group_user,point_of_sale.group_pos_user",
            company_id=self.env.company.id,
        )
        self.authenticate("till_colleague", "till_colleague")
        self.assertTrue(self._scan(self.coupon.code)["successful"])

    def test_another_till_of_the_same_account_goes_on_for_a_while(self):
        self._guess(throttle.TILL.free + 1)
        self.authenticate("till_cashier", "till_cashier")
        self.assertTrue(self._scan(self.coupon.code)["successful"])
        self._record(throttle.CASHIER.free + 1, account=str(self.cashier.id))
        answer = self._scan(self.coupon.code)
        self.assertIn(WAIT, answer["payload"]["error_message"])

    def _record(self, times, address="till", account=None):
        """Let wrong codes have been entered in other sessions behind this address."""
        hashed = self.attempts._hash
        self.attempts.sudo().create(
            [
                {
                    "session_key": f"session {number}",
                    "address_key": hashed(f"{address} address", "127.0.0.1"),
                    "account_key": account and hashed("account", account),
                    "code_key": f"code {number}",
                    "attempted_at": fields.Datetime.now(),
                }
                for number in range(times)
            ]
        )

    def test_a_guest_in_the_shops_network_holds_up_no_till(self):
        for kind in ("visitor", "customer"):
            self._record(throttle.KNOWN_ADDRESS.free + 9, address=kind)
        self.assertTrue(self._scan(self.coupon.code)["successful"])
        self._record(throttle.KNOWN_ADDRESS.free + 9)
        self.assertFalse(self._scan(self.coupon.code)["successful"])

    def test_who_sells_gift_cards_may_enter_new_codes_but_not_guess(self):
        status = partial(self._call, "loyalty.card", "get_gift_card_status")
        for number in range(throttle.TILL.free + 1):
            self.assertTrue(status(f"NEW CARD {number}", self.till.id)["status"])
        self.assertFalse(self.attempts.search([]))
        for number in range(throttle.TILL.free + 1):
            self.assertTrue(status(f"044f-0000-{number:04x}", self.till.id)["status"])
        found = status(self.coupon.code, self.till.id)
        self.assertEqual(found, {"status": False, "data": {"loyalty.card": []}})
        found = status("NEW CARD 99", self.till.id)
        self.assertFalse(found["status"])

    def test_one_wrong_scan_counts_once(self):
        self._guess(1)
        self._guess(1)
        self.assertEqual(self.attempts.search_count([]), 1)

    def test_codes_that_exist_are_no_guesses(self):
        foreign = self.coupon.copy({"code": codes.generate()})
        foreign.partner_id = self.stranger
        self.coupon.points = 0
        for code in (foreign.code, self.coupon.code, self.card.code):
            self._scan(code, self.member)
        self.assertFalse(self.attempts.search([]))

    def test_a_printed_gift_card_is_sold_under_its_code_in_any_writing(self):
        program = self.coupons.copy({"name": "Gift", "program_type": "gift_card"})
        gift = self.env["loyalty.card"].create({"program_id": program.id, "points": 9})
        typed = gift.code.replace("-", " ").lower()
        method = "get_gift_card_status"
        found = self._call("loyalty.card", method, typed, self.till.id)
        self.assertEqual(found["data"]["loyalty.card"][0]["id"], gift.id)
        wrong = typed[:-1] + ("2" if typed[-1] != "2" else "3")
        found = self._call("loyalty.card", method, wrong, self.till.id)
        self.assertFalse(found["status"])
        order = self._sell(self.stranger, self._line(self.record))
        order.with_user(self.cashier).confirm_coupon_programs(
            {"-1": {"points": 30, "program_id": program.id, "code": typed}}
        )
        self.assertEqual(program.coupon_ids, gift)
        self.assertEqual(gift.points, 39)

    def test_the_tills_barcode_rule_knows_the_new_codes(self):
        parsed = self.env.ref("barcodes.default_barcode_nomenclature").parse_barcode(
            self.coupon.code
        )
        self.assertEqual(parsed["type"], "coupon")
