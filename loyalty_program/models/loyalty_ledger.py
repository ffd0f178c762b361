from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ..engine.lots import expiry_date
from ..engine.rounding import fits_scale, to_decimal
from ..engine.values import ENTRY_TYPES, Posting

_CLAIMS = "loyalty_program.claims"

#: Stock writes floats; beyond six decimals there is only noise.
STOCK_QUANTUM = Decimal("0.000001")

#: A clock may be a little ahead; a business event may not lie in the future.
FUTURE_TOLERANCE = timedelta(days=1)


@dataclass(frozen=True)
class Claim:
    """Whose doing the writes are that happen while it is open."""

    origin: tuple[str, int] | None
    channel: str
    gain: str
    loss: str


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
        Entry = self.env["loyalty.ledger.entry"]
        if not postings:
            return Entry
        cards = self._lock_cards({posting.card_id for posting in postings})
        rows = [
            self._prepare_row(number, posting, cards.get(posting.card_id))
            for number, posting in enumerate(postings)
        ]
        inserted = self.env.execute_query(self._query_insert_entries(rows))
        if len(inserted) < len(rows):
            self._check_known_keys(rows, {key for _id, key, _card in inserted})
        if not inserted:
            return Entry
        entries = Entry.browse(sorted(row[0] for row in inserted))
        touched = self.env["loyalty.card"].browse(
            sorted({card_id for _id, _key, card_id in inserted})
        )
        before = {card.id: card.points for card in touched} if notify else {}
        self._book(entries, rows)
        self._refresh_cards(touched)
        if not allow_debt:
            self._check_covered(touched, rows)
        types = {row["entry_type"] for row in rows}
        touched._refresh_tiers(
            allow_down=bool(types & {"earn_reversal", "adjust", "transfer"})
        )
        if notify:
            touched._notify_points_reached(before)
        return entries

    def _lock_cards(self, card_ids):
        """Lock the cards in the order of their ids and return them by id."""
        self.env["loyalty.card"].flush_model()
        self.env.execute_query(
            SQL(
                """SELECT id FROM loyalty_card WHERE id = ANY(%s)
                   ORDER BY id FOR NO KEY UPDATE""",
                list(card_ids),
            )
        )
        cards = self.env["loyalty.card"].browse(sorted(card_ids)).exists()
        cards.invalidate_recordset(["points", "points_pending", "entry_ids"])
        return {card.id: card for card in cards}

    def _prepare_row(self, number, posting, card):
        """Return the checked values of one entry as a dict of plain JSON values.

        :raise ValidationError: says what is wrong with the posting
        """
        program = self._check_posting(posting, card)
        occurred_at = posting.occurred_at or fields.Datetime.now()
        occurred_on = program._get_local_date(occurred_at)
        available_on = occurred_on + timedelta(days=posting.hold_days)
        is_gain = posting.points > 0
        expires_on = posting.expires_on
        if is_gain and not expires_on:
            expires_on = expiry_date(occurred_on, program.validity_months)
        return {
            "number": number,
            "card_id": card.id,
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
        }

    def _check_posting(self, posting, card):
        """Return the programme that the posting belongs to.

        :raise ValidationError: says what is wrong with the posting
        """
        _ = self.env._
        if not card:
            raise ValidationError(
                _("There is no loyalty card number %(id)s.", id=posting.card_id)
            )
        program = card.program_id
        if not program.is_managed:
            raise ValidationError(
                _("The cards of “%(name)s” have no ledger.", name=program.name)
            )
        if posting.entry_type not in ENTRY_TYPES:
            raise ValidationError(
                _("“%(type)s” is no type of entry.", type=posting.entry_type)
            )
        for number in (posting.points, posting.base_amount):
            self._check_number(number)
        strict = program.ledger_policy == "strict"
        if strict and not fits_scale(posting.points, program.points_scale):
            raise ValidationError(
                _(
                    "%(points)s has more decimals than the programme's points, "
                    "which have %(scale)s.",
                    points=posting.points,
                    scale=program.points_scale,
                )
            )
        if not posting.key:
            raise ValidationError(_("An entry needs an idempotency key."))
        now = fields.Datetime.now()
        if posting.occurred_at and posting.occurred_at > now + FUTURE_TOLERANCE:
            raise ValidationError(
                _(
                    "%(date)s lies in the future: points are posted for what happened.",
                    date=posting.occurred_at,
                )
            )
        return program

    def _check_number(self, value):
        try:
            to_decimal(value)
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "%(value)s is no number of points or money.", value=repr(value)
                )
            ) from error

    def _check_known_keys(self, rows, inserted_keys):
        """Refuse a key that was used before for something else.

        :raise ValidationError: same key, other card, type or points
        """
        wanted = {row["key"]: row for row in rows if row["key"] not in inserted_keys}
        known = self.env.execute_query(
            SQL(
                """SELECT key, member_card_id, entry_type, points::text
                   FROM loyalty_ledger_entry WHERE key = ANY(%s)""",
                list(wanted),
            )
        )
        for key, card_id, entry_type, points in known:
            row = wanted[key]
            same = (
                card_id == row["card_id"]
                and entry_type == row["entry_type"]
                and Decimal(points) == Decimal(row["points"])
            )
            if not same:
                raise ValidationError(
                    self.env._(
                        "The key “%(key)s” was used before for another entry "
                        "(%(points)s points). Use a new key for a new entry.",
                        key=key,
                        points=points,
                    )
                )

    def _check_covered(self, cards, rows):
        """Refuse redemptions that the balance does not cover."""
        spending = {row["card_id"] for row in rows if row["entry_type"] == "redeem"}
        for card in cards:
            if card.id in spending and card.points < 0:
                raise UserError(
                    self.env._(
                        "%(member)s does not have enough points for this reward. "
                        "Update the rewards and try again.",
                        member=card.partner_id.display_name or card.code,
                    )
                )

    def _book(self, entries, rows):
        """Turn new entries into lots and let spending consume them."""
        # SQL: entries were inserted by SQL above; lots are touched by SQL only.
        expiry = {row["key"]: (row["expires_on"], row["is_pending"]) for row in rows}
        self.env.execute_query(self._query_insert_lots(entries.ids, expiry))
        if any(row["reverses_id"] for row in rows):
            self.env.execute_query(self._query_return_lots(entries.ids))
            self.env.execute_query(self._query_pair_reversals(entries.ids))
        self._settle(sorted({row["card_id"] for row in rows}))

    def _settle(self, card_ids):
        self.env.execute_query(self._query_settle(card_ids))

    def _refresh_cards(self, cards):
        """Bring the cached balances of the cards up to the sum of their lots."""
        self.env.execute_query(self._query_refresh_cards(cards.ids))
        cards.invalidate_recordset(["points", "points_pending", "entry_ids"])

    # === Doors of stock code ===

    @api.model
    def _record_write(self, cards, points):
        """Post what a stock write of ``points`` changes on managed cards.

        :param cards: managed cards, any number
        :param float points: the balance that was written
        :raise AccessError: nobody claims the write and the user may not adjust
        """
        target = self._quantize_stock(points)
        current = self._lock_cards(set(cards.ids))
        changes = {
            card: target - self._quantize_stock(card.points)
            for card in current.values()
        }
        self._record_changes({c: delta for c, delta in changes.items() if delta})

    @api.model
    def _record_changes(self, changes):
        """Post the changes under the innermost open claim.

        :param dict changes: {card: signed Decimal}
        """
        if not changes:
            return
        claim = self._get_claim()
        if not claim:
            self._check_may_adjust(changes)
        number = self._next_number()
        postings = [
            Posting(
                card_id=card.id,
                entry_type=self._get_claimed_type(claim, delta),
                points=delta,
                key=f"write:{number}:{card.id}",
                channel=claim.channel if claim else "backoffice",
                origin=claim.origin if claim else None,
                counts_for_tier=bool(claim) and claim.gain == "earn" and delta > 0,
                breakdown={"recorded": True},
            )
            for card, delta in changes.items()
        ]
        quiet = self.env.context.get("loyalty_no_mail", False)
        self._post(postings, notify=not quiet)

    def _quantize_stock(self, points):
        self._check_number(points)
        return to_decimal(points).quantize(STOCK_QUANTUM).normalize() + 0

    def _next_number(self):
        """Return a number that no other write has, for keys of unrepeatable writes."""
        query = "SELECT nextval(pg_get_serial_sequence('loyalty_ledger_entry', 'id'))"
        return self.env.execute_query(SQL(query))[0][0]

    def _get_claimed_type(self, claim, delta):
        if not claim:
            return "adjust"
        return claim.gain if delta > 0 else claim.loss

    def _check_may_adjust(self, changes):
        """Refuse an unclaimed change of a strict balance by an ordinary user."""
        if not any(c.program_id.ledger_policy == "strict" for c in changes):
            return
        user = self.env.user
        if self.env.uid == api.SUPERUSER_ID or user.has_group(
            "loyalty_program.group_loyalty_manager"
        ):
            return
        raise AccessError(
            self.env._("Only loyalty managers may adjust a member's balance.")
        )

    @api.model
    @contextmanager
    def _claim(self, document=None, channel="backoffice", gain="adjust", loss="adjust"):
        """Say whose doing the writes of ``points`` within the block are.

        The claim lives on the server, on the cursor: a client cannot forge it the
        way it can set a context key.

        :param document: the record behind the writes, or None
        :param str gain: entry type of a change upwards; ``loss`` of one downwards
        """
        origin = (document._name, document.id) if document else None
        claims = self.env.cr.cache.setdefault(_CLAIMS, [])
        claims.append(Claim(origin, channel, gain, loss))
        try:
            yield
        finally:
            claims.pop()

    def _get_claim(self):
        claims = self.env.cr.cache.get(_CLAIMS)
        return claims[-1] if claims else None

    # === Undo ===

    @api.model
    def _reverse_documents(self, documents, notify=False):
        """Post the reversals of all that the documents posted and nobody undid.

        :param documents: records of one model, any number
        :return: the new entries
        """
        entries = self.env["loyalty.ledger.entry"].search(
            [
                ("origin_model", "=", documents._name),
                ("origin_id", "in", documents.ids),
                ("reverses_id", "=", False),
            ],
            order="id",
        )
        reversals = self.env["loyalty.ledger.entry"].search(
            [("reverses_id", "in", entries.ids)]
        )
        undone = reversals.grouped("reverses_id")
        postings = [
            self._prepare_reversal(entry, undone.get(entry, reversals.browse()))
            for entry in entries
        ]
        return self._post([p for p in postings if p.points], notify=notify)

    @api.model
    def _reverse_document(self, document):
        """Post the reversals of one document, see :meth:`_reverse_documents`."""
        document.ensure_one()
        return self._reverse_documents(document)

    def _prepare_reversal(self, entry, undone):
        """Return the posting that undoes what is left of ``entry``.

        :param undone: the reversals that it has already
        """
        points, base = (
            sum((to_decimal(e[name]) for e in entry | undone), Decimal(0))
            for name in ("points", "base_amount")
        )
        return Posting(
            card_id=entry.card_id.id,
            entry_type="earn_reversal" if points > 0 else "redeem_reversal",
            points=-points,
            key=f"reverse:{entry.id}",
            base_amount=-base,
            channel=entry.channel,
            origin=(entry.origin_model, entry.origin_id),
            reverses_id=entry.id,
            counts_for_tier=bool(entry.tier_date),
            breakdown={"reverses": entry.id},
        )
