from collections import namedtuple
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import MissingError

#: What a posting reads.
CARD_FACTS = (
    "account_id",
    "active",
    "joined_on",
    "member_state",
    "partner_id",
    "program_id",
    "tier_id",
    "tier_review_on",
)
PROGRAM_FACTS = (
    "active",
    "applies_on",
    "company_id",
    "currency_id",
    "date_to",
    "debt_policy",
    "earn_until",
    "is_managed",
    "lapsed_on",
    "ledger_policy",
    "member_cap",
    "points_scale",
    "program_type",
    "spend_until",
    "tier_mail",
    "tier_metric",
    "tier_metric_2",
)

#: Types whose entries change the balance by their points and touch nothing else.
PLAIN_TYPES = {"earn", "bonus", "redeem"}

#: Types that can take a tier away.
MOVING = {"earn_reversal", "adjust", "transfer"}

#: Accounts of one call that may be queued when they are busy; larger calls wait.
MAX_QUEUED = 16

#: What the statements of a posting read and write of a card: nothing of it may wait.
WRITTEN = (*CARD_FACTS, "ledger_points", "points", "points_pending")


#: What a posting changes of a card, as its fields tell it.
BALANCE = ("points", "points_pending", "entry_ids")

#: The facts of a programme as they lie in a record's cache: ids, days, plain values.
ProgramFacts = namedtuple("ProgramFacts", PROGRAM_FACTS)


class Known:
    """A programme as one call knows it: its facts and its days, looked up once.

    :param program: the record
    :param datetime now: the moment of the call, UTC
    """

    def __init__(self, program, now):
        self.program = program
        self.facts = program._get_remembered_facts()
        self.now = now
        self.today = program._get_local_date(now)

    def get_day(self, moment):
        """Return the programme's day of a naive UTC datetime, today without one."""
        return self.program._get_local_date(moment) if moment else self.today


