import inspect
import math

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCase
from odoo.addons.loyalty_program.tests.claim_common import make_donation
from odoo.addons.loyalty_program.tests.rights_common import list_methods

#: What nobody sends who uses a till.
ODD = (
    *(None, False, True, 0, -1, 2**31 - 1, 2**31, math.nan, math.inf, 1e300),
    *("", "abc", "²", "a\0b", "\ud800", "9" * 40, "x" * 5000),
    *([], [{}], [None], ["abc"], [[1, "abc"]], [[2**40, 1]]),
    *({}, {"abc": 1}, {"1": "abc"}, {"1": {}}, {str(2**40): 1}),
)
#: Methods whose arguments are the ORM's own.
ORM = {"copy_data"}


@tagged("post_install", "-at_install")
class TestCraftedCalls(TillCase):
    """Whatever a till sends: it gets an answer or a sentence, never a stack trace."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give(cls, 500)
        cls.coupon_reward = cls.program.reward_ids.sorted("required_points")[0]
        cls.coupon_reward.issues_coupon = True
        cls.donation = make_donation(cls.program)
        cls.gift_cards = cls.env["loyalty.program"].create(
            {"name": "Gift cards", "program_type": "gift_card"}
        )
        cls.care = cls._make_product("Record Care", 9)
        cls.care.product_tmpl_id.write(
            {
                "type": "service",
                "is_care_plan": True,
                "care_product_tmpl_ids": [Command.set(cls.record.product_tmpl_id.ids)],
            }
        )

    def setUp(self):
        super().setUp()
        self.sale = self._sell(self.member, self._line(self.record))
        covered = self._sell(
            self.member, self._line(self.record), self._line(self.care)
        )
        plans = self.env["loyalty.care.plan"]
        self.plan = plans.search([("origin_id", "=", covered.id)])

    def _get_calls(self):
        """Return {method: (who is called, its arguments as a till sends them)}."""
        till = self.till.with_user(self.cashier)
        orders = self.env["pos.order"].with_user(self.cashier)
        cards = self.env["loyalty.card"].with_user(self.cashier)
        card, member = self.card.id, self.member.id
        claim = {"card_id": card, "reward_id": self.donation.id, "times": 1}
        wish = {
            "program_id": self.gift_cards.id,
            "points": 0,
            "code": "printed",
            "coupon_id": -1,
            "expiration_date": "2099-12-31",
            "line_codes": ["line"],
            "partner_id": member,
        }
        consent = {"consent": True, "terms_version": self.program.terms_version or ""}
        return {
            "loyalty_get_terms": (till, [self.program.id]),
            "loyalty_join": (till, [self.program.id, self.stranger.id, consent]),
            "loyalty_get_care": (till, [member, "Record"]),
            "loyalty_file_care_claim": (
                till,
                [self.plan.id, {"description": "It fell.", "agrees": True}, "click"],
            ),
            "loyalty_get_catalogue": (till, [card]),
            "loyalty_claim_reward": (
                till,
                [card, self.donation.id, "click", {"points": 100, "date": None}],
            ),
            "loyalty_issue_coupon": (till, [card, self.coupon_reward.id, "click"]),
            "use_coupon_code": (
                till,
                [self.card.code, "2026-06-30T10:00:00.000Z", member, False],
            ),
            "get_loyalty_card_partner_by_code": (cards, [self.card.code]),
            "get_gift_card_status": (cards, ["printed", self.till.id]),
            "loyalty_check_claims": (orders, [[claim]]),
            "loyalty_check_refund": (orders, [[[self.sale.lines.id, 1]]]),
            "validate_coupon_programs": (orders, [{str(card): -100}, ["printed"]]),
            "confirm_coupon_programs": (
                self.sale.with_user(self.cashier),
                [{"-1": wish}],
            ),
        }

    def _call(self, method, target, arguments):
        """Call as RPC does, and undo it; return the answer or what it was refused with.

        :raise Exception: whatever would be a stack trace at the till
        """
        with self.env.cr.savepoint() as savepoint:
            try:
                return getattr(target, method)(*arguments)
            except UserError as refusal:
                return refusal
            finally:
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_every_door_of_the_tills_is_tried(self):
        taking = {
            method
            for model, method in list_methods(self.env, "loyalty_program_pos")
            if len(inspect.signature(getattr(type(self.env[model]), method)).parameters)
            > 1
        }
        self.assertEqual(taking - ORM, set(self._get_calls()))

    def test_what_a_till_sends_gets_its_answer(self):
        for method, (target, arguments) in self._get_calls().items():
            with self.subTest(method):
                answer = self._call(method, target, arguments)
                self.assertNotIsInstance(answer, UserError)

    def test_whatever_is_sent_is_answered_or_refused_in_words(self):
        for method, (target, arguments) in self._get_calls().items():
            for crafted in self._vary(arguments):
                with self.subTest(method=method, sent=repr(crafted)[:120]):
                    answer = self._call(method, target, crafted)
                    if isinstance(answer, UserError):
                        self.assertNotIn("Traceback", str(answer))
        with self.subTest("missing arguments"):
            till = self.till.with_user(self.cashier)
            self.assertIsInstance(self._call("loyalty_join", till, []), UserError)
        with self.subTest("no till, and several"):
            tills = till.browse(), till | till.browse(till.id + 1), till.browse(2**30)
            for several in tills:
                answer = self._call("loyalty_get_terms", several, [self.program.id])
                self.assertIsInstance(answer, UserError)

    def _vary(self, value):
        """Yield ``value`` with each of its parts, one at a time, made odd."""
        if isinstance(value, list):
            for index, part in enumerate(value):
                for odd in self._vary_part(part):
                    yield [*value[:index], odd, *value[index + 1 :]]
        elif isinstance(value, dict):
            for name, part in value.items():
                for odd in self._vary_part(part):
                    yield {**value, name: odd}

    def _vary_part(self, part):
        yield from ODD
        yield from self._vary(part)
