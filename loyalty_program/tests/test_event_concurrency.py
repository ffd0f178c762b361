from uuid import uuid4

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from odoo.addons.loyalty_program.tests.test_concurrency import TestConcurrency


@tagged("post_install", "-at_install")
class TestEventConcurrency(TestConcurrency):
    """Two events at once: one answer a key, and no more points than the cap."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            kind = env.ref("loyalty_program.loyalty_event_type_checkin")
            cls.rule = (
                env["loyalty.event.rule"]
                .create(
                    {
                        "program_id": cls.program,
                        "event_type_id": kind.id,
                        "points": 10,
                    }
                )
                .id
            )
        cls.addClassCleanup(cls._take_events_away)

    @classmethod
    def _take_events_away(cls):
        with cls.registry.cursor() as cr:
            cr.execute(
                "DELETE FROM loyalty_event WHERE partner_id = %s", (cls.partner,)
            )

    def _check_in(self, env, key=None):
        return env["loyalty.event"]._record(
            "checkin",
            env["res.partner"].browse(self.partner),
            key or uuid4().hex,
            payload={"place": "Ghent"},
        )

    def _set_caps(self, **values):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["loyalty.event.rule"].browse(self.rule).write(values)

    def test_the_cap_holds_for_two_at_once(self):
        before = self._get_facts()[0]
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT COUNT(*) FROM loyalty_event_award WHERE rule_id = %s",
                (self.rule,),
            )
            given = cr.fetchone()[0]
        self._set_caps(cap_times=given + 1)
        self.assertEqual(self._race(self._check_in), [1, 1])
        self._set_caps(cap_times=0)
        self.assertEqual(self._get_facts(), (before + 10,) * 3)

    def test_the_same_event_at_once_is_recorded_once(self):
        before = self._get_facts()[0]
        key = uuid4().hex
        events = []

        def check_in(env):
            event = self._check_in(env, key)
            events.append(event.id)
            return event

        self.assertEqual(self._race(check_in), [1, 1])
        self.assertEqual(len(set(events)), 1)
        self.assertEqual(self._get_facts(), (before + 10,) * 3)
