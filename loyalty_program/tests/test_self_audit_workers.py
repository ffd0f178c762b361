from contextlib import ExitStack

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import tagged
from odoo.tests.common import BaseCase, get_db_name


@tagged("post_install", "-at_install")
class TestSelfAuditWorkers(BaseCase):
    """Several workers share one run: real transactions that commit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            audit = env["loyalty.audit"].create({})
            env["loyalty.audit.part"].create(
                [
                    {"audit_id": audit.id, "kind": "cards", "low": 0, "high": 0},
                    {"audit_id": audit.id, "kind": "lots", "low": 0, "high": 0},
                ]
            )
            cls.audit = audit.id
        cls.addClassCleanup(cls._take_away)

    @classmethod
    def _take_away(cls):
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["loyalty.audit"].browse(cls.audit).unlink()

    def test_workers_share_the_parts_and_one_finishes(self):
        with ExitStack() as stack:
            cursors = [stack.enter_context(self.registry.cursor()) for _ in range(3)]
            first, second, third = (
                api.Environment(cr, SUPERUSER_ID, {})["loyalty.audit"].browse(
                    self.audit
                )
                for cr in cursors
            )
            self.assertTrue(first._check_next_part())
            self.assertTrue(second._check_next_part())
            self.assertFalse(third._check_next_part(), "both parts are held")
            self.assertFalse(third._finish(), "others have not committed yet")
            for cr in cursors:
                cr.commit()
            self.assertTrue(first._finish())
            self.assertFalse(second._finish(), "the first one closes the run")
