from odoo import api, fields, models


class LoyaltyReinstate(models.TransientModel):
    """Back office: give expired points back, with a reason."""

    _name = "loyalty.reinstate"
    _description = "Give Back Expired Points"

    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Member",
        required=True,
        readonly=True,
    )
    possible_entry_ids = fields.Many2many(
        comodel_name="loyalty.ledger.entry",
        compute="_compute_possible_entry_ids",
    )
    entry_ids = fields.Many2many(
        comodel_name="loyalty.ledger.entry",
        string="Expired",
        compute="_compute_entry_ids",
        store=True,
        readonly=False,
        precompute=True,
    )
    points = fields.Float(
        string="Points that come back",
        digits=0,
        compute="_compute_points",
    )
    reason_id = fields.Many2one(
        comodel_name="loyalty.adjustment.reason",
        required=True,
    )

    @api.depends("card_id")
    def _compute_possible_entry_ids(self):
        for wizard in self:
            card = wizard.card_id
            wizard.possible_entry_ids = card and card._get_reinstatable_entries()

    @api.depends("possible_entry_ids")
    def _compute_entry_ids(self):
        for wizard in self:
            wizard.entry_ids = wizard.possible_entry_ids

    @api.depends("entry_ids")
    def _compute_points(self):
        for wizard in self:
            wizard.points = -sum(wizard.entry_ids.mapped("points"))

    def action_reinstate(self):
        """Give the chosen points back."""
        self.ensure_one()
        self.card_id._reinstate(self.entry_ids, self.reason_id)
        return {"type": "ir.actions.act_window_close"}
