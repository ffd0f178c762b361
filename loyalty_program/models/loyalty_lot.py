from odoo import fields, models
from odoo.tools.sql import column_exists


class LoyaltyLot(models.Model):
    """The unspent rest of an entry: the mutable fact beside the frozen one.

    An earning leaves a positive rest that spending consumes. A spending that found
    too few points leaves a negative rest, a debt, that the next earning repays. So
    the balance of a card is the sum of its open rests, and nothing else.
    """

    _name = "loyalty.lot"
    _description = "Loyalty Points Lot"
    _order = "expires_on, id"
    _log_access = False

    entry_id = fields.Many2one(
        comodel_name="loyalty.ledger.entry",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    program_id = fields.Many2one(
        comodel_name="loyalty.program",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    points = fields.Float(digits=0, required=True, readonly=True)
    remaining = fields.Float(digits=0, required=True, readonly=True)
    state = fields.Selection(
        selection=[("pending", "Pending"), ("open", "Spendable")],
        required=True,
        readonly=True,
    )
    available_on = fields.Date(required=True, readonly=True)
    expires_on = fields.Date(readonly=True)
    spent_expiry = fields.Date(
        string="Last day when spent",
        help="Of points that came back: the last day that they had when they were "
        "spent. By it the ledger knows which of them came back already.",
        readonly=True,
    )

    # With what is left, so that a balance is read from the index alone.
    _open_index = models.Index(
        "(card_id) INCLUDE (remaining, state) WHERE remaining <> 0"
    )
    _debt_index = models.Index("(card_id) WHERE remaining < 0")
    # With the id: the nightly work reads both from batch to batch in this order.
    _pending_index = models.Index(
        "(program_id, available_on, id) WHERE state = 'pending' AND remaining <> 0"
    )
    _expiry_index = models.Index("(program_id, expires_on, id) WHERE remaining > 0")

    def _auto_init(self):
        is_new = not column_exists(self.env.cr, self._table, "spent_expiry")
        result = super()._auto_init()
        if is_new:
            # SQL: so far what came back had the last day of before.
            self.env.cr.execute(
                """UPDATE loyalty_lot l SET spent_expiry = l.expires_on
                   FROM loyalty_ledger_entry e
                   WHERE e.id = l.entry_id AND e.reverses_id IS NOT NULL
                       AND l.points > 0 AND l.expires_on IS NOT NULL"""
            )
        return result


class LoyaltyLotUse(models.Model):
    """Which lot paid for which entry, so that an undo gives back the same points."""

    _name = "loyalty.lot.use"
    _description = "Loyalty Points Lot Use"
    _log_access = False

    lot_id = fields.Many2one(
        comodel_name="loyalty.lot",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    entry_id = fields.Many2one(
        comodel_name="loyalty.ledger.entry",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    points = fields.Float(digits=0, required=True, readonly=True)
