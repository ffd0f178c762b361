from odoo import api, fields, models


class LoyaltyJoin(models.TransientModel):
    """Back office: a customer joins, with consent."""

    _name = "loyalty.join"
    _description = "Join a Loyalty Programme"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
    )
    program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Programme",
        required=True,
        domain=[("ledger_policy", "=", "strict")],
        default=lambda self: self._default_program(),
    )
    terms = fields.Html(related="program_id.terms")
    consent = fields.Boolean(string="The customer has agreed to these terms")

    @api.model
    def _default_program(self):
        return self.env["loyalty.program"].search(
            [("ledger_policy", "=", "strict")], limit=1
        )

    def action_join(self):
        """Enrol the customer and open the new membership.

        :raise UserError: no consent, closed programme, unusable customer
        """
        self.ensure_one()
        self.program_id.check_access("read")
        self.partner_id.check_access("read")
        # sudo: enrolling is what this wizard's group may do, cards are closed to it.
        card = self.program_id.sudo()._enrol(
            self.partner_id.sudo(), "backoffice", self.consent
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_card_action_member"
        )
        form = self.env.ref("loyalty_program.loyalty_card_view_form_member")
        action.update(views=[(form.id, "form")], res_id=card.id)
        return action
