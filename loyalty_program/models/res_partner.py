from odoo import api, fields, models
from odoo.exceptions import UserError

from .loyalty_card import CURRENT_STATES


class ResPartner(models.Model):
    _inherit = "res.partner"

    loyalty_member_card_ids = fields.One2many(
        comodel_name="loyalty.card",
        inverse_name="partner_id",
        string="Memberships",
        domain=[("member_state", "in", CURRENT_STATES)],
        groups="loyalty_program.group_loyalty_user",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_member(self):
        # sudo: the membership decides, whether or not the user may see it.
        cards = self.env["loyalty.card"].sudo().with_context(active_test=False)
        if member := cards.search(
            [("partner_id", "in", self.ids), ("member_state", "!=", "none")], limit=1
        ):
            raise UserError(
                self.env._(
                    "%(name)s is a member of a loyalty programme. "
                    "Archive the contact instead.",
                    name=member.partner_id.display_name,
                )
            )
