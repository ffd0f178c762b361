from io import StringIO

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

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

    def test_no_other_way_into_the_table_changes_what_is_there(self):
        for statement in (
            "TRUNCATE loyalty_card CASCADE",
            """INSERT INTO loyalty_ledger_entry (card_id, member_card_id, program_id,
                   entry_type, points, occurred_at, posted_at, available_on, channel,
                   key)
               SELECT card_id, card_id, program_id, 'adjust', 1000, now(), now(),
                   now(), 'api', key FROM loyalty_ledger_entry
               ON CONFLICT (key) DO UPDATE SET points = EXCLUDED.points""",
            """MERGE INTO loyalty_ledger_entry e USING loyalty_card c
               ON e.card_id = c.id WHEN MATCHED THEN UPDATE SET points = 1000""",
            """MERGE INTO loyalty_ledger_entry e USING loyalty_card c
               ON e.card_id = c.id WHEN MATCHED THEN DELETE""",
            "WITH gone AS (DELETE FROM loyalty_ledger_entry RETURNING id) TABLE gone",
            f"DELETE FROM loyalty_card WHERE id = {self.card.id}",
        ):
            with self.subTest(statement=statement), self.assert_refused_by_sql():
                self.env.cr.execute(statement)
        self.assertEqual(self._story(), [("adjust", 50)])

    def test_a_bulk_load_brings_neither_a_known_key_nor_what_is_no_number(self):
        columns = (
            "card_id, member_card_id, program_id, entry_type, points, base_amount, "
            "occurred_at, posted_at, available_on, channel, key"
        )
        ids = f"{self.card.id}\t{self.card.id}\t{self.program.id}\tadjust"
        rest = "2026-06-30\t2026-06-30\t2026-06-30\tapi"
        for numbers, key in (
            ("1000\t0", self.entry.key),
            ("NaN\t0", "forged"),
            ("1000\tNaN", "forged"),
            ("1000\tInfinity", "forged"),
        ):
            line = f"{ids}\t{numbers}\t{rest}\t{key}\n"
            with self.subTest(line=line), self.assert_refused_by_sql():
                self.env.cr.copy_expert(
                    f"COPY loyalty_ledger_entry ({columns}) FROM STDIN",
                    StringIO(line),
                )

    def test_the_triggers_rest_for_nobody(self):
        # A superuser's session may play a replica, for which only these fire.
        rows = self.env.execute_query(
            SQL(
                """SELECT tgname, tgenabled FROM pg_trigger
                   WHERE tgrelid = 'loyalty_ledger_entry'::regclass
                       AND NOT tgisinternal ORDER BY tgname"""
            )
        )
        self.assertEqual(rows, [("append_only_rows", "A"), ("append_only_table", "A")])

    def test_nothing_that_is_deleted_takes_entries_along(self):
        rows = self.env.execute_query(
            SQL(
                """SELECT conname FROM pg_constraint
                   WHERE conrelid = 'loyalty_ledger_entry'::regclass
                       AND contype = 'f' AND confdeltype NOT IN ('r', 'a')"""
            )
        )
        self.assertFalse(rows)

    def test_a_card_brings_no_entry_and_takes_none_away(self):
        entry = self.entry.id
        for command in (
            Command.create({"points": 5}),
            Command.update(entry, {"points": 5}),
            Command.delete(entry),
            Command.unlink(entry),
            Command.set([]),
        ):
            with self.subTest(command=command), self.assertRaises(UserError):
                self.card.sudo().write({"entry_ids": [command]})
                self.env.flush_all()
        self.assertEqual(self._story(), [("adjust", 50)])

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
