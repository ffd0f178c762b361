from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Longest term that can be sold, in months.
LONGEST = 120


class ProductTemplate(models.Model):
    """A product that is a membership: a tier for a term."""

    _inherit = "product.template"

    loyalty_tier_id = fields.Many2one(
        comodel_name="loyalty.tier",
        string="Gives the tier",
        help="Whoever pays for this product has the tier for the term.",
        domain="[('program_id.ledger_policy', '=', 'strict'), "
        "'|', ('company_id', '=', False), ('company_id', '=', company_id)]",
        ondelete="restrict",
    )
    loyalty_term_months = fields.Integer(
        string="Term (months)",
        default=12,
    )

    _loyalty_term_sane = models.Constraint(
        f"CHECK (loyalty_tier_id IS NULL OR "
        f"loyalty_term_months BETWEEN 1 AND {LONGEST})",
        f"A paid membership lasts between 1 and {LONGEST} months.",
    )

    @api.constrains("loyalty_tier_id", "company_id", "type")
    def _check_loyalty_tier(self):
        for product in self.filtered("loyalty_tier_id"):
            # sudo: a tier of a company that the user does not see is refused as well.
            tier = product.loyalty_tier_id.sudo()
            if tier.program_id.ledger_policy != "strict":
                raise ValidationError(
                    self.env._(
                        "“%(tier)s” is of a programme that only records: a tier for a "
                        "term needs a members-only programme.",
                        tier=tier.name,
                    )
                )
            companies = tier.company_id | product.company_id
            if tier.company_id and len(companies) > 1:
                raise ValidationError(
                    self.env._(
                        "“%(tier)s” is a tier of %(company)s: a product of another "
                        "company cannot give it.",
                        tier=tier.name,
                        company=tier.company_id.name,
                    )
                )
            if product.type != "service":
                raise ValidationError(
                    self.env._("A membership is a service, it cannot be stored.")
                )