class LoyaltyLedger(models.AbstractModel):
    """The one door to the balance: nothing else writes points.

    Every method is private. Callers check the rights of whoever asks and then call
    the service in sudo.
    """

    _name = "loyalty.ledger"
    _description = "Loyalty Ledger Service"

    # === The door ===

    @api.model
    def _post(self, postings, allow_debt=True, notify=True):
        """Post entries, once each, and bring balance and tier up to date.

        :param postings: iterable of Posting, any number, any cards
        :param bool allow_debt: whether a redemption may take a card below zero
        :param bool notify: whether the customer may be written to
        :return: the entries that are new; known keys post nothing
        :rtype: loyalty.ledger.entry
        :raise ValidationError: bad posting; nothing is posted then
        :raise UserError: not enough points and ``allow_debt`` is off
        Locks the cards' rows, in the order of their ids.
        """
        postings = list(postings)
        entries = self.env["loyalty.ledger.entry"]
        if not postings:
            return entries
        rows, known = self._prepare_rows(postings)
        is_plain = all(self._is_plain(row) for row in rows)
        result = self._write_plain(rows, known) if is_plain else self._write_undo(rows)
        if len(result["posted"]) < len(rows):
            self._check_known_keys(rows)
        entries = entries.browse(row[0] for row in result["posted"])
        if result["busy"] and entries:
            self._fold_after_commit(result["busy"])
        self._react(result, rows, allow_debt, notify)
        return entries

    def _prepare_rows(self, postings):
        """Return the checked values of the entries, see :meth:`_prepare_row`.

        :return: the values, and {id of the programme: Known}
        """
        ids = {posting.card_id for posting in postings}
        ids |= {posting.account_id for posting in postings if posting.account_id}
        cards = self.env["loyalty.card"].browse(sorted(ids))
        try:
            self._fetch_facts(cards)
        except MissingError:
            cards = cards.exists()
        now = fields.Datetime.now()
        known = {p.id: Known(p, now) for p in cards.program_id}
        cards = {card.id: card for card in cards}
        rows = [
            {"number": number, **self._prepare_row(posting, cards, known)}
            for number, posting in enumerate(postings)
        ]
        return rows, known

    def _fetch_facts(self, cards):
        """Read what a posting needs and no more: these tables have many columns.

        :raise MissingError: one of the cards is none
        """
        if self.env.su:
            self._read_cards(cards)
        else:
            cards.fetch(CARD_FACTS)
        cards.program_id._recall_facts()

    def _read_cards(self, cards):
        """Bring the facts of cards into the transaction, where it has none yet."""
        caches = [cards._fields[name]._get_cache(self.env) for name in CARD_FACTS]
        if all(card_id in cache for cache in caches for card_id in cards._ids):
            return
        rows = self.env.execute_query(self._query_cards(cards.ids))
        if len(rows) < len(cards):
            raise MissingError(self.env._("There is no such loyalty card."))
        for card_id, *values in rows:
            for cache, value in zip(caches, values, strict=True):
                # What is waiting to be written stays as it is.
                cache.setdefault(card_id, value)

    def _is_plain(self, row):
        """Tell whether an entry earns or spends, and neither undoes nor moves points.

        Such entries change the balance by their points, and nothing else.
        """
        return (
            row["entry_type"] in PLAIN_TYPES
            and not row["reverses_id"]
            and not row["lot_id"]
        )

    def _write_plain(self, rows, known):
        """Insert and book plain entries, in one statement.

        :param dict known: {id of the programme: Known}
        :return: the new entries as [entry, member, account], the busy accounts for
            which they wait in the queue, the members of entries that waited there,
            the balances as [card, before, points, pending, mail waits], and the members
            who reach no higher tier
        """
        accounts = sorted({row["card_id"] for row in rows})
        gains = all(Decimal(row["points"]) >= 0 for row in rows)
        may_queue = gains and len(accounts) <= MAX_QUEUED
        self.env["loyalty.card"].flush_model(WRITTEN)
        program, nearest, question = self._prepare_tier_question(rows, known)
        result = self._execute_posting(
            rows, lambda: self._query_post(rows, accounts, may_queue, question)
        )
        most = program._read_ceilings(result["most"])
        result["resting"] = {
            member
            for member, amounts in most.items()
            if not program._reaches_tier(amounts, nearest[member])
        }
        return result

    def _prepare_tier_question(self, rows, known):
        """Return of whom a statement shall tell the most that counts for the tier.

        Nobody, where several programmes have their days or an entry lies in the past.

        :rtype: (programme, {member: the level above the own}, arguments of
            ``loyalty_tier_ceiling``)
        """
        program = self.env["loyalty.program"]
        counting = [row for row in rows if row["tier_date"]]
        programs = {row["program_id"] for row in counting}
        if len(programs) != 1 or any(row["reaches_back"] for row in counting):
            return program, {}, ([], [], None)
        program = program.browse(programs)
        members = sorted({row["member_card_id"] for row in counting})
        nearest = program._get_nearest_levels(self.env["loyalty.card"].browse(members))
        cards = self.env["loyalty.card"].browse(nearest)
        today = known[program.id].today
        return program, nearest, program._get_ceiling_question(cards, today)

    def _write_undo(self, rows):
        """Insert and book entries that undo or move others, in one statement.

        :return: see :meth:`_write_plain`; no account is busy, as this waits for them
        """
        accounts = sorted({row["card_id"] for row in rows})
        self._add_days(rows)
        self.env["loyalty.card"].flush_model(WRITTEN)
        result = self._execute_posting(rows, lambda: self._query_undo(rows, accounts))
        return result | {"resting": set()}

    def _execute_posting(self, _rows, build):
        """Run the statement of a posting and return what it tells.

        Override to: do what it asks for before it posts.

        :param build: function that returns the statement for the rows as they are
        """
        return self.env.execute_query(build())[0][0]

    def _add_days(self, rows):
        """Let each row tell the day of its programme, and where it began."""
        programs = self.env["loyalty.program"].browse({r["program_id"] for r in rows})
        days = {
            program.id: {
                "today": str(program._get_local_date()),
                "zone": program._get_timezone().zone,
            }
            for program in programs
        }
        for row in rows:
            row.update(days[row["program_id"]])

    def _react(self, result, rows, allow_debt, notify):
        """Let balances be read, covered, tiers move and mails go after a posting."""
        cards = self.env["loyalty.card"]
        self._forget_written(cards)
        balances = {card[0]: card[1:] for card in result["cards"]}
        self._remember_balances(balances)
        busy = set(result["busy"])
        member_of = {member: account for _id, member, account in result["posted"]}
        settled = {m: a for m, a in member_of.items() if a not in busy}
        if not allow_debt:
            self._check_covered(cards.browse(sorted(settled)), rows)
        self._react_tiers(result, rows, settled)
        watched = [m for m, a in settled.items() if a in balances and balances[a][3]]
        if notify and watched:
            earlier = {int(card): old for card, old in result["earlier"].items()}
            before = {card: facts[0] for card, facts in balances.items()} | earlier
            cards.browse(sorted(watched))._notify_points_reached(
                {member: before[settled[member]] for member in watched}
            )

    def _react_tiers(self, result, rows, settled):
        """Let the tiers of members follow what was posted.

        :param settled: the members whose accounts were not busy
        """
        moving = any(row["entry_type"] in MOVING for row in rows)
        # Who reaches back may have had enough on that day, though not today.
        allow_down = moving or any(row["reaches_back"] for row in rows)
        members = {r["member_card_id"] for r in rows if moving or r["tier_date"]}
        members = members.intersection(settled).union(result["folded"])
        if members := members - result["resting"]:
            cards = self.env["loyalty.card"].browse(sorted(members))
            cards._refresh_tiers(allow_down)

    def _lock_cards(self, card_ids):
        """Lock the accounts of the cards, by their ids; return the cards by id."""
        self.env["loyalty.card"].flush_model()
        cards = self.env["loyalty.card"].browse(sorted(set(card_ids))).exists()
        accounts = sorted({card._get_account().id for card in cards})
        members = self.env.execute_query(self._query_lock(accounts))[0][0]
        self._forget_balances(cards)
        cards.browse(members)._refresh_tiers()
        return {card.id: card for card in cards}

    def _forget_balances(self, cards):
        cards.invalidate_model(BALANCE)

    def _forget_written(self, cards):
        """Forget the balances of all cards right after a statement that wrote some.

        What waited to be written was flushed before it, and what was read of other
        entries stays true: nothing needs the care of ``invalidate_model``.
        """
        for name in BALANCE:
            cards._fields[name]._invalidate_cache(self.env)

    def _remember_balances(self, balances):
        """Put balances that a statement told into the cache, it saves reading them."""
        names = ("points", "points_pending")
        for card_id, (_before, points, pending, _mail) in balances.items():
            card = self.env["loyalty.card"].browse(card_id)
            for name, value in zip(names, (points, pending), strict=True):
                card._fields[name]._update_cache(card, value)

    def _prepare_row(self, posting, cards, known):
        """Return the checked values of one entry as a dict of plain JSON values.

        :param dict cards: {id: card}
        :param dict known: {id of the programme: Known}
        :raise ValidationError: says what is wrong with the posting
        """
        card = cards.get(posting.card_id)
        known = self._check_card(posting, card, known)
        program, facts = known.program, known.facts
        occurred_on = known.get_day(posting.occurred_at)
        self._check_posting(posting, known, occurred_on)
        account = self._get_posting_account(posting, cards)
        occurred_at = posting.occurred_at or known.now
        available_on = occurred_on
        if posting.hold_days:
            available_on += timedelta(days=posting.hold_days)
        is_gain = posting.points > 0
        expires_on = posting.expires_on
        if is_gain and not expires_on and not posting.lot_id:
            expires_on = program._get_expiry_date(card, occurred_on, available_on)
        origin_model, origin_id = posting.origin or (None, None)
        return {
            "card_id": account.id,
            "member_card_id": card.id,
            "program_id": program.id,
            "company_id": facts.company_id
            or self._get_posting_company(posting, program.company_id).id,
            "currency_id": facts.currency_id,
            "entry_type": posting.entry_type,
            "points": str(posting.points),
            "base_amount": str(posting.base_amount),
            "occurred_at": occurred_at.isoformat(" ", "seconds"),
            "available_on": str(available_on),
            "tier_date": str(occurred_on) if posting.counts_for_tier else None,
            "channel": posting.channel,
            "origin_model": origin_model,
            "origin_id": origin_id,
            "key": posting.key,
            "reverses_id": posting.reverses_id,
            "posted_by_id": self.env.uid,
            "breakdown": posting.breakdown or None,
            "expires_on": str(expires_on) if expires_on else None,
            "is_pending": is_gain and available_on > known.today,
            "lot_id": posting.lot_id,
            "is_dated": bool(posting.occurred_at),
            "reaches_back": posting.counts_for_tier and occurred_on < known.today,
        }

    def _settle(self, card_ids):
        self.env.execute_query(self._query_settle(card_ids))

    def _refresh_cards(self, cards):
        """Bring the balances of the accounts up to the sum of their lots.

        :param cards: accounts; their members get a copy of the balance
        """
        self.env.execute_query(self._query_refresh(cards.ids))
        self._forget_balances(cards)
