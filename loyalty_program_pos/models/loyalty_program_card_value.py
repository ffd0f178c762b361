from odoo import api, fields, models

#: The templates whose cards are worth money.
TEMPLATES = ("ewallet", "gift_card")


class LoyaltyProgram(models.Model):
    """Gift cards and eWallets whose value the server computes, not the till."""

    _inherit = "loyalty.program"

    computes_card_value = fields.Boolean(
        string="Value by the server",
        help="What a till puts on gift cards and eWallets, and takes off them, is "
        "computed from the lines of the sale. Otherwise the till is believed, and the "
        "order tells of a difference.",
        # What is made in the menu of gift cards; Odoo's own way stays as it is.
        default=lambda self: self.env.context.get("menu_type") == "gift_ewallet",
    )

    @api.model
    def _get_template_values(self):
        values = super()._get_template_values()
        for name in TEMPLATES:
            values[name]["computes_card_value"] = True
        return values
