from odoo import models
from odoo.fields import Domain

from .loyalty_card import CURRENT_STATES

#: What decides to which company a contact belongs.
COMPANY_FIELDS = {"is_company", "parent_id"}


class ResPartner(models.Model):
    """A contact that comes to another company shares its points there."""

    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if COMPANY_FIELDS & set(vals):
            # sudo: the pools follow the contact, whoever changes it.
            cards = self.env["loyalty.card"].sudo()
            cards.search(
                Domain("partner_id", "child_of", self.ids)
                & Domain("member_state", "in", CURRENT_STATES)
                & (
                    Domain("program_id.pool_contacts", "=", True)
                    | Domain("account_id", "!=", False)
                )
            )._share_with_company("backoffice")
        return result
