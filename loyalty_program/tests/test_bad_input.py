from datetime import datetime, timedelta
from decimal import Decimal

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import NOW, LoyaltyCase
from odoo.addons.loyalty_program.engine.values import Posting
from odoo.addons.loyalty_program.models.loyalty_ledger_undo import Target


@tagged("post_install", "-at_install")
class TestBadInput(LoyaltyCase):
    """What is no entry is refused with a message, and nothing is posted."""

    def _assert_refused(self, message, *postings, card=None):
        card = card or self.card
        before = self.env["loyalty.ledger.entry"].search_count([])
        points = card.points
        with self.assertRaises(ValidationError) as refusal:
            # With a good one beside it: all or nothing.
            self.ledger._post([self._make_posting(5, card=card), *postings])
        self.assertRegex(str(refusal.exception), message)
        self.env.invalidate_all()
        self.assertEqual(self.env["loyalty.ledger.entry"].search_count([]), before)
        self.assertEqual(card.points, points)

    def _make_raw(self, points, **values):
        defaults = {"card_id": self.card.id, "entry_type": "adjust", "key": "raw"}
        return Posting(points=points, **{**defaults, **values})

    def test_no_number(self):
        for points in ("NaN", "sNaN", "Infinity", "-Infinity", "1e300", "-1e300"):
            with self.subTest(points=points):
                bad = self._make_posting(points)
                self._assert_refused("is no number of points or money", bad)
                bad = self._make_posting(1, base_amount=Decimal(points))
                self._assert_refused("is no number of points or money", bad)

    def test_text_floats_and_nothing(self):
        for points in ("ten", "12", 0.1, float("nan"), None, True, [1]):
            with self.subTest(points=points):
                bad = self._make_raw(points)
                self._assert_refused("is no number of points or money", bad)

    def test_the_wrong_sign(self):
        for kind, points in (
            ("earn", -1),
            ("bonus", -1),
            ("redeem", 1),
            ("expire", 1),
            ("earn_reversal", 1),
            ("redeem_reversal", -1),
            ("reinstate", -1),
        ):
            with self.subTest(kind=kind):
                bad = self._make_posting(points, kind)
                self._assert_refused("cannot have", bad)

    def test_more_decimals_than_the_scale(self):
        self._assert_refused("more decimals", self._make_posting("1.5"))

    def test_an_unknown_type_card_programme_or_account(self):
        self._assert_refused("is no type of entry", self._make_posting(1, "gift"))
        nobody = self._make_raw(Decimal(1), card_id=2**31 - 1)
        self._assert_refused("There is no loyalty card", nobody)
        gone = self._make_card(self._make_recorded_program())
        card_id = gone.id
        gone.unlink()
        self._assert_refused(
            "There is no loyalty card", self._make_raw(Decimal(1), card_id=card_id)
        )
        wallet = self.env["loyalty.program"].create(
            {"name": "Wallet", "program_type": "ewallet", "applies_on": "future"}
        )
        stranger = self._make_posting(1, card=self._make_card(wallet))
        self._assert_refused("have no ledger", stranger)

    def test_no_key(self):
        for key in ("", None, 7):
            bad = self._make_raw(Decimal(1), key=key)
            self._assert_refused("idempotency key", bad)

    def test_facts_of_another_kind(self):
        aware = datetime.fromisoformat("2026-06-29T12:00:00+02:00")
        for values in (
            {"card_id": str(self.card.id)},
            {"card_id": None},
            {"card_id": True},
            {"card_id": 2**40},
            {"reverses_id": "7"},
            {"lot_id": -1},
            {"account_id": [self.card.id]},
            {"occurred_at": "yesterday"},
            {"occurred_at": aware},
            {"expires_on": "2027-02-30"},
            {"expires_on": datetime(2027, 1, 1)},
            {"hold_days": -1},
            {"hold_days": 10**9},
            {"hold_days": "14"},
            {"channel": "moon"},
            {"origin": "sale.order,7"},
            {"origin": ("sale.order", "7")},
            {"breakdown": "because"},
        ):
            with self.subTest(values=values):
                bad = self._make_raw(Decimal(1), **values)
                (name,) = values
                self._assert_refused(f"as its “{name}”", bad)

    def test_the_future(self):
        soon = datetime.fromisoformat(NOW) + timedelta(days=2)
        self._assert_refused("in the future", self._make_posting(1, occurred_at=soon))

    def test_a_document_of_another_company(self):
        other = self.env["res.company"].create({"name": "Another company"})
        self.program.company_id = self.company
        partner = self._make_partner(company_id=other.id)
        bad = self._make_posting(1, origin=("res.partner", partner.id))
        self._assert_refused("belongs to Another company", bad)
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        partner.company_id = branch
        self.assertTrue(self._post(1, origin=("res.partner", partner.id)))

    def test_a_document_that_does_not_exist(self):
        self.program.company_id = self.company
        partner = self._make_partner()
        origin = ("res.partner", partner.id)
        partner.unlink()
        self._assert_refused("does not exist", self._make_posting(1, origin=origin))

    def test_what_is_undone_may_have_lost_its_document(self):
        self.program.company_id = self.company
        partner = self._make_partner()
        entry = self._post(10, "earn", origin=("res.partner", partner.id))
        partner.unlink()
        self.ledger._bring_undone({entry: Target(Decimal(10), Decimal(0))})
        self.assertEqual(self.card.points, 0)

    def test_a_closed_programme_gives_nothing_and_takes_back(self):
        earn = self._post(10, "earn")
        self.program.date_to = "2026-06-29"
        for kind in ("earn", "bonus"):
            self._assert_refused("is closed", self._make_posting(1, kind))
        # What happened before the end may be told after it.
        self._post(1, "earn", occurred_at=datetime(2026, 6, 29, 12))
        self.program.date_to = False
        self.program.active = False
        self._assert_refused("is closed", self._make_posting(1, "earn"))
        self._post(-10, "earn_reversal", reverses_id=earn.id)
        self.assertEqual(self.card.points, 1)

    def test_a_key_used_for_something_else(self):
        content = {
            "key": "order-7",
            "base_amount": Decimal("37.40"),
            "origin": ("res.partner", self.member.id),
            "occurred_at": datetime(2026, 6, 29, 12),
        }
        self._post(40, "earn", **content)
        other = self._make_member("Olga Other")
        for changed in (
            {"points": 41},
            {"entry_type": "bonus"},
            {"card": other},
            {"base_amount": Decimal("37.41")},
            {"origin": ("res.partner", other.partner_id.id)},
            {"origin": None},
            {"occurred_at": datetime(2026, 6, 28, 12)},
        ):
            with self.subTest(changed=list(changed)):
                values = {"points": 40, "entry_type": "earn", **content, **changed}
                bad = self._make_posting(**values)
                self._assert_refused("was used before", bad)
        self.assertFalse(self._post(40, "earn", **content))
        self.assertEqual((self.card.points, other.points), (40, 0))

    def test_a_key_used_for_two_things_in_one_call(self):
        self._assert_refused(
            "was used before",
            self._make_posting(40, "earn", key="order-7"),
            self._make_posting(41, "earn", key="order-7"),
        )

    def test_a_retry_without_a_date_is_the_same(self):
        self._post(40, "earn", key="order-7")
        self.assertFalse(self._post(40, "earn", key="order-7"))
