import hmac
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.http import STORED_SESSION_BYTES, request
from odoo.tools import SQL
from odoo.tools.misc import babel_locale_parse

from ..engine import codes, throttle
from ..engine.network import read_network


@dataclass(frozen=True)
class Guesser:
    """Who enters a code: hashes of session, address and account (None: a visitor).

    :param is_cashier: the code is entered at a till
    """

    session: str
    address: str
    account: str | None
    is_cashier: bool = False

    def get_limits(self, is_unguessable):
        """Return {scope: Limit} for this guesser.

        :param bool is_unguessable: the code is of the kind that nobody hits by chance
        """
        known = self.account or is_unguessable
        limits = {
            "session": throttle.TILL if self.is_cashier else throttle.SESSION,
            "address": throttle.KNOWN_ADDRESS if known else throttle.ADDRESS,
        }
        if self.account:
            limits["account"] = (
                throttle.CASHIER if self.is_cashier else throttle.ACCOUNT
            )
        return limits


class LoyaltyCodeAttempt(models.Model):
    """Wrong codes of the last day, so that guessing takes for ever.

    A row per wrong code and guesser; several workers and machines share the table. It
    holds keyed hashes: neither the code nor the address can be read from it.
    """

    _name = "loyalty.code.attempt"
    _description = "Wrong loyalty code"
    _log_access = False

    session_key = fields.Char(required=True)
    address_key = fields.Char(required=True)
    account_key = fields.Char()
    code_key = fields.Char(required=True)
    attempted_at = fields.Datetime(required=True, index=True)

    _session_idx = models.Index("(session_key, attempted_at)")
    _address_idx = models.Index("(address_key, attempted_at)")
    _account_idx = models.Index(
        "(account_key, attempted_at) WHERE account_key IS NOT NULL"
    )

    # === Who ===

    @api.model
    def _get_guesser(self, is_cashier=False):
        """Return who sends this request, or None where no browser or till is behind it.

        :rtype: Guesser
        """
        session_id = request and getattr(request.session, "sid", None)
        if not session_id:
            return None
        user = request.env.user
        is_visitor = not user or user._is_public()
        # Who guesses in the shop's own network holds up neither its tills nor those
        # customers there who have signed in.
        kind = "till" if is_cashier else "visitor" if is_visitor else "customer"
        return Guesser(
            # The end of a session's id changes by itself, from time to time.
            session=self._hash("session", session_id[:STORED_SESSION_BYTES]),
            address=self._hash(f"{kind} address", self._get_network()),
            account=None if is_visitor else self._hash("account", str(user.id)),
            is_cashier=is_cashier,
        )

    @api.model
    def _get_network(self):
        return read_network(request.httprequest.remote_addr or "")

    @api.model
    def _hash(self, scope, text):
        # sudo: the secret keys the hash and never leaves this method.
        parameters = self.env["ir.config_parameter"].sudo()
        secret = parameters.get_param("database.secret")
        message = f"loyalty {scope} {text}".encode()
        return hmac.new(secret.encode(), message, sha256).hexdigest()[:32]

    # === The throttle ===

    @api.model
    def _get_wait_message(self, guesser, code):
        """Return what tells the guesser how long to wait, or None: go on.

        :param str code: as it was typed
        """
        now = fields.Datetime.now()
        allowed = self._get_allowed_from(guesser, code, now)
        if not allowed or allowed <= now:
            return None
        seconds = (allowed - now).total_seconds()
        unit = 1 if seconds < 60 else 60
        # Rounded up: nobody is sent back a moment too early.
        wait = timedelta(seconds=-(-seconds // unit) * unit)
        lang = self.env.context.get("lang") or "en_US"
        return self.env._(
            "Too many wrong codes were entered. Please try again in %(duration)s.",
            duration=format_timedelta(
                wait, threshold=2, locale=babel_locale_parse(lang)
            ),
        )

    @api.model
    def _get_allowed_from(self, guesser, code, now):
        """Return the latest of the moments that the scopes' limits ask for, or None."""
        reading = codes.read(code)
        is_unguessable = reading.is_ours and not reading.is_mistyped
        moments = []
        for scope, limit in guesser.get_limits(is_unguessable).items():
            failures, last_at = self._count(scope, guesser, now - limit.window)
            if failures:
                moments.append(throttle.allowed_from(limit, failures, last_at))
        return max(filter(None, moments), default=None)

    @api.model
    def _count(self, scope, guesser, since):
        """Return how many wrong codes there were since then, and the last moment."""
        # SQL: one index range, no access rules; rows are inserted by SQL only.
        query = SQL(
            """SELECT COUNT(*), MAX(attempted_at) FROM loyalty_code_attempt
               WHERE %s = %s AND attempted_at > %s""",
            SQL.identifier(f"{scope}_key"),
            getattr(guesser, scope),
            since,
        )
        return self.env.execute_query(query)[0]

    @api.model
    def _record(self, guesser, code):
        """Write a wrong code down, even when the request ends in an error.

        The same wrong code again tells the guesser nothing new and costs nothing: shops
        try the pending code of a cart again and again.
        """
        code_key = self._hash("code", codes.read(code).candidates[-1])
        who = "account" if guesser.account else "session"
        now = fields.Datetime.now()
        # Rows are only ever inserted, so that workers never wait for each other. The
        # cursor is our own: a rollback of the request does not forget the attempt.
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    """
                    INSERT INTO loyalty_code_attempt (
                        session_key, address_key, account_key, code_key, attempted_at)
                    SELECT %(session)s, %(address)s, %(account)s, %(code)s, %(now)s
                    WHERE NOT EXISTS (
                        SELECT FROM loyalty_code_attempt
                        WHERE %(column)s = %(who)s AND attempted_at > %(since)s
                            AND code_key = %(code)s)
                    """,
                    session=guesser.session,
                    address=guesser.address,
                    account=guesser.account,
                    code=code_key,
                    now=now,
                    column=SQL.identifier(f"{who}_key"),
                    who=getattr(guesser, who),
                    since=now - throttle.DAY,
                )
            )

    @api.autovacuum
    def _gc_attempts(self):
        """Forget wrong codes that no limit looks at any more."""
        longest = max(limit.window for limit in throttle.LIMITS)
        self.search(
            [("attempted_at", "<", fields.Datetime.now() - longest)], limit=100_000
        ).unlink()
