from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.rounding import round_points, to_decimal
from ..engine.values import MAX_POINTS, Posting


class SaleOrder(models.Model):
    """Orders that were confirmed before their cards had a ledger.

    What they gave and took lies in the opening balances, and no entry tells of it. It
    is noted when the ledger begins, so that a cancellation undoes it as Odoo would.
    """

    _inherit = "sale.order"

    loyalty_before = fields.Json(
        string="Points before the ledger",
        help="What this order gave and took before its cards had a ledger: "
        "{card: [given, taken]}, as texts.",
        readonly=True,
        copy=False,
    )

    @api.model
    def _note_before_ledger(self, programs):
        """Note what confirmed orders gave and took on cards that get a ledger now."""
        self.env.flush_all()
        # SQL: all orders of years, in one statement.
        self.env.cr.execute(self._query_note_before(programs))
        self.invalidate_model(["loyalty_before"])

    def _query_note_before(self, programs):
        # SQL: as Odoo itself adds up what an order changes. What is no number says
        # nothing; what has entries was posted.
        return SQL(
            """
            UPDATE sale_order o
            SET loyalty_before = COALESCE(o.loyalty_before, '{}') || t.cards
            FROM (
                SELECT s.order_id, jsonb_object_agg(s.card_id,
                    jsonb_build_array(s.given::text, s.taken::text)) AS cards
                FROM (
                    SELECT m.order_id, m.card_id, SUM(m.given) AS given,
                        SUM(m.taken) AS taken
                    FROM (
                        SELECT order_id, coupon_id AS card_id, points::numeric AS given,
                            0 AS taken
                        FROM sale_order_coupon_points
                        WHERE points BETWEEN -%(most)s AND %(most)s
                        UNION ALL
                        SELECT order_id, coupon_id, 0, points_cost::numeric
                        FROM sale_order_line
                        WHERE reward_id IS NOT NULL AND coupon_id IS NOT NULL
                            AND points_cost BETWEEN -%(most)s AND %(most)s
                    ) m
                    JOIN loyalty_card c ON c.id = m.card_id
                        AND c.program_id = ANY(%(programs)s)
                    WHERE NOT EXISTS (
                        SELECT FROM loyalty_ledger_entry e
                        WHERE e.origin_model = 'sale.order'
                            AND e.origin_id = m.order_id
                            AND e.program_id = c.program_id)
                    GROUP BY m.order_id, m.card_id
                    HAVING SUM(m.given) <> 0 OR SUM(m.taken) <> 0
                ) s
                GROUP BY s.order_id
            ) t
            WHERE o.id = t.order_id AND o.state = 'sale'
            """,
            programs=programs.ids,
            most=float(MAX_POINTS),
        )

    def _cancel_loyalty(self, settled):
        result = super()._cancel_loyalty(settled)
        self.filtered("loyalty_before")._undo_before_ledger()
        return result

    def _undo_before_ledger(self):
        """Take back what the orders gave before the ledger, and give what they took.

        :raise UserError: the programme refuses debts and points are missing
        """
        postings = [p for order in self for p in order._prepare_before_postings()]
        self.env["loyalty.ledger"]._post_undo(postings, refuse_debt=True)
        self.write({"loyalty_before": False})

    def _prepare_before_postings(self):
        """Return the postings that undo what lies in opening balances."""
        self.ensure_one()
        noted = {int(card_id): facts for card_id, facts in self.loyalty_before.items()}
        cards = self.env["loyalty.card"].browse(sorted(noted)).exists()
        # Odoo itself undoes what has no ledger any more.
        postings = [
            self._prepare_before_posting(card, side, sign * to_decimal(points))
            for card in cards.filtered("is_managed")
            for side, sign, points in (
                ("taken", 1, noted[card.id][1]),
                ("given", -1, noted[card.id][0]),
            )
        ]
        return [posting for posting in postings if posting.points]

    def _prepare_before_posting(self, card, side, points):
        """Return the posting that undoes one side of what lies in the opening.

        :param str side: ``given`` or ``taken``, for the key
        :param Decimal points: signed, as the balance changes
        """
        program = card.program_id
        if program.ledger_policy == "strict":
            points = round_points(points, program.points_scale)
        return Posting(
            card_id=card._get_successor().id,
            entry_type="redeem_reversal" if points > 0 else "earn_reversal",
            points=points,
            key=f"sale.order:{self.id}:before:{card.id}:{side}",
            channel=self._get_loyalty_channel(),
            origin=(self._name, self.id),
            breakdown={"cause": "cancel", "before_ledger": True},
        )


class LoyaltyLedger(models.AbstractModel):
    _inherit = "loyalty.ledger"

    @api.model
    def _open(self, programs):
        if programs:
            self.env["sale.order"]._note_before_ledger(programs)
        return super()._open(programs)
