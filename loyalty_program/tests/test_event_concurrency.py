from uuid import uuid4

from odoo.tests import tagged

from .commit_common import CommittingCase


@tagged("post_install", "-at_install")
class TestEventConcurrency(CommittingCase):
    """Two events at once: one answer a key, and no more points than the cap."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.card,) = cls._make_members(1)
        with cls._commit() as env:
            kind = env.ref("loyalty_program.loyalty_event_type_checkin")
            values = {
                "program_id": cls.program,
                "event_type_id": kind.id,
                "points": 10,
            }
            cls.rule = env["loyalty.event.rule"].create(values).id

    def _check_in(self, env, key=None):
        event = env["loyalty.event"]._record(
            "checkin",
            env["loyalty.card"].browse(self.card).partner_id,
            key or uuid4().hex,
            payload={"place": "Ghent"},
        )
        return event.id

    def _set_caps(self, **values):
        with self._commit() as env:
            env["loyalty.event.rule"].browse(self.rule).write(values)

    def test_the_cap_holds_for_two_at_once(self):
        before = self._get_balance(self.card)
        with self._commit() as env:
            awards = env["loyalty.event.award"]
            given = awards.search_count([("rule_id", "=", self.rule)])
        self._set_caps(cap_times=given + 1)
        self._race(self._check_in, self._check_in)
        self._set_caps(cap_times=0)
        self.assertEqual(self._get_balance(self.card), before + 10)

    def test_the_same_event_at_once_is_recorded_once(self):
        before = self._get_balance(self.card)
        key = uuid4().hex
        events, _tries = self._race(*[lambda env: self._check_in(env, key)] * 2)
        self.assertEqual(len(set(events)), 1)
        self.assertEqual(self._get_balance(self.card), before + 10)
