from decimal import Decimal

from odoo.tests import tagged
from odoo.tools import SQL

from .test_pool import PoolCase

#: What differs by its nature: numbers of records, keys, days of tiers by member.
FACTS = SQL(
    """entry_type, points::text, base_amount::text, occurred_at, available_on,
    tier_date, channel, origin_model, origin_id, posted_by_id, breakdown::text,
    company_id, currency_id, program_id"""
)


@tagged("post_install", "-at_install")
class TestOneAsMany(PoolCase):
    """A posting writes the same alone as among others."""

    CASES = (
        {"points": "10", "entry_type": "earn"},
        {"points": "10.25", "entry_type": "earn", "hold_days": 3},
        {"points": "7", "entry_type": "bonus", "expires_on": "2026-12-31"},
        {"points": "0", "entry_type": "earn", "base_amount": Decimal("0.4")},
        {"points": "-4", "entry_type": "redeem", "breakdown": {"why": "é"}},
        {"points": "-900", "entry_type": "redeem"},
        {"points": "5", "entry_type": "earn", "counts_for_tier": True},
        {"points": "2000", "entry_type": "earn", "channel": "api"},
    )

    def _get_rows(self, card):
        """Return entries, lots and balances of an account, whatever their numbers."""
        account = card._get_account()
        return [
            self.env.execute_query(query)
            for query in (
                SQL(
                    """SELECT %s FROM loyalty_ledger_entry
                       WHERE card_id = %s ORDER BY id""",
                    FACTS,
                    account.id,
                ),
                SQL(
                    """SELECT points::text, remaining::text, state, available_on,
                           expires_on FROM loyalty_lot
                       WHERE card_id = %s ORDER BY id""",
                    account.id,
                ),
                SQL(
                    """SELECT points::text, ledger_points::text, points_pending::text
                       FROM loyalty_card WHERE id = %s OR account_id = %s""",
                    account.id,
                    account.id,
                ),
            )
        ]

    def _post_case(self, card, case, beside=None):
        values = {"origin": ("res.partner", self.member.id), **case}
        points, kind = values.pop("points"), values.pop("entry_type")
        postings = [self._make_posting(points, kind, card, **values)]
        if beside:
            postings.append(self._make_posting(0, "earn", beside))
        entries = self.ledger._post(postings)
        return entries.filtered(lambda entry: entry.member_card_id == card)

    def test_a_posting_writes_the_same_alone_as_among_others(self):
        self.program.points_scale = 2
        beside = self._make_member("Beside")
        for case in self.CASES:
            with self.subTest(**case):
                told = []
                for with_others in (False, True):
                    pool = self._share(
                        self._make_member("One"), self._make_member("Two")
                    )
                    card = pool.owner_id
                    for points, kind in ((20, "earn"), (-25, "redeem")):
                        self._post(points, kind, card)
                    entry = self._post_case(card, case, with_others and beside)
                    self.assertEqual(len(entry), 1)
                    told.append(
                        [*self._get_rows(card), card.points, card.points_pending]
                    )
                    self.assert_balanced(card)
                self.assertEqual(*told)

    def test_a_known_key_changes_nothing(self):
        posting = self._make_posting(10, "earn")
        self.ledger._post([posting])
        rows = self._get_rows(self.card)
        self.assertFalse(self.ledger._post([posting]))
        self.assertEqual(self._get_rows(self.card), rows)
