from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .loyalty_card import CURRENT_STATES

#: Lots of one step of set-based SQL.
LOT_BATCH = 5000
#: Members of one step: each gets a mail that has to be rendered.
MAIL_BATCH = 200


class LoyaltyLedger(models.AbstractModel):
    """The end of a programme: members are told, then what is left expires."""

    _inherit = "loyalty.ledger"

    @api.model
    def _run_daily(self):
        ending = self.env["loyalty.program"].search(
            Domain("is_managed", "=", True)
            & (Domain("earn_until", "!=", False) | Domain("spend_until", "!=", False)),
            order="id",
        )
        for program in ending:
            yield from self._run_apart(
                "notice of the end", program, self._run_sunset_notice(program)
            )
            if program.spend_until:
                yield from self._run_apart("end", program, self._run_sunset(program))
        # What got a last day just now expires in the same night.
        yield from super()._run_daily()

    def _run_sunset(self, program):
        """Yield after each batch of lots that end with their programme."""
        today, last_id = program._get_local_date(), 0
        while rows := self.env.execute_query(
            self._query_ending_lots(program.id, today, last_id)
        ):
            last_id = rows[-1][0]
            cards = self.env["loyalty.card"].browse(sorted({row[1] for row in rows}))
            failed = self._do_apart("end", cards, self._end_lots)
            self._tell_left_out(failed)
            yield cards - failed

    def _end_lots(self, cards):
        """Let all lots of accounts end with their programme."""
        # The log gets the failure that names the account.
        self.env.cr.execute(self._query_end_lots(cards.ids), log_exceptions=False)
        self._settle(cards.ids)
        self._refresh_cards(cards)
        self.env["loyalty.lot"].invalidate_model(["expires_on", "state"])

    def _query_ending_lots(self, program_id, today, last_id):
        # SQL: (lot id, account) of a batch that nobody else works on.
        return SQL(
            """
            SELECT l.id, l.card_id
            FROM loyalty_lot l JOIN loyalty_program p ON p.id = l.program_id
            WHERE p.id = %s AND p.spend_until < %s AND l.id > %s AND %s
            ORDER BY l.id LIMIT %s FOR UPDATE OF l SKIP LOCKED
            """,
            program_id,
            today,
            last_id,
            self._sql_is_ending(),
            LOT_BATCH,
        )

    def _query_end_lots(self, account_ids):
        # SQL: every lot ends with the programme's last day to spend; what was still
        # pending then will never be spendable. Expiring is the next step's work.
        return SQL(
            """
            UPDATE loyalty_lot l SET state = 'open',
                expires_on = LEAST(l.expires_on, p.spend_until)
            FROM loyalty_program p
            WHERE p.id = l.program_id AND l.card_id = ANY(%s) AND %s
            """,
            account_ids,
            self._sql_is_ending(),
        )

    def _sql_is_ending(self):
        """Return the condition on lots ``l`` that outlive their programme ``p``."""
        return SQL(
            """l.remaining > 0 AND (l.state = 'pending' OR l.expires_on IS NULL
                OR l.expires_on > p.spend_until)"""
        )

    def _run_sunset_notice(self, program):
        """Yield after each batch of members who were told of the end, once."""
        today = program._get_local_date()
        notice_on = program.sunset_notice_on
        last = program.spend_until or program.earn_until
        if not notice_on or not notice_on <= today <= last:
            return
        cards, last_id = self.env["loyalty.card"], 0
        domain = [
            ("program_id", "=", program.id),
            ("member_state", "in", CURRENT_STATES),
            ("sunset_noticed_on", "=", False),
        ]
        while batch := cards.search(
            [*domain, ("id", ">", last_id)], order="id", limit=MAIL_BATCH
        ):
            last_id = batch[-1].id
            yield batch - self._do_apart("notice of the end", batch, self._tell_sunset)

    def _tell_sunset(self, cards):
        """Queue the mail about the end of the programme to these members, once."""
        # The mark and the mails are one transaction: nobody is told twice.
        for program, members in cards.grouped("program_id").items():
            members.write(
                {"sunset_noticed_on": fields.Date.to_string(program._get_local_date())}
            )
        reachable = cards.filtered(
            lambda card: card.partner_id.active and card.partner_id.email
        )
        if reachable:
            template = self.env.ref("loyalty_program.mail_template_sunset")
            template.send_mail_batch(reachable.ids)
