from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestAppendOnly(LoyaltyCase):
    """What is posted stays as it was posted, whoever asks and by whatever way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entry = cls._post(50)

    def test_no_role_creates_an_entry_past_the_service(self):
        vals = {
            "card_id": self.card.id,
            "member_card_id": self.card.id,
            "program_id": self.program.id,
            "entry_type": "earn",
            "points": 1000,
            "occurred_at": "2026-06-30 10:00:00",
            "posted_at": "2026-06-30 10:00:00",
            "available_on": "2026-06-30",
            "channel": "api",
            "key": "forged",
        }
        entries = self.env["loyalty.ledger.entry"]
        for model in (entries, entries.sudo(), entries.with_user(self.manager)):
            with self.assertRaises(UserError):
                model.create(vals)

    def test_no_role_changes_an_entry(self):
        for entry in (self.entry, self.entry.with_user(self.manager)):
            with self.assertRaises(UserError):
                entry.write({"points": 1000})
            with self.assertRaises(UserError):
                entry.points = 1000

    def test_no_role_deletes_an_entry(self):
        for entry in (self.entry, self.entry.with_user(self.manager)):
            with self.assertRaises(UserError):
                entry.unlink()
        self.assertTrue(self.entry.exists())

    def test_the_database_refuses_every_change(self):
        for statement in (
            "UPDATE loyalty_ledger_entry SET points = 1000",
            "UPDATE loyalty_ledger_entry SET key = key",
            "DELETE FROM loyalty_ledger_entry",
            "TRUNCATE loyalty_ledger_entry CASCADE",
        ):
            with self.subTest(statement=statement), self.assert_refused_by_sql():
                self.env.cr.execute(statement)

    def test_the_database_refuses_a_change_below_the_model(self):
        with self.assert_refused_by_sql():
            self.entry._write({"points": 1000})

    def test_the_database_refuses_points_that_are_no_number(self):
        statement = """
            INSERT INTO loyalty_ledger_entry (card_id, member_card_id, program_id,
                entry_type, points, occurred_at, posted_at, available_on, channel, key)
            SELECT card_id, card_id, program_id, 'adjust', %s::numeric, now(), now(),
                now(), 'api', 'forged'
            FROM loyalty_ledger_entry WHERE id = %s
        """
        for points in ("NaN", "Infinity", "-Infinity", "1e300"):
            with self.subTest(points=points), self.assert_refused_by_sql():
                self.env.cr.execute(statement, (points, self.entry.id))

    def test_the_service_is_closed_to_remote_callers(self):
        public = [
            name
            for name in dir(type(self.ledger))
            if not name.startswith("_") and name not in dir(self.env["base"])
        ]
        self.assertEqual(public, [])
