from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from uuid import uuid4

from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import tagged
from odoo.tests.common import BaseCase, get_db_name
from odoo.tools import SQL, mute_logger

from odoo.addons.loyalty_program.engine.values import Posting

WAIT = 30


@tagged("post_install", "-at_install")
class TestConcurrency(BaseCase):
    """Two at once: real transactions that commit, on one card.

    What the tests commit is taken away by the owner of the tables, who alone can put
    the append-only triggers aside.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            programs = env["loyalty.program"]
            cls.program = programs.create(programs._prepare_membership_values()).id
            cls.partner = env["res.partner"].create({"name": "Two at once"}).id
            cls.card = cls._enrol(env).id
        cls.addClassCleanup(cls._take_away)

    @classmethod
    def _enrol(cls, env):
        program = env["loyalty.program"].browse(cls.program)
        return program._enrol(env["res.partner"].browse(cls.partner), "api", True)

    @classmethod
    def _take_away(cls):
        tables = ("loyalty_lot_use", "loyalty_lot", "loyalty_ledger_entry")
        with cls.registry.cursor() as cr:
            entries = SQL("ALTER TABLE loyalty_ledger_entry")
            cr.execute(SQL("%s DISABLE TRIGGER USER", entries))
            cr.execute(
                "DELETE FROM loyalty_lot_use WHERE lot_id IN "
                "(SELECT id FROM loyalty_lot WHERE card_id = %s)",
                (cls.card,),
            )
            for table in tables[1:]:
                query = "DELETE FROM %s WHERE card_id = %s"
                cr.execute(SQL(query, SQL.identifier(table), cls.card))
            cr.execute(SQL("%s ENABLE TRIGGER USER", entries))
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["loyalty.card"].browse(cls.card).unlink()
            program = env["loyalty.program"].browse(cls.program)
            products = program.reward_ids.discount_line_product_id
            program.active = False
            program.unlink()
            products.unlink()
            env["res.partner"].browse(cls.partner).unlink()

    def _post(self, env, points, kind, key=None, allow_debt=True):
        posting = Posting(
            card_id=self.card,
            entry_type=kind,
            points=Decimal(points),
            key=key or f"race:{uuid4()}",
        )
        return env["loyalty.ledger"]._post([posting], allow_debt=allow_debt)

    def _race(self, act):
        """Run ``act(env)`` in two transactions that begin together.

        :return: how many records each returned, or the refusal that it met
        """
        barrier = Barrier(2)

        def run(env):
            # The snapshot of both is taken before either writes.
            env.cr.execute("SELECT points FROM loyalty_card LIMIT 1")
            barrier.wait(WAIT)
            while True:
                try:
                    count = len(act(env))
                    env.cr.commit()
                    return count
                except SerializationFailure:
                    # As Odoo's own request handling does.
                    env.cr.rollback()
                    env.transaction.clear()
                except (UserError, IntegrityError) as error:
                    env.cr.rollback()
                    return error

        # Made here: only the main thread may ask for the registry during tests.
        envs = [
            api.Environment(self.registry.cursor(), SUPERUSER_ID, {})
            for _side in range(2)
        ]
        try:
            with ThreadPoolExecutor(2) as pool, mute_logger("odoo.sql_db"):
                futures = [pool.submit(run, env) for env in envs]
                return [future.result(WAIT) for future in futures]
        finally:
            for env in envs:
                env.cr.close()

    def _get_facts(self):
        """Return (balance, sum of the entries, sum of the open lots)."""
        with self.registry.cursor() as cr:
            cr.execute(
                """
                SELECT points,
                    (SELECT SUM(points) FROM loyalty_ledger_entry WHERE card_id = c.id),
                    (SELECT SUM(remaining) FROM loyalty_lot WHERE card_id = c.id)
                FROM loyalty_card c WHERE id = %s
                """,
                (self.card,),
            )
            return cr.fetchone()

    def test_the_same_key_at_the_same_time_posts_once(self):
        before = self._get_facts()[0]
        key = f"race:{uuid4()}"
        posted = self._race(lambda env: self._post(env, 40, "earn", key))
        self.assertEqual(sorted(posted), [0, 1])
        self.assertEqual(self._get_facts(), (before + 40,) * 3)

    def test_earnings_at_the_same_time_add_up(self):
        before = self._get_facts()[0]
        posted = self._race(lambda env: self._post(env, 7, "earn"))
        self.assertEqual(posted, [1, 1])
        self.assertEqual(self._get_facts(), (before + 14,) * 3)

    def test_the_last_points_are_spent_once(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            card = env["loyalty.card"].browse(self.card)
            self._post(env, 100 - card.points, "adjust")
        results = self._race(
            lambda env: self._post(env, -100, "redeem", allow_debt=False)
        )
        self.assertEqual([r for r in results if not isinstance(r, UserError)], [1])
        self.assertEqual(self._get_facts(), (0, 0, 0))

    def test_joining_at_the_same_time_makes_one_member(self):
        partner = self._make_committed_partner()
        self._race(lambda env: self._enrol_somebody(env, partner))
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cards = env["loyalty.card"].search([("partner_id", "=", partner)])
            count = len(cards)
            cards.unlink()
            env["res.partner"].browse(partner).unlink()
        self.assertEqual(count, 1)

    def _make_committed_partner(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            return env["res.partner"].create({"name": "Joining twice"}).id

    def _enrol_somebody(self, env, partner):
        program = env["loyalty.program"].browse(self.program)
        return program._enrol(env["res.partner"].browse(partner), "api", True)
