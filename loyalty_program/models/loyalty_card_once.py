from odoo import api, models
from odoo.tools import SQL


class LoyaltyCard(models.Model):
    """Two first orders at the same time make one card, not two."""

    _inherit = "loyalty.card"

    @api.model_create_multi
    def create(self, vals_list):
        self._take_turns(vals_list)
        return super().create(vals_list)

    @api.model
    def _take_turns(self, vals_list):
        """Let only one transaction at a time make balances for the same customer.

        The other one is repeated by Odoo and finds then the card that it would have
        made a second time.
        """
        programs = self.env["loyalty.program"].browse(
            {vals["program_id"] for vals in vals_list if vals.get("program_id")}
        )
        # sudo: the type of the programme decides, whoever sells.
        balances = programs.sudo().filtered("is_nominative").ids
        partner_ids = {
            vals["partner_id"]
            for vals in vals_list
            if vals.get("partner_id") and vals.get("program_id") in balances
        }
        if not partner_ids:
            return
        # SQL: an update of nothing, in the order of the ids. A lock alone would not
        # show the other's card.
        self.env.cr.execute(
            SQL(
                """UPDATE res_partner SET write_date = write_date WHERE id IN (
                   SELECT id FROM res_partner WHERE id = ANY(%s)
                   ORDER BY id FOR NO KEY UPDATE)""",
                list(partner_ids),
            )
        )
