from odoo import api, fields, models
from odoo.tools import SQL

from .loyalty_card import CURRENT_STATES

#: Cards of one step of the nightly figures.
BATCH = 5000

#: Up to so many members the board is brought up to date when it is opened.
FRESH = 20000


class LoyaltyCard(models.Model):
    """What the board of tiers adds up: the revenue that counts for the tier."""

    _inherit = "loyalty.card"

    tier_id = fields.Many2one(group_expand="_read_group_tiers")
    tier_color = fields.Integer(related="tier_id.color", string="Colour of the tier")
    tier_revenue = fields.Monetary(
        string="Revenue",
        help="Purchases within the time that counts for the tier, as of last night.",
        readonly=True,
        copy=False,
    )

    @api.model
    def _read_group_tiers(self, tiers, domain):
        """Show empty tiers as well: those of the programme that is looked at."""
        program_id = self.env.context.get("loyalty_board_program_id")
        if program_id:
            tiers |= tiers.search([("program_id", "=", program_id)])
        return tiers.sorted(lambda tier: (tier.program_id.id, tier.threshold))


class LoyaltyTier(models.Model):
    """On the board a tier is named with the number of its members."""

    _inherit = "loyalty.tier"

    @api.depends("name")
    @api.depends_context("loyalty_board")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        if self.env.context.get("loyalty_board"):
            for tier in self:
                tier.display_name = f"{tier.name} ({tier.member_count})"
        return result


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    def action_view_tier_board(self):
        """Open the members of this programme, grouped by tier."""
        self.ensure_one()
        action = self.action_open_tier_board()
        action["context"] = {
            "search_default_program_id": self.id,
            "loyalty_board": True,
            "loyalty_board_program_id": self.id,
            "create": False,
        }
        return action

    def action_open_tier_board(self):
        """Open the board, with figures of now where there are not too many members."""
        for program in self or self._search_tiered():
            if sum(program.tier_ids.mapped("member_count")) <= FRESH:
                for _batch in program._run_tier_figures():
                    continue
        return self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_card_action_tier_board"
        )

    @api.model
    def _search_tiered(self):
        return self.search(
            [("is_managed", "=", True), ("tier_ids", "!=", False)], order="id"
        )

    def _run_tier_figures(self):
        """Yield after each batch of members whose revenue is up to date.

        Running it again, or twice at once, writes nothing that is right already.
        """
        self.ensure_one()
        self.env["loyalty.card"].flush_model()
        last_id = 0
        while last_id is not None:
            ((last_id,),) = self.env.execute_query(self._query_tier_figures(last_id))
            self.env["loyalty.card"].invalidate_model(["tier_revenue"])
            yield last_id

    def _query_tier_figures(self, after):
        # SQL: the sum of the window of a batch of members, written where it differs.
        return SQL(
            """
            WITH batch AS MATERIALIZED (
                SELECT id, loyalty_tier_window_first(%(span)s, %(months)s, %(today)s,
                    LEAST(COALESCE(joined_on, %(today)s), %(today)s)) AS first
                FROM loyalty_card
                WHERE program_id = %(program)s AND id > %(after)s
                    AND member_state = ANY(%(states)s)
                ORDER BY id LIMIT %(batch)s
            ), figure AS (
                SELECT b.id, COALESCE(SUM(e.base_amount) FILTER (
                    WHERE e.tier_date >= b.first AND e.available_on <= %(today)s), 0)
                    AS revenue
                FROM batch b
                LEFT JOIN loyalty_ledger_entry e
                    ON e.member_card_id = b.id AND e.tier_date IS NOT NULL
                GROUP BY b.id
            ), written AS (
                UPDATE loyalty_card c SET tier_revenue = f.revenue
                FROM figure f
                WHERE c.id = f.id AND c.tier_revenue IS DISTINCT FROM f.revenue
            )
            SELECT MAX(id) FROM batch
            """,
            span=self.tier_window,
            months=self.tier_window_months,
            today=SQL("%s::date", self._get_local_date()),
            program=self.id,
            after=after,
            states=list(CURRENT_STATES),
            batch=BATCH,
        )


class LoyaltyLedger(models.AbstractModel):
    _inherit = "loyalty.ledger"

    @api.model
    def _cron_tier_figures(self):
        """Bring the figures of the board of tiers up to date."""
        self._run_committed(self._run_tier_figures)

    @api.model
    def _run_tier_figures(self):
        for program in self.env["loyalty.program"]._search_tiered():
            yield from program._run_tier_figures()
