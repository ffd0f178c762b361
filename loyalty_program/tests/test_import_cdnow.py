import io
from collections import Counter
from datetime import datetime
from decimal import Decimal

from odoo.tests import tagged
from odoo.tools.misc import file_open

from ..importer.formats import CDNOW, PURCHASES
from ..importer.job import ImportJob
from .import_common import HistoryImportCase


@tagged("post_install", "-at_install")
class TestImportCdnow(HistoryImportCase):
    """The published purchases come in whole, to the cent, once, on their days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write({"tier_window": "lifetime", "hold_days": 0})
        with file_open("loyalty_program/tests/data/cdnow_sample.txt", "rb") as stream:
            cls.content = stream.read()
        cls.cents, cls.points = Counter(), Counter()
        for line in cls.content.decode("ascii").splitlines():
            customer, dollars = line[7:11], line[-6:].strip()
            cls.cents[customer] += int(dollars.replace(".", ""))
            cls.points[customer] += int(dollars.split(".")[0])
        cls.job = ImportJob(PURCHASES, CDNOW, "CDNOW", consent=True)
        cls.report = cls.service._import(cls.program, cls.job, io.BytesIO(cls.content))

    def test_every_purchase_is_posted_and_the_sums_are_those_of_the_file(self):
        entries = self.entries()
        self.assertEqual(len(entries), 6919)
        self.assertEqual(set(entries.mapped("entry_type")), {"earn"})
        posted, earned = Counter(), Counter()
        for entry in entries:
            customer = entry.partner_id.ref
            posted[customer] += round(entry.base_amount * 100)
            earned[customer] += int(entry.points)
        self.assertEqual(posted, self.cents)
        self.assertEqual(+earned, +self.points)
        self.assertEqual(self.report.amount, Decimal(sum(self.cents.values())) / 100)

    def test_every_customer_is_a_member_with_the_balance_of_the_purchases(self):
        cards = self.program.coupon_ids
        self.assertEqual(len(cards), 2357)
        self.assertEqual(set(cards.mapped("member_state")), {"joined"})
        self.assertEqual(
            {card.partner_id.ref: card.points for card in cards},
            {customer: self.points[customer] for customer in self.cents},
        )

    def test_purchases_keep_their_days(self):
        moments = self.entries().mapped("occurred_at")
        self.assertEqual(min(moments).date(), datetime(1997, 1, 1).date())
        self.assertEqual(max(moments).date(), datetime(1998, 6, 30).date())

    def test_tiers_are_those_that_the_sums_reach(self):
        expected = Counter()
        for cents in self.cents.values():
            reached = [t for t in self.program.tier_ids if t.threshold * 100 <= cents]
            expected[max(reached, key=lambda t: t.threshold).name] += 1
        found = Counter(self.program.coupon_ids.mapped(lambda c: c.tier_id.name))
        self.assertEqual(found, expected)
        self.assertEqual(len(found), 4)

    def test_points_of_1998_expired_long_ago(self):
        list(self.env["loyalty.ledger"]._run_daily())
        cards = self.program.coupon_ids
        self.assertEqual(set(cards.mapped("points")), {0.0})
        expired = self.entries().filtered(lambda e: e.entry_type == "expire")
        self.assertEqual(sum(expired.mapped("points")), -sum(self.points.values()))

    def test_the_same_file_again_posts_nothing(self):
        before = self.entries()
        contacts = self.env["res.partner"].search_count([])
        report = self.service._import(self.program, self.job, io.BytesIO(self.content))
        self.assertEqual((report.rows, report.known), (6919, 6919))
        self.assertFalse(report.joining)
        self.assertEqual(self.entries(), before)
        self.assertEqual(self.env["res.partner"].search_count([]), contacts)
