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
    "company_id",
    "currency_id",
    "date_to",
    "earn_until",
    "expiry_day",
    "expiry_mode",
    "expiry_month",
    "is_managed",
    "ledger_policy",
    "member_cap",
    "points_scale",
    "spend_until",
    "tier_descent",
    "tier_grace_days",
    "tier_join",
    "tier_metric",
    "tier_metric_2",
    "tier_window",
    "tier_window_months",
    "validity_count",
    "validity_rounding",
    "validity_unit",
)

#: Types whose entries change the balance by their points and touch nothing else.
PLAIN_TYPES = {"earn", "bonus", "redeem"}

#: Types that can take a tier away.
MOVING = {"earn_reversal", "adjust", "transfer"}

#: Accounts of one call that may be queued when they are busy; larger calls wait.
MAX_QUEUED = 16


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
        rows = self._prepare_rows(postings)
        is_plain = all(self._is_plain(row) for row in rows)
        result = self._write_plain(rows) if is_plain else self._write_undo(rows)
        if len(result["posted"]) < len(rows):
            self._check_known_keys(rows)
        entries = entries.browse(row[0] for row in result["posted"])
        if result["busy"] and entries:
            self._fold_after_commit(result["busy"])
        if not is_plain and entries:
            result["cards"] = self._book(entries, rows)
        self._react(result, rows, allow_debt, notify)
        return entries

    def _prepare_rows(self, postings):
        """Return the checked values of the entries, see :meth:`_prepare_row`."""
        ids = {posting.card_id for posting in postings}
        ids |= {posting.account_id for posting in postings if posting.account_id}
        cards = self.env["loyalty.card"].browse(sorted(ids))
        try:
            self._fetch_facts(cards)
        except MissingError:
            cards = cards.exists()
        cards = {card.id: card for card in cards}
        return [
            self._prepare_row(number, posting, cards)
            for number, posting in enumerate(postings)
        ]

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
        facts = [cards._fields[name] for name in CARD_FACTS]
        if not any(any(field._cache_missing_ids(cards)) for field in facts):
            return
        rows = self.env.execute_query(self._query_cards(cards.ids))
        if len(rows) < len(cards):
            raise MissingError(self.env._("There is no such loyalty card."))
        for card_id, *values in rows:
            card = cards.browse(card_id)
            for field, value in zip(facts, values, strict=True):
                # What is waiting to be written stays as it is.
                field._insert_cache(card, [value])

    def _is_plain(self, row):
        """Tell whether an entry earns or spends, and neither undoes nor moves points.

        Such entries change the balance by their points, and nothing else.
        """
        return (
            row["entry_type"] in PLAIN_TYPES
            and not row["reverses_id"]
            and not row["lot_id"]
        )

    def _write_plain(self, rows):
        """Insert and book plain entries, in one statement.

        :return: the new entries as [entry, member, account], the busy accounts for
            which they wait in the queue, the members of entries that waited there,
            and the balances as [card, before, points, pending, mail waits]
        """
        gains = all(Decimal(row["points"]) >= 0 for row in rows)
        may_queue = gains and len({row["card_id"] for row in rows}) <= MAX_QUEUED
        self.env["loyalty.card"].flush_model()
        return self.env.execute_query(self._query_post(rows, may_queue))[0][0]

    def _write_undo(self, rows):
        """Insert entries that undo or move others, under the locks of their cards."""
        accounts = sorted({row["card_id"] for row in rows})
        self.env["loyalty.card"].flush_model()
        folded = self.env.execute_query(self._query_lock(accounts))[0][0]
        posted = self.env.execute_query(self._query_insert(rows))[0][0]
        return {
            "posted": posted,
            "busy": [],
            "folded": folded,
            "earlier": {},
            "cards": [],
        }

    def _react(self, result, rows, allow_debt, notify):
        """Let balances be read, covered, tiers move and mails go after a posting."""
        cards = self.env["loyalty.card"]
        self._forget_balances(cards)
        balances = {card[0]: card[1:] for card in result["cards"]}
        self._remember_balances(balances)
        busy = set(result["busy"])
        member_of = {member: account for _id, member, account in result["posted"]}
        settled = {m: a for m, a in member_of.items() if a not in busy}
        touched = cards.browse(sorted(settled))
        if not allow_debt:
            self._check_covered(touched, rows)
        types = {row["entry_type"] for row in rows}
        if result["folded"] or any(row["tier_date"] for row in rows) or types & MOVING:
            members = cards.browse(sorted({*settled, *result["folded"]}))
            members._refresh_tiers(bool(types & MOVING) or self._reach_back(rows))
        if notify:
            watched = touched.filtered(
                lambda card: balances.get(settled[card.id], [0] * 4)[3]
            )
            earlier = {int(card): old for card, old in result["earlier"].items()}
            before = {card: facts[0] for card, facts in balances.items()} | earlier
            watched._notify_points_reached(
                {card.id: before[settled[card.id]] for card in watched}
            )

    def _reach_back(self, rows):
        """Tell whether entries count for tiers on days that have passed.

        They may have been enough on that day, though today they no longer are.
        """
        programs = self.env["loyalty.program"]
        return any(
            row["tier_date"]
            and row["tier_date"]
            < str(programs.browse(row["program_id"])._get_local_date())
            for row in rows
        )

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
        cards.invalidate_model(["points", "points_pending", "entry_ids"])

    def _remember_balances(self, balances):
        """Put balances that a statement told into the cache, it saves reading them."""
        names = ("points", "points_pending")
        for card_id, (_before, points, pending, _mail) in balances.items():
            card = self.env["loyalty.card"].browse(card_id)
            for name, value in zip(names, (points, pending), strict=True):
                card._fields[name]._update_cache(card, value)

    def _prepare_row(self, number, posting, cards):
        """Return the checked values of one entry as a dict of plain JSON values.

        :raise ValidationError: says what is wrong with the posting
        """
        card = cards.get(posting.card_id)
        program = self._check_posting(posting, card)
        account = self._get_posting_account(posting, cards)
        occurred_at = posting.occurred_at or fields.Datetime.now()
        occurred_on = program._get_local_date(occurred_at)
        available_on = occurred_on + timedelta(days=posting.hold_days)
        is_gain = posting.points > 0
        expires_on = posting.expires_on
        if is_gain and not expires_on and not posting.lot_id:
            expires_on = program._get_expiry_date(card, occurred_on)
        return {
            "number": number,
            "card_id": account.id,
            "member_card_id": card.id,
            "program_id": program.id,
            "company_id": (program.company_id or self.env.company).id,
            "currency_id": program.currency_id.id,
            "entry_type": posting.entry_type,
            "points": str(posting.points),
            "base_amount": str(posting.base_amount),
            "occurred_at": fields.Datetime.to_string(occurred_at),
            "available_on": str(available_on),
            "tier_date": str(occurred_on) if posting.counts_for_tier else None,
            "channel": posting.channel,
            "origin_model": posting.origin[0] if posting.origin else None,
            "origin_id": posting.origin[1] if posting.origin else None,
            "key": posting.key,
            "reverses_id": posting.reverses_id,
            "posted_by_id": self.env.uid,
            "breakdown": posting.breakdown or None,
            "expires_on": str(expires_on) if expires_on else None,
            "is_pending": is_gain and available_on > program._get_local_date(),
            "lot_id": posting.lot_id,
            "is_dated": bool(posting.occurred_at),
        }

    def _book(self, entries, rows):
        """Match the lots of entries that undo or move others, settle the rest.

        :return: the balances, see :meth:`_write_plain`
        """
        accounts = self.env["loyalty.card"].browse(
            sorted({row["card_id"] for row in rows})
        )
        before = {card.id: card.points for card in accounts}
        self._match_lots(entries, rows)
        self._settle(accounts.ids)
        self._refresh_cards(accounts)
        return [
            [card.id, before[card.id], card.points, card.points_pending, True]
            for card in accounts
        ]

    def _match_lots(self, entries, rows):
        """Pair lots and demands that belong together, before all others settle.

        :param list rows: the values of the entries, see :meth:`_prepare_row`
        """
        if any(row["reverses_id"] for row in rows):
            self.env.execute_query(self._query_return_lots(entries.ids))
            self.env.execute_query(self._query_pair_reversals(entries.ids))

    def _settle(self, card_ids):
        self.env.execute_query(self._query_settle(card_ids))

    def _refresh_cards(self, cards):
        """Bring the balances of the accounts up to the sum of their lots.

        :param cards: accounts; their members get a copy of the balance
        """
        self.env.execute_query(self._query_refresh(cards.ids))
        self._forget_balances(cards)
