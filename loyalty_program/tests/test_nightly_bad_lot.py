from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .common import NOW, LoyaltyCase
from odoo.addons.loyalty_program.models import loyalty_ledger_batch

LOGGER = "odoo.addons.loyalty_program.models.loyalty_ledger_batch"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestNightlyBadLot(LoyaltyCase):
    """A card that breaks a batch of SQL keeps nobody else's points from their day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.classPatch(loyalty_ledger_batch, "LOT_BATCH", 5)
        cls.members = cls.card
        for number in range(6):
            cls.members |= cls._make_member(f"Member {number}")
        cls.bad = cls.members[2]

    @contextmanager
    def _broken(self, *cards):
        """Let the database refuse to change the lots of some cards."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                CREATE FUNCTION loyalty_test_refuse() RETURNS trigger
                LANGUAGE plpgsql AS $$ BEGIN RAISE 'a broken lot'; END $$;
                CREATE TRIGGER loyalty_test_refuse BEFORE UPDATE ON loyalty_lot
                FOR EACH ROW WHEN (NEW.card_id IN %s)
                EXECUTE FUNCTION loyalty_test_refuse()
                """,
                tuple(card.id for card in cards),
            )
        )
        yield
        self.env.cr.execute("DROP FUNCTION loyalty_test_refuse CASCADE")

    def _earn(self, **values):
        for card in self.members:
            self._post(10, "earn", card, **values)

    def _run_broken(self, day, *cards, errors=1):
        with (
            freeze_time(f"{day} 10:00:00"),
            self._broken(*(cards or (self.bad,))),
            self.assertLogs(LOGGER, "ERROR") as logs,
        ):
            self._run_nightly()
        self.assertEqual(len(logs.records), errors, logs.output)
        return logs.output

    def _told(self):
        return self.env["mail.activity"].search(
            [("summary", "like", f"leaves out card {self.bad.id}")]
        )

    def assert_only_bad_has(self, *points):
        """Assert (spendable, pending) of the broken card; the others have the rest."""
        self.assertEqual((self.bad.points, self.bad.points_pending), points)
        for card in self.members:
            self.assert_balanced(card)

    def test_points_of_others_lapse_and_somebody_is_told(self):
        self._let_expire(1)
        self._earn()
        (line,) = self._run_broken("2026-08-01")
        self.assertIn(f"loyalty.card({self.bad.id},)", line)
        self.assertIn("a broken lot", line)
        self.assert_only_bad_has(10, 0)
        self.assertFalse(any((self.members - self.bad).mapped("points")))
        told = self._told()
        self.assertIn(self.manager, told.user_id)
        self.assertIn(f'data-oe-id="{self.bad.id}"', told[0].note)
        self.assertNotIn(self.bad.partner_id.name, told[0].note)
        # The next night tells nobody again, and once it is mended the points lapse.
        self._run_broken("2026-08-02")
        self.assertEqual(self._told(), told)
        with freeze_time("2026-08-03 10:00:00"):
            self._run_nightly()
        self.assert_only_bad_has(0, 0)

    def test_pending_points_of_others_are_released(self):
        self._earn(hold_days=3)
        self._run_broken("2026-07-10")
        self.assert_only_bad_has(0, 10)
        self.assertEqual(set((self.members - self.bad).mapped("points")), {10})
        self.assertTrue(self._told())

    def test_inactive_points_of_others_lapse(self):
        self._let_expire(1, "inactivity")
        self._earn()
        self._run_broken("2026-08-01")
        self.assert_only_bad_has(10, 0)
        self.assertFalse(any((self.members - self.bad).mapped("points")))
        self.assertTrue(self._told())

    def test_points_of_others_end_with_their_programme(self):
        self._earn()
        self._earn(hold_days=90)
        self.program.spend_until = "2026-07-20"
        self._run_broken("2026-07-21")
        self.assert_only_bad_has(10, 10)
        others = self.members - self.bad
        self.assertFalse(any(others.mapped("points") + others.mapped("points_pending")))
        self.assertTrue(self._told())

    def test_several_are_left_out_and_too_many_end_the_step(self):
        self._let_expire(1)
        self._earn()
        bad = self.members[1], self.members[4]
        self._run_broken("2026-08-01", *bad, errors=2)
        self.assertEqual([card.points for card in self.members].count(10), 2)
        self._earn()
        with patch.object(loyalty_ledger_batch, "MOST_FAULTS", 1):
            lines = self._run_broken("2026-10-01", *bad, errors=2)
        self.assertIn("failed", lines[-1])
