from odoo.fields import Command

from odoo.addons.loyalty_program.tests.care_common import CareCase


class CareStockCase(CareCase):
    """The drone is goods with serial numbers, three of them in stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.drone = cls._make_product(
            "Drone",
            800,
            invoice_policy="order",
            type="consu",
            is_storable=True,
            tracking="serial",
        )
        cls.plan_product.care_product_tmpl_ids = [
            Command.set(cls.drone.product_tmpl_id.ids)
        ]
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.lots = cls.env["stock.lot"].create(
            [
                {"name": f"SN-{number}", "product_id": cls.drone.id}
                for number in range(3)
            ]
        )
        for lot in cls.lots:
            cls.env["stock.quant"]._update_available_quantity(
                cls.drone, cls.warehouse.lot_stock_id, 1, lot_id=lot
            )

    def _deliver(self, order, quantity=None):
        """Deliver an order, or so many units of it and the rest later."""
        picking = order.sudo().picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        picking.action_assign()
        move = picking.move_ids
        for number, line in enumerate(move.move_line_ids):
            line.quantity = 1 if quantity is None or number < quantity else 0
        move.picked = True
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=[]
        ).button_validate()
        self.env.cr.flush()
        return picking
