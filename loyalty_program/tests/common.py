from contextlib import contextmanager
from decimal import Decimal
from itertools import count

from psycopg2 import Error

from odoo.fields import Command
from odoo.tests import TransactionCase, freeze_time, new_test_user
from odoo.tools import SQL, mute_logger

from odoo.addons.loyalty_program.engine.values import Posting

#: The moment at which every test begins, unless it says otherwise: UTC, a Tuesday.
NOW = "2026-06-30 10:00:00"

_number = count(1)


@freeze_time(NOW)
class LoyaltyCase(TransactionCase):
    """A strict programme, a member, a service for 100 and a plain salesperson."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False
        cls.company = cls.env.company
        cls.company.partner_id.tz = "UTC"
        cls.currency = cls.company.currency_id
        cls.ledger = cls.env.get("loyalty.ledger")
        cls.program = cls._make_program()
        cls.product = cls._make_product("Record")
        cls.salesperson = cls._make_user("seller", "sales_team.group_sale_salesman")
        cls.loyalty_user = cls._make_user("host", "loyalty_program.group_loyalty_user")
        cls.manager = cls._make_user("owner", "loyalty_program.group_loyalty_manager")
        cls.card = cls._make_member("Mira Member")
        cls.member = cls.card.partner_id

    # === Builders ===

    @classmethod
    def _make_user(cls, login, groups, **values):
        return new_test_user(
            cls.env,
            f"loyalty_{login}_{next(_number)}",
            groups=f"base.group_user,{groups}" if groups else "base.group_user",
            **values,
        )

    @classmethod
    def _make_manager_elsewhere(cls, company):
        """Return a loyalty manager who sees this company and no other."""
        return cls._make_user(
            "stranger",
            "loyalty_program.group_loyalty_manager",
            company_id=company.id,
            company_ids=[company.id],
        )

    @classmethod
    def _make_program(cls, **values):
        """Return a strict programme: 1 point per unit of money, four tiers."""
        programs = cls.env["loyalty.program"]
        return programs.create({**programs._prepare_membership_values(), **values})

    @classmethod
    def _let_expire(cls, count, mode="earning", **values):
        """Let points of the programme expire after so many months.

        :param values: other settings of the expiry
        """
        cls.program.write({"expiry_mode": mode, "validity_count": count, **values})

    @classmethod
    def _make_recorded_program(cls, **values):
        """Return a programme of Odoo's own making, whose ledger only records."""
        reward = {
            "reward_type": "discount",
            "discount_mode": "per_order",
            "discount": 5,
            "required_points": 100,
        }
        rule = {"reward_point_mode": "money", "reward_point_amount": 1}
        return cls.env["loyalty.program"].create(
            {
                "name": "Recorded",
                "program_type": "loyalty",
                "applies_on": "both",
                "trigger": "auto",
                "rule_ids": [Command.create(rule)],
                "reward_ids": [Command.create(reward)],
                **values,
            }
        )

    @classmethod
    def _make_product(cls, name, price=100, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "list_price": price,
                "taxes_id": [Command.clear()],
                **values,
            }
        )

    @classmethod
    def _make_partner(cls, name="Customer", **values):
        return cls.env["res.partner"].create({"name": name, **values})

    @classmethod
    def _make_member(cls, name, program=None):
        program = program or cls.program
        return program._enrol(cls._make_partner(name), "backoffice", True)

    @classmethod
    def _make_card(cls, program, points=0, **values):
        """Return a card of a recorded programme that is nobody's membership."""
        partner = values.pop("partner_id", None) or cls._make_partner().id
        return cls.env["loyalty.card"].create(
            {
                "program_id": program.id,
                "partner_id": partner,
                "points": points,
                **values,
            }
        )

    @classmethod
    def _make_order(cls, partner, *lines, **values):
        """Return a quotation of the plain salesperson.

        :param lines: amounts, for one unit of the product each, or lines' values
        """
        commands = [
            Command.create(
                {"product_id": cls.product.id, "tax_ids": [Command.clear()]}
                | (line if isinstance(line, dict) else {"price_unit": line})
            )
            for line in lines or (100,)
        ]
        return (
            cls.env["sale.order"]
            .create(
                {
                    "partner_id": partner.id,
                    "user_id": cls.salesperson.id,
                    "order_line": commands,
                    **values,
                }
            )
            .with_user(cls.salesperson)
        )

    def _buy(self, *lines, partner=None, **values):
        """Confirm an order of the member and return it."""
        order = self._make_order(partner or self.member, *lines, **values)
        order.action_confirm()
        return order

    @classmethod
    def _make_posting(cls, points, entry_type="adjust", card=None, **values):
        values.setdefault("key", f"test:{next(_number)}")
        return Posting(
            card_id=(card or cls.card).id,
            entry_type=entry_type,
            points=Decimal(points),
            **values,
        )

    @classmethod
    def _post(cls, points, entry_type="adjust", card=None, **values):
        """Post one entry by the service and return it."""
        return cls.ledger._post([cls._make_posting(points, entry_type, card, **values)])

    def _claim_reward(self, order, points=100, card=None):
        """Claim the reward that costs so many points, as stock's buttons do."""
        card = card or self.card
        reward = card.program_id.reward_ids.filtered(
            lambda reward: reward.required_points == points
        )
        order._update_programs_and_rewards()
        return order._apply_program_reward(reward, card.with_env(order.env))

    def _run_nightly(self):
        for _cards in self.ledger._run_daily():
            pass
        self.env.invalidate_all()

    # === Questions ===

    def _count_queries(self, act):
        """Return how many queries an act takes, with nothing read yet."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        act()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _entries(self, order=None, card=None):
        domain = [("card_id", "=", (card or self.card).id)]
        if order is not None:
            domain += [("origin_model", "=", order._name), ("origin_id", "=", order.id)]
        return self.env["loyalty.ledger.entry"].search(domain, order="id")

    def _story(self, order=None, card=None):
        """Return what was posted, as (type, points) in the order of posting."""
        return [(e.entry_type, e.points) for e in self._entries(order, card)]

    def _open_lots(self, card=None):
        """Return (expiry, rest) of what may be spent, the soonest to expire first."""
        lots = self.env["loyalty.lot"].search(
            [
                ("card_id", "=", (card or self.card).id),
                ("remaining", "!=", 0),
                ("state", "=", "open"),
            ]
        )
        return [(lot.expires_on, lot.remaining) for lot in lots]

    def assert_balanced(self, card=None):
        """Assert that balance, entries and lots tell the same."""
        card = card or self.card
        # SQL: what the database holds, whatever the cache believes.
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT points, points_pending, points + COALESCE(points_pending, 0),
                    (SELECT COALESCE(SUM(points), 0) FROM loyalty_ledger_entry
                     WHERE card_id = COALESCE(c.account_id, c.id)),
                    (SELECT COALESCE(SUM(remaining), 0) FROM loyalty_lot
                     WHERE card_id = COALESCE(c.account_id, c.id) AND state = 'open'),
                    (SELECT COALESCE(SUM(remaining), 0) FROM loyalty_lot
                     WHERE card_id = COALESCE(c.account_id, c.id) AND state = 'pending')
                FROM loyalty_card c WHERE id = %s
                """,
                card.id,
            )
        )
        points, pending, both, entries, open_rest, pending_rest = rows[0]
        self.assertEqual(points, open_rest, "balance and open lots")
        self.assertEqual(pending or 0, pending_rest, "pending and pending lots")
        self.assertEqual(both, entries, "balance and entries")

    @contextmanager
    def assert_refused_by_sql(self):
        """Assert that the database itself refuses what happens in the block."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(Error),
            self.env.cr.savepoint(),
        ):
            yield
