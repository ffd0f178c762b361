from odoo import api, models
from odoo.fields import Command

from ..engine.shares import to_text

POINTS_VALUE = "loyalty_program.product_points_value"


class LoyaltyProgram(models.Model):
    """The line of a refund that pays for points already spent."""

    _inherit = "loyalty.program"

    def _name_points_value(self, points):
        """Return what such a line says, in the language of this environment."""
        return self.env._(
            "%(points)s points of “%(program)s” already spent",
            points=to_text(points),
            program=self.name,
        )

    @api.model
    def _find_points_value_product(self):
        """Return the product of such lines, nothing before it was needed."""
        product = self.env.ref(POINTS_VALUE, raise_if_not_found=False)
        return product or self.env["product.product"]

    @api.model
    def _get_points_value_product(self):
        """Return the product of such lines, made when it is needed first.

        Not in a data file: what other addons demand of products is known only when
        all of them are loaded.
        """
        # sudo: an accountant need not be allowed to make products.
        products = self.env["product.product"].sudo()
        return self._find_points_value_product() or (
            products._load_records(
                [
                    {
                        "xml_id": POINTS_VALUE,
                        "values": self._prepare_points_value_product(),
                        "noupdate": True,
                    }
                ]
            )
        )

    def _prepare_points_value_product(self):
        return {
            "name": self.env._("Points already spent"),
            "type": "service",
            "sale_ok": False,
            "purchase_ok": False,
            "list_price": 0,
            "taxes_id": [Command.clear()],
        }
