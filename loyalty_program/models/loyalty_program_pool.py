from odoo import fields, models

from .loyalty_pool import POOL_LEAVING, POOL_SPENDING


class LoyaltyProgram(models.Model):
    """How members of a programme share their points."""

    _inherit = "loyalty.program"

    pool_contacts = fields.Boolean(
        string="Contacts of one company share",
        help="Members who belong to one company collect into one balance.",
    )
    pool_spending = fields.Selection(
        selection=POOL_SPENDING,
        string="Who may spend",
        help="Of a new pool; each pool may say otherwise.",
        default="everybody",
        required=True,
    )
    pool_leaving = fields.Selection(
        selection=POOL_LEAVING,
        string="When a member leaves",
        help="Of a new pool; each pool may say otherwise.",
        default="stay",
        required=True,
    )
