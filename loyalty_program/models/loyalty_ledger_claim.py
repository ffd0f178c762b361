from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from ..engine.rounding import is_number, to_decimal
from ..engine.values import Posting

_CLAIMS = "loyalty_program.claims"

#: Stock writes floats; beyond six decimals there is only noise.
STOCK_QUANTUM = Decimal("0.000001")

#: Cards that get their opening entries in one step.
OPENING_BATCH = 5000


@dataclass(frozen=True)
class Claim:
    """Whose doing the writes are that happen while it is open.

    :param posts_strict: the document posts by itself what strict cards gain and lose;
        what stock writes to them meanwhile is not to be posted again
    """

    origin: tuple[str, int] | None
    channel: str
    gain: str
    loss: str
    posts_strict: bool = False


class LoyaltyLedger(models.AbstractModel):
    """The doors of stock code: what it writes to ``points`` becomes entries."""

    _inherit = "loyalty.ledger"

    @api.model
    def _record_write(self, cards, points):
        """Post what a stock write of ``points`` changes on managed cards.

        :param cards: managed cards, any number
        :param float points: the balance that was written
        :raise AccessError: nobody claims the write and the user may not adjust
        """
        target = self._quantize_stock(points)
        # Cards of one account show one balance: one of them stands for all.
        current = {
            card._get_account(): card for card in self._lock_cards(cards.ids).values()
        }
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
        claim = self._get_claim()
        if claim and claim.posts_strict:
            changes = {
                card: delta
                for card, delta in changes.items()
                if card.program_id.ledger_policy != "strict"
            }
        if not changes:
            return
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

    @api.model
    def _open(self, programs):
        """Post the opening entries of cards whose points nobody recorded yet.

        For programmes that get a ledger: when the addon comes, or when their type
        changes. Balances stay as they are and nobody is written to.
        """
        cards = self.env["loyalty.card"].with_context(active_test=False)
        # A card of the demo data has its entries already: they come before the hook.
        domain = [
            ("program_id", "in", programs.ids),
            ("points", "!=", 0),
            ("entry_ids", "=", False),
            ("account_id", "=", False),
        ]
        last_id = 0
        while batch := cards.search(
            domain + [("id", ">", last_id)], order="id", limit=OPENING_BATCH
        ):
            last_id = batch[-1].id
            self._check_openable(batch)
            self._post(
                [
                    Posting(
                        card_id=card.id,
                        entry_type="opening",
                        points=Decimal(repr(card.points)),
                        key=f"opening:loyalty.card:{card.id}",
                        channel="import",
                    )
                    for card in batch
                ],
                notify=False,
            )
            # Nobody asks for them again: the memory of this stays flat.
            self.env.invalidate_all()

    def _check_openable(self, cards):
        """Refuse balances that are no numbers, which stock takes from anybody.

        :raise ValidationError: names the cards
        """
        odd = cards.filtered(lambda card: not is_number(card.points))
        if odd:
            raise ValidationError(
                self.env._(
                    "These cards have no balance that a ledger could begin with. "
                    "Correct it first: %(cards)s.",
                    cards=", ".join(f"{card.code} ({card.points})" for card in odd),
                )
            )

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
            "loyalty_program.group_loyalty_adjust"
        ):
            return
        raise AccessError(
            self.env._("Adjusting a member's balance is a right that you do not have.")
        )

    @api.model
    @contextmanager
    def _claim(
        self,
        document=None,
        channel="backoffice",
        gain="adjust",
        loss="adjust",
        posts_strict=False,
    ):
        """Say whose doing the writes of ``points`` within the block are.

        The claim lives on the server, on the cursor: a client cannot forge it the
        way it can set a context key.

        :param document: the record behind the writes, or None
        :param str gain: entry type of a change upwards; ``loss`` of one downwards
        :param bool posts_strict: whether the caller posts for strict cards itself
        """
        origin = (document._name, document.id) if document else None
        claims = self.env.cr.cache.setdefault(_CLAIMS, [])
        claims.append(Claim(origin, channel, gain, loss, posts_strict))
        try:
            yield
        finally:
            claims.pop()

    def _get_claim(self):
        claims = self.env.cr.cache.get(_CLAIMS)
        return claims[-1] if claims else None
