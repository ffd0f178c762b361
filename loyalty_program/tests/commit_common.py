from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from threading import Barrier, RLock
from uuid import uuid4

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests.common import BaseCase, get_db_name
from odoo.tools import SQL, mute_logger

from odoo.addons.loyalty_program.engine.values import Posting

WAIT = 60

#: How many begin at the same instant.
AT_ONCE = 20


class CommittingCase(BaseCase):
    """Real transactions that commit, on cards of their own.

    Nothing can be taken out of a ledger, so what the tests leave is made harmless:
    balances are brought to zero, programme, cards and contacts are archived.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Threads of the tests may ask for the registry, as those of a server do.
        cls.classPatch(Registry, "_lock", RLock())
        cls.registry = Registry(get_db_name())
        cls.addClassCleanup(cls._neutralise)
        with cls._commit() as env:
            values = {**cls._prepare_program(env), "name": "Many at once"}
            cls.program = env["loyalty.program"].create(values).id
            cls.product = (
                env["product.product"]
                .create({"name": "Many at once", "type": "service", "taxes_id": []})
                .id
            )

    @classmethod
    def _prepare_program(cls, env):
        return env["loyalty.program"]._prepare_membership_values()

    @classmethod
    @contextmanager
    def _commit(cls):
        """Return an environment whose work is committed at the end of the block."""
        with cls.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    @classmethod
    def _neutralise(cls):
        with cls._commit() as env:
            env["loyalty.ledger"]._cron_fold()
        with cls._commit() as env:
            program = env["loyalty.program"].browse(cls.program)
            cards = env["loyalty.card"].search(
                [("program_id", "=", cls.program), ("account_id", "=", False)]
            )
            env["loyalty.ledger"]._post(
                [
                    cls._make_posting(card.id, -Decimal(repr(card.points)), "adjust")
                    for card in cards
                    if card.points
                ],
                notify=False,
            )
            cards = cards.search([("program_id", "=", cls.program)])
            cards._leave()
            cards.active = False
            cards.partner_id.active = False
            program.active = False
            env["product.product"].browse(cls.product).active = False

    # === Builders: they commit ===

    @classmethod
    def _make_members(cls, number, points=0, has_pool=False):
        """Return ids of cards of so many new members, with so many points each.

        :param bool has_pool: whether they share one account, which has the points
        """
        with cls._commit() as env:
            program = env["loyalty.program"].browse(cls.program)
            partners = env["res.partner"].create([{"name": "At once"}] * number)
            members = [(partner, None) for partner in partners]
            cards = program._enrol_batch(members, "api", True)
            holders = cards
            if has_pool:
                holders = env["loyalty.card"].create({"program_id": cls.program})
                cards.account_id = holders
            if points:
                env["loyalty.ledger"]._post(
                    [cls._make_posting(card.id, points) for card in holders],
                    notify=False,
                )
            return cards.ids

    @classmethod
    def _make_posting(cls, card_id, points, entry_type="earn", **values):
        values.setdefault("key", f"race:{uuid4()}")
        return Posting(
            card_id=card_id,
            entry_type=entry_type,
            points=Decimal(points),
            **values,
        )

    @classmethod
    def _make_order(cls, card_id, amount=100, reward=False):
        """Return the id of a quotation, with the reward claimed or not."""
        with cls._commit() as env:
            card = env["loyalty.card"].browse(card_id)
            line = {
                "product_id": cls.product,
                "price_unit": amount,
                "tax_ids": [Command.clear()],
            }
            order = env["sale.order"].create(
                {
                    "partner_id": card.partner_id.id,
                    "order_line": [Command.create(line)],
                }
            )
            order._update_programs_and_rewards()
            if reward:
                rewards = card.program_id.reward_ids
                order._apply_program_reward(rewards.sorted("required_points")[0], card)
            return order.id

    # === Many at once ===

    def _race(self, *acts):
        """Run each ``act(env)`` in a transaction of its own, all begun together.

        As requests do: repeated after a conflict, refused with a message.

        :return: what each returned, or the refusal that it met; and the tries
        """
        barrier = Barrier(len(acts))
        tries = [0] * len(acts)

        def run(number, act):
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})

                def request():
                    tries[number] += 1
                    # The snapshot of all is taken before any of them writes.
                    env.cr.execute("SELECT count(*) FROM res_company")
                    if tries[number] == 1:
                        barrier.wait(WAIT)
                    return act(env)

                try:
                    return retrying(request, env)
                except UserError as error:
                    cr.rollback()
                    return error

        quiet = mute_logger("odoo.sql_db", "odoo.service.model")
        with ThreadPoolExecutor(len(acts)) as pool, quiet:
            futures = [pool.submit(partial(run, *job)) for job in enumerate(acts)]
            return [future.result(WAIT) for future in futures], sum(tries)

    def _race_in_waves(self, acts):
        """Run many acts, as many at a time as a busy server has workers.

        :return: (results, refusals)
        """
        results = []
        for start in range(0, len(acts), AT_ONCE):
            results += self._race(*acts[start : start + AT_ONCE])[0]
        refusals = [each for each in results if isinstance(each, UserError)]
        return [each for each in results if each not in refusals], refusals

    def _confirm(self, order_id, env):
        env["sale.order"].browse(order_id).action_confirm()
        return 1

    def _post(self, env, *postings, **options):
        return len(env["loyalty.ledger"]._post(postings, **options))

    # === Questions ===

    def _get_balance(self, card_id):
        """Return the balance, when entries, lots and queue agree with it."""
        with self._commit() as env:
            rows = env.execute_query(
                SQL(
                    """
                    SELECT c.points, COALESCE(c.points_pending, 0), a.ledger_points,
                        (SELECT COALESCE(SUM(points), 0) FROM loyalty_ledger_entry
                         WHERE card_id = a.id),
                        (SELECT COALESCE(SUM(remaining), 0) FROM loyalty_lot
                         WHERE card_id = a.id),
                        (SELECT COALESCE(SUM(e.points), 0)
                         FROM loyalty_ledger_queue q
                         JOIN loyalty_ledger_entry e ON e.id = q.entry_id
                         WHERE q.card_id = a.id)
                    FROM loyalty_card c
                    JOIN loyalty_card a ON a.id = COALESCE(c.account_id, c.id)
                    WHERE c.id = %s
                    """,
                    card_id,
                )
            )
        points, pending, ledger_points, entries, lots, queue = rows[0]
        self.assertEqual(points, ledger_points or 0, "the copy and the ledger's own")
        self.assertEqual(points + pending, lots, "balance and lots")
        self.assertEqual(points + pending + queue, entries, "balance and entries")
        return points
