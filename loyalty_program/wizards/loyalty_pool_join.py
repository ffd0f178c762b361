from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class LoyaltyPoolJoin(models.TransientModel):
    """Back office: members begin to share, or another one comes in."""

    _name = "loyalty.pool.join"
    _description = "Share Points"

    program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Programme",
        required=True,
        domain=[("ledger_policy", "=", "strict")],
        default=lambda self: self._default_program(),
    )
    pool_id = fields.Many2one(
        comodel_name="loyalty.pool",
        help="Empty: a new pool, owned by the member.",
        domain="[('program_id', '=', program_id)]",
    )
    name = fields.Char(
        string="Name of the pool",
        compute="_compute_name",
        # Of a member of another company the user may not even know the name.
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Member",
        required=True,
        domain="[('program_id', '=', program_id), ('member_state', '=', 'joined'), "
        "('account_id', '=', False)]",
    )
    points = fields.Float(related="card_id.points", related_sudo=False, string="Brings")
    consent = fields.Boolean(string="The member has agreed to share the points")

    @api.model
    def _default_program(self):
        return self.env["loyalty.program"].search(
            [("ledger_policy", "=", "strict")], limit=1
        )

    @api.depends("card_id")
    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard.card_id.partner_id.display_name

    def action_join(self):
        """Let the member share who has agreed; open the pool."""
        if not self.consent:
            raise UserError(
                self.env._("Points are shared by those who have agreed to it.")
            )
        pool = self._get_pool()
        pool._add(self.card_id, "backoffice")
        return self._open(pool)

    def action_invite(self):
        """Ask the member, who answers in the portal or at the desk."""
        if not self.pool_id:
            raise UserError(
                self.env._("The first member of a pool must have agreed to share.")
            )
        pool = self._get_pool()
        pool._invite(self.card_id)
        return self._open(pool)

    def _get_pool(self):
        """Return the pool, free to change, once the user's right is certain."""
        self.ensure_one()
        if not self.env.user.has_group("loyalty_program.group_loyalty_user"):
            raise AccessError(self.env._("Only loyalty users may change pools."))
        (self.card_id | self.pool_id.account_id).check_access("read")
        # sudo: pools are changed by the suite's own methods; the right was checked.
        pools = self.env["loyalty.pool"].sudo()
        if self.pool_id:
            return pools.browse(self.pool_id.id)
        name = (self.name or "").strip() or self.card_id.display_name
        return pools._make(self.card_id.program_id, name)

    def _open(self, pool):
        return {
            "type": "ir.actions.act_window",
            "res_model": "loyalty.pool",
            "res_id": pool.id,
            "views": [(False, "form")],
        }
