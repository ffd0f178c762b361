from unittest.mock import patch

from psycopg2 import errors

from odoo.tests import tagged

from .common import LoyaltyCase

LOGGER = "odoo.addons.loyalty_program.models.loyalty_ledger_batch"


@tagged("post_install", "-at_install")
class TestNightlyFaults(LoyaltyCase):
    """One broken step of the nightly work ends alone, loudly, and half does nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._make_program(name="Other")
        cls.third = cls.other._enrol(cls.member, "backoffice", True)

    def _break(self, program, error, name="_run_release"):
        """Let a step of one programme write something, and fail in its first batch."""
        stock = getattr(self.env.registry["loyalty.ledger"], name)

        def step(ledger, own):
            if own != program:
                yield from stock(ledger, own)
                return
            program.name = "Half done"
            self.env.flush_all()
            raise error

        return patch.object(self.env.registry["loyalty.ledger"], name, step)

    def test_the_other_steps_go_on_and_the_log_has_the_error(self):
        self.env["loyalty.tier.benefit"].create(
            {
                "tier_id": self.other.tier_ids.sorted("threshold")[0].id,
                "kind": "yearly_gift",
                "gift_points": 5,
            }
        )
        name = self.program.name
        with (
            self._break(self.program, ValueError("A template of a user.")),
            self.assertLogs(LOGGER, "ERROR") as logs,
        ):
            self._run_nightly()
        self.assertEqual(len(logs.records), 1)
        self.assertIn("release", logs.output[0])
        self.assertIn(name, logs.output[0])
        self.assertIn("A template of a user.", logs.output[0])
        # What the step had written is gone, what came after it is there.
        self.assertEqual(self.program.name, name)
        self.assertEqual(self.third.points, 5)

    def test_a_broken_reminder_stops_no_other_programme(self):
        self.program.write({"expiry_mode": "earning", "validity_count": 1})
        self.other.write({"expiry_mode": "earning", "validity_count": 1})
        stock = self.env.registry["loyalty.expiry.reminder"]._remind
        reached = []

        def remind(reminders, program, steps, find):
            reached.append(program)
            if program == self.program:
                raise ValueError("No such field.")
            yield from stock(reminders, program, steps, find)

        reminders = self.env.registry["loyalty.expiry.reminder"]
        with (
            patch.object(reminders, "_remind", remind),
            self.assertLogs(LOGGER, "ERROR") as logs,
        ):
            list(self.env["loyalty.expiry.reminder"]._run_reminders())
        self.assertEqual(reached[:2], [self.program, self.other])
        self.assertEqual(len(logs.records), 1)

    def test_what_another_was_faster_in_is_tried_again_by_the_caller(self):
        conflict = errors.SerializationFailure("could not serialize access")
        with (
            self._break(self.program, conflict),
            self.assertRaises(errors.SerializationFailure),
        ):
            self._run_nightly()
