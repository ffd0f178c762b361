from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.expiry import INACTIVITY


class LoyaltyCard(models.Model):
    """When the points of a card lapse."""

    _inherit = "loyalty.card"

    activity_seen_on = fields.Date(
        help="The latest activity that the nightly work knows of. It looks again when "
        "that is a full period old.",
        readonly=True,
        copy=False,
    )
    expiring_points = fields.Float(
        string="Points expiring next",
        help="Spendable points that expire together, the soonest of all.",
        digits=0,
        compute="_compute_expiring",
        compute_sudo=True,
    )
    expiring_on = fields.Date(
        string="Expiring on",
        help="The last day on which they may be spent.",
        compute="_compute_expiring",
        compute_sudo=True,
    )

    @api.depends(
        "points", "account_id", "program_id.expiry_mode", "program_id.spend_until"
    )
    def _compute_expiring(self):
        plans = self._get_expiry_plans()
        for card in self:
            plan = plans.get(card._get_account()._origin.id)
            card.expiring_on, card.expiring_points = plan[0] if plan else (False, 0)

    def _get_expiry_plans(self):
        """Return when the spendable points of these cards' accounts lapse.

        :return: {account's id: list of (last day, points), the soonest first}, without
            accounts of which nothing lapses
        :rtype: dict[int, list[tuple[date, float]]]
        """
        plans = {}
        accounts = self.browse(
            {card._get_account()._origin.id for card in self} - {False}
        )
        for program in accounts.program_id.filtered("is_managed"):
            cards = accounts.filtered(lambda card, p=program: card.program_id == p)
            plans.update(cards._get_expiry_plans_of(program))
        return plans

    def _get_expiry_plans_of(self, program):
        ends, last = self._get_inactivity_ends(program), program.spend_until
        plans = {}
        for card_id, day, points in self.env.execute_query(
            self._query_open_lots(program._get_local_date())
        ):
            # With the programme all points end, whatever day they have.
            days = [known for known in (day or ends.get(card_id), last) if known]
            if days and (day := min(days)) >= program._get_local_date():
                plan = plans.setdefault(card_id, {})
                plan[day] = plan.get(day, 0) + points
        return {card_id: sorted(plan.items()) for card_id, plan in plans.items()}

    def _get_inactivity_ends(self, program):
        """Return {account's id: last day of its points}, where inactivity counts."""
        if program._get_expiry_rule().mode != INACTIVITY:
            return {}
        ledger = self.env["loyalty.ledger"]
        ledger._flush_tiers()
        # SQL: entries are inserted by SQL only, nothing of them waits for a flush.
        rows = self.env.execute_query(
            SQL(
                "SELECT c.id, a.day, a.extra FROM loyalty_card c, LATERAL (%s) a "
                "WHERE c.id = ANY(%s)",
                ledger._sql_last_activity(program, SQL("c.id")),
                self.ids,
            )
        )
        return {
            card_id: program._get_inactivity_end(day, extra)
            for card_id, day, extra in rows
            if day
        }

    def _query_open_lots(self, today):
        # SQL: lots are touched by SQL only, nothing of them waits for a flush.
        return SQL(
            """
            SELECT card_id, expires_on, SUM(remaining)::float FROM loyalty_lot
            WHERE card_id = ANY(%s) AND state = 'open' AND remaining > 0
                AND (expires_on >= %s OR expires_on IS NULL)
            GROUP BY card_id, expires_on
            """,
            self.ids,
            today,
        )
