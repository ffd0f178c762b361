from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    """Who answers the claims of a care plan."""

    _inherit = "product.template"

    care_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Answers claims",
        help="Gets an activity for each new claim.",
        domain="[('share', '=', False)]",
        ondelete="set null",
    )

    @api.constrains("care_user_id", "company_id")
    def _check_care_user(self):
        for product in self.filtered("care_user_id"):
            user = product.care_user_id
            if not user._filter_may_handle(product.company_id):
                raise ValidationError(
                    self.env._(
                        "%(user)s cannot answer claims: choose a loyalty user of the "
                        "product's company.",
                        user=user.name,
                    )
                )


class LoyaltyCareClaim(models.Model):
    """A new claim is a task until it is decided."""

    _name = "loyalty.care.claim"
    _inherit = ["loyalty.care.claim", "loyalty.task.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        claims = super().create(vals_list)
        # sudo: customers file claims; whose task they become is the product's to say.
        for claim in claims.sudo():
            user = claim.plan_id.product_id.care_user_id
            claim._open_task(
                user._filter_may_handle(claim.company_id),
                self.env._("Answer the claim %(claim)s", claim=claim.name),
                claim.filed_on,
            )
        return claims

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self.filtered(lambda claim: claim.state != "new")._close_tasks()
        return result
