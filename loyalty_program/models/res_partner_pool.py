from odoo import api, models
from odoo.exceptions import UserError
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

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shared(self):
        # sudo: that contacts shared points decides, whether or not the user sees it.
        pools = self.env["loyalty.pool"].sudo().with_context(active_test=False)
        if pool := pools.search([("partner_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "The contacts of %(name)s share points in a pool, or did, and its "
                    "history stays. Archive the contact instead.",
                    name=pool.partner_id.display_name,
                )
            )
