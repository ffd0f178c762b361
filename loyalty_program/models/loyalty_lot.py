from odoo import fields, models


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
