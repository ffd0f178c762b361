from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date


class LoyaltyCreditPast(models.TransientModel):
    """Back office: credit what members bought before they joined."""

    _name = "loyalty.credit.past"
    _description = "Credit Purchases Made Before Joining"

    card_ids = fields.Many2many(
        comodel_name="loyalty.card",
        string="Members",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    since = fields.Date(
        string="Purchases since",
        help="Orders from this day until the member joined earn by today's rules of "
        "the programme. They are dated as they were: what would have expired since "
        "expires.",
        required=True,
        default=lambda self: self._default_since(),
    )

    @api.model
    def _default_since(self):
        """Return the first day of the year, where the members' programme is."""
        cards = self.env["loyalty.card"].browse(self.env.context.get("active_ids"))
        return cards.program_id[:1]._get_local_date().replace(month=1, day=1)

    @api.constrains("since")
    def _check_since(self):
        for wizard in self:
            wizard.card_ids._check_past_since(wizard.since)

    def action_credit(self):
        """Post the purchases and say what came of it.

        :raise AccessError: no loyalty manager
        :raise UserError: a card that earns nothing now
        """
        self.ensure_one()
        if not self.env.user.has_group("loyalty_program.group_loyalty_manager"):
            raise AccessError(
                self.env._("Only loyalty managers may credit earlier purchases.")
            )
        self.card_ids.check_access("read")
        # sudo: the ledger is closed to everybody; the manager's right was checked.
        entries = self.card_ids.sudo()._credit_past_purchases(self.since)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if entries else "warning",
                "message": self._describe_result(entries),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _describe_result(self, entries):
        if not entries:
            return self.env._(
                "There was nothing to credit: no purchase between %(day)s and joining "
                "that earns points and did not yet.",
                day=format_date(self.env, self.since),
            )
        points = entries.program_id._format_count(sum(entries.mapped("points")))
        return self.env._(
            "Purchases credited: %(count)s. Points in all: %(points)s.",
            count=len(entries),
            points=points,
        )
