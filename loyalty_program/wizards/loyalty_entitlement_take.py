from odoo import api, fields, models
from odoo.exceptions import AccessError


class LoyaltyEntitlementTake(models.TransientModel):
    """Enter that a member took part, or got a service."""

    _name = "loyalty.entitlement.take"
    _description = "Take One"

    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Member",
        required=True,
        readonly=True,
    )
    program_id = fields.Many2one(related="card_id.program_id")
    words = fields.Text(
        related="card_id.entitlement_words", related_sudo=False, string="Left"
    )
    entitlement_id = fields.Many2one(
        comodel_name="loyalty.entitlement",
        string="Event or service",
        required=True,
        domain="[('program_id', '=', program_id)]",
    )
    day = fields.Date(
        compute="_compute_day",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    note = fields.Char()

    @api.depends("card_id")
    def _compute_day(self):
        # The programme's day: the user's may be tomorrow already.
        for wizard in self:
            wizard.day = wizard.card_id.program_id._get_local_date()

    def action_take(self):
        """Count it; refused when none is left."""
        self.ensure_one()
        if not self.env.user.has_group("loyalty_program.group_loyalty_user"):
            raise AccessError(
                self.env._("Only loyalty users may enter what a member took.")
            )
        self.card_id.check_access("read")
        self.card_id._take_entitlement(self.entitlement_id, self.day, self.note)
        return {"type": "ir.actions.act_window_close"}
