from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from random import Random, SystemRandom

from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .claim_common import ClaimCase
from odoo.addons.loyalty_program.models.loyalty_liability import AS_OF

SEED = 20260701
LIVES = 5
#: An act needs what others left: a card that is frozen, points that expired.
MOST_LIVES = 25
STEPS = 50
FIRST_DAY = date(2026, 6, 1)


@tagged("post_install", "-at_install")
class TestRandomLives(ClaimCase):
    """Members live through everything that can happen to points, in any order.

    After every act each account agrees with its entries and lots, and all points
    together are what the act says: nothing appears, nothing is lost.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write({"points_scale": 2, "reinstate_days": 30})
        cause = cls.env["loyalty.cause"].create({"name": "Trees"})
        cls.gift = cls._make_reward(
            "donation", cause_id=cause.id, discount_mode="per_order", discount=5
        )
        cls.reason = cls.env.ref("loyalty_program.adjustment_reason_goodwill")
        cls.clerk = cls._make_user(
            "clerk",
            "loyalty_program.group_loyalty_manager,loyalty_program.group_loyalty_adjust",
        )
        cls.acts = [
            (10, cls._act_earn),
            (4, cls._act_spend),
            (4, cls._act_spend_without_debt),
            (4, cls._act_cancel),
            (5, cls._act_claim),
            (4, cls._act_void),
            (3, cls._act_freeze),
            (4, cls._act_unfreeze),
            (3, cls._act_join_pool),
            (2, cls._act_leave_pool),
            (3, cls._act_transfer),
            (3, cls._act_reinstate),
            (2, cls._act_merge),
            (3, cls._act_split),
            (4, cls._act_sleep),
        ]

    # === Acts: each returns how many points there are more, None for not possible ===

    def _act_earn(self):
        points = self._some_points()
        kind = self.random.choice(["earn", "earn", "bonus", "adjust"])
        expires_on = self.today + timedelta(self.random.randint(0, 15))
        self._post(
            points,
            kind,
            self._some_card(),
            hold_days=self.random.choice([0, 0, 3]) if kind == "earn" else 0,
            expires_on=self.random.choice([None, None, expires_on]),
            origin=("res.partner", self.random.choice(self.documents).id),
            counts_for_tier=kind == "earn",
            base_amount=points if kind == "earn" else Decimal(0),
        )
        return points

    def _act_spend(self):
        points = self._some_points()
        origin = ("res.partner", self.random.choice(self.documents).id)
        self._post(-points, "redeem", self._some_card(), origin=origin)
        return -points

    def _act_spend_without_debt(self):
        points = self._some_points() * 2
        posting = self._make_posting(-points, "redeem", self._some_rich_card())
        self.ledger._post([posting], allow_debt=False)
        return -points

    def _act_cancel(self):
        document = self.random.choice(self.documents)
        net = self._sum_of(
            SQL("origin_model = 'res.partner' AND origin_id = %s", document.id)
        )
        if not self.ledger._reverse_document(document):
            return None
        return -net

    def _act_claim(self):
        self.claims.append(self._claim(card=self._some_rich_card()))
        return Decimal(-100)

    def _act_void(self):
        claim = self._choose(self.claims)
        if not claim:
            return None
        voided, _refusals = claim._void()
        return Decimal(100) if voided else None

    def _act_freeze(self):
        self._some_card()._freeze("lost_phone")
        return Decimal(0)

    def _act_unfreeze(self):
        card = self._choose([c for c in self.cards if c.member_state == "frozen"])
        if not card:
            return None
        card._unfreeze()
        return Decimal(0)

    def _act_join_pool(self):
        pool = self.env["loyalty.pool"].search([("program_id", "=", self.program.id)])
        if not pool:
            pool = pool._make(self.program, "Home")
            pool.leaving = self.random.choice(["share", "stay"])
        pool[0]._add(self._some_card(), "backoffice")
        return Decimal(0)

    def _act_leave_pool(self):
        card = self._choose([card for card in self.cards if card.account_id])
        if not card:
            return None
        card.pool_member_ids.filtered(lambda m: m.state == "joined")._leave()
        return Decimal(0)

    def _act_transfer(self):
        card, target = self.random.sample(self.cards, 2)
        self.env["loyalty.transfer"].with_user(self.clerk)._transfer(
            card.with_user(self.clerk),
            target.with_user(self.clerk),
            self._some_points() / 4,
            "Gift",
        )
        return Decimal(0)

    def _act_reinstate(self):
        card = self._some_card()
        entry = self._choose(list(card._get_reinstatable_entries()))
        if not entry:
            return None
        entries = card.with_user(self.clerk)._reinstate(entry, self.reason)
        return self._sum_of(SQL("id = ANY(%s)", entries.ids))

    def _act_merge(self):
        if len(self.cards) < 4:
            return None
        gone, kept = self.random.sample(self.cards, 2)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (gone | kept).partner_id.ids, kept.partner_id
        )
        self.env.invalidate_all()
        self.cards = [card for card in self.cards if card.active]
        return Decimal(0)

    def _act_split(self):
        merge = self.env["loyalty.merge"].search(
            [("target_card_id.active", "=", True), ("split_at", "=", False)], limit=1
        )
        if not merge:
            return None
        source = merge.source_card_id
        merge.with_user(self.clerk)._split(self._make_partner("Heir"))
        self.cards.append(source)
        return Decimal(0)

    def _act_sleep(self):
        """Let some days and their nights pass; what is due expires, nothing else."""
        self.today += timedelta(self.random.randint(1, 6))
        last = self._entries_after()
        with freeze_time(f"{self.today} 03:00:00"):
            self._run_nightly()
        due = SQL("state = 'open' AND remaining > 0 AND expires_on < %s", self.today)
        self.assertFalse(self._count_lots(due), "expired points are left")
        early = SQL(
            """expires_on >= %s AND id IN (
                SELECT u.lot_id FROM loyalty_lot_use u
                JOIN loyalty_ledger_entry e ON e.id = u.entry_id
                WHERE e.entry_type = 'expire' AND e.id > %s)""",
            self.today,
            last,
        )
        self.assertFalse(self._count_lots(early), "points expired too early")
        return self._sum_of(SQL("entry_type = 'expire' AND id > %s", last))

    # === Chance and sums ===

    def _choose(self, things):
        return self.random.choice(things) if things else None

    def _some_card(self):
        return self.random.choice(self.cards)

    def _some_rich_card(self):
        """Return any card, or the one with the most points."""
        return self._choose(
            [self._some_card(), max(self.cards, key=lambda c: c.points)]
        )

    def _some_points(self):
        return Decimal(self.random.randint(1, 5000) * 4) / 100

    def _sum_of(self, condition):
        # SQL: exact decimals, not the floats of the fields.
        ((points,),) = self.env.execute_query(
            SQL(
                """SELECT COALESCE(SUM(points), 0)::text FROM loyalty_ledger_entry
                   WHERE program_id = %s AND %s""",
                self.program.id,
                condition,
            )
        )
        return Decimal(points)

    def _count_lots(self, condition):
        ((count,),) = self.env.execute_query(
            SQL(
                "SELECT COUNT(*) FROM loyalty_lot WHERE program_id = %s AND %s",
                self.program.id,
                condition,
            )
        )
        return count

    def _entries_after(self):
        ((last,),) = self.env.execute_query(
            SQL("SELECT COALESCE(MAX(id), 0) FROM loyalty_ledger_entry")
        )
        return last

    # === Lives ===

    def _live(self, random, steps):
        """Play one history of several members; return the acts done and refused."""
        self.random, self.today, done, refused = random, FIRST_DAY, Counter(), Counter()
        self.claims = []
        self.cards = [self._make_member(f"Lives {number}") for number in range(5)]
        self.documents = [self._make_partner("Document") for _number in range(8)]
        for card in self.cards:
            # Enough for a claim or two: what is never possible proves nothing.
            self._post(Decimal(150), "bonus", card)
        total = self._sum_of(SQL("TRUE"))
        weights = [weight for weight, _act in self.acts]
        for _step in range(steps):
            (chosen,) = random.choices(self.acts, weights)
            act = chosen[1]
            with freeze_time(f"{self.today} 12:00:00"):
                try:
                    with self.env.cr.savepoint():
                        change = act(self)
                except UserError as error:
                    # Not covered, frozen, in a pool already, over: nothing happens.
                    self.assertNotIsInstance(error, ValidationError, act.__name__)
                    refused[act.__name__, str(error)] += 1
                    change = None
                    self.env.invalidate_all()
                else:
                    done[act.__name__] += change is not None
                total += change or 0
                self.assertEqual(self._sum_of(SQL("TRUE")), total, act.__name__)
                self._assert_accounts_agree(act.__name__)
        self._assert_audited()
        self._assert_past_is_told()
        return done, refused

    def _assert_accounts_agree(self, name):
        """Assert that balances, copies, lots and entries tell the same everywhere."""
        self.env.flush_all()
        # SQL: what the database holds, of all accounts at once, archived ones too.
        wrong = self.env.execute_query(
            SQL(
                """
                SELECT c.id, c.points, c.points_pending, t.spendable, t.pending, t.total
                FROM loyalty_card c CROSS JOIN LATERAL (
                    SELECT COALESCE(SUM(remaining) FILTER (WHERE state = 'open'), 0)
                            AS spendable,
                        COALESCE(SUM(remaining) FILTER (WHERE state = 'pending'), 0)
                            AS pending,
                        (SELECT COALESCE(SUM(points), 0) FROM loyalty_ledger_entry
                         WHERE card_id = COALESCE(c.account_id, c.id)) AS total
                    FROM loyalty_lot WHERE card_id = COALESCE(c.account_id, c.id)
                ) t
                WHERE c.program_id = %s AND (COALESCE(c.points, 0) <> t.spendable
                    OR COALESCE(c.ledger_points, 0) <> t.spendable
                    OR COALESCE(c.points_pending, 0) <> t.pending
                    OR t.spendable + t.pending <> t.total)
                """,
                self.program.id,
            )
        )
        self.assertFalse(wrong, name)

    def _assert_audited(self):
        """Assert that the self-audit finds nothing in the whole programme."""
        audit = self.env["loyalty.audit"]
        for query in (
            audit._query_check_cards,
            audit._query_check_entries,
            audit._query_check_lots,
        ):
            found = self.env.execute_query(query(0, 2**31 - 1))
            self.assertFalse([row for row in found if row[0] in self._get_ids()])

    def _assert_past_is_told(self):
        """Assert that the liability of each past day is what was posted until then."""
        day = FIRST_DAY
        while day <= self.today:
            report = self.env["loyalty.liability"].with_context(
                **{AS_OF: day.isoformat()}
            )
            rows = report._read_group(
                [("program_id", "=", self.program.id)], ["card_id"], ["points:sum"]
            )
            told = {card.id: round(points, 2) for card, points in rows}
            # SQL: exact decimals. The programme's days are those of UTC here.
            posted = self.env.execute_query(
                SQL(
                    """SELECT card_id, SUM(points)::float FROM loyalty_ledger_entry
                       WHERE program_id = %s AND occurred_at::date <= %s
                       GROUP BY card_id""",
                    self.program.id,
                    day,
                )
            )
            for card_id, points in posted:
                self.assertAlmostEqual(told.pop(card_id, 0), points, 2, str(day))
            self.assertFalse(any(told.values()), day)
            day += timedelta(1)

    def _get_ids(self):
        cards = self.env["loyalty.card"].with_context(active_test=False)
        return set(cards.search([("program_id", "=", self.program.id)]).ids)

    def _missing(self, done, refused):
        """Return the names of what never happened, or was never refused."""
        names = {act.__name__ for _weight, act in self.acts} - set(+done)
        wanted = {"_act_claim", "_act_spend_without_debt"}
        return names | {f"{n} refused" for n in wanted - {n for n, _why in refused}}

    def test_nothing_appears_and_nothing_is_lost(self):
        done, refused = Counter(), Counter()
        # The first is another with every run; a failure names its seed.
        seeds = [SystemRandom().getrandbits(32), *range(SEED, SEED + MOST_LIVES)]
        for number, seed in enumerate(seeds):
            # Chance decides what happens: lives go on until everything did.
            if number >= LIVES and not self._missing(done, refused):
                break
            with self.subTest(seed=seed):
                for counter, more in zip(
                    (done, refused), self._live(Random(seed), STEPS), strict=True
                ):
                    counter.update(more)
        self.assertFalse(self._missing(done, refused), refused)
