from datetime import date, datetime

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_open

from ..demo.names import invent_name


@tagged("post_install", "-at_install")
class TestDemoHistory(TransactionCase):
    """The demo shows the published purchases, moved in time, under invented names."""

    def test_days_move_by_whole_weeks_and_end_within_the_last_one(self):
        demo = self.env["loyalty.demo"]
        with file_open("loyalty_program/tests/data/cdnow_sample.txt") as stream:
            published = [line.split() for line in stream]
        for today in (date(2026, 3, 15), date(2026, 3, 16), date(1999, 1, 1)):
            moved = demo._read_purchases(today)
            shifts = {
                datetime.strptime(new[2], "%Y%m%d")
                - datetime.strptime(old[2], "%Y%m%d")
                for new, old in zip(moved, published, strict=True)
            }
            self.assertEqual(len(shifts), 1)
            self.assertEqual(shifts.pop().days % 7, 0)
            last = datetime.strptime(max(row[2] for row in moved), "%Y%m%d").date()
            self.assertIn((today - last).days, range(1, 8))
            self.assertEqual(
                [row[:2] + row[3:] for row in moved],
                [row[:2] + row[3:] for row in published],
            )

    def test_every_customer_has_a_name_of_its_own(self):
        self.assertEqual(len({invent_name(number) for number in range(2357)}), 2357)
        content = self.env["loyalty.demo"]._write_members(
            [["1", "0002", "20260102", "1", "9"], ["1", "0002", "20260101", "1", "9"]]
        )
        header, member = content.decode().splitlines()
        self.assertEqual(header.split(",")[:2], ["reference", "name"])
        self.assertTrue(member.startswith("0002,Ada Amberberry,"))
        self.assertIn("20260101,20260101", member)
