from odoo import fields, models
from odoo.tools import plaintext2html

#: Repairs in these states can still be called off.
OPEN_STATES = ("draft", "confirmed", "under_repair")


class LoyaltyCareClaim(models.Model):
    """An accepted claim has a repair order; the one follows the other."""

    _inherit = "loyalty.care.claim"

    repair_id = fields.Many2one(
        comodel_name="repair.order",
        string="Repair order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"repair_id"}

    def action_accept(self):
        result = super().action_accept()
        # sudo: whoever answers claims need not work in the workshop.
        for claim in self.sudo():
            claim._open_repair()
        return result

    def action_cancel(self):
        result = super().action_cancel()
        # sudo: the repair goes with its claim, whoever cancels that.
        repairs = self.sudo().repair_id
        repairs.filtered(
            lambda repair: repair.state in OPEN_STATES
        ).action_repair_cancel()
        return result

    def _open_repair(self):
        """Open the repair order of goods, with the serial number where it is known."""
        self.ensure_one()
        if self.repair_id or self.item_product_id.type != "consu":
            return
        operation = self.env["stock.picking.type"].search(
            [
                ("code", "=", "repair_operation"),
                ("company_id", "=", self.company_id.id),
            ],
            limit=1,
        )
        if not operation:
            self.message_post(
                body=self.env._(
                    "No repair order was opened: %(company)s has no operation type for "
                    "repairs.",
                    company=self.company_id.name,
                )
            )
            return
        repairs = self.env["repair.order"].with_company(self.company_id)
        self.repair_id = repairs.create(
            {
                "company_id": self.company_id.id,
                "picking_type_id": operation.id,
                "partner_id": self.partner_id.id,
                "product_id": self.item_product_id.id,
                "product_qty": 1,
                "lot_id": self._find_lot().id,
                "under_warranty": True,
                "user_id": False,
                "internal_notes": plaintext2html(self.description),
            }
        )

    def _erase_story(self):
        """Override: the repair order begins with the same words."""
        self.repair_id.internal_notes = self.env._("Erased")
        return super()._erase_story()

    def _find_lot(self):
        """Return the serial number's record, empty where there is none."""
        self.ensure_one()
        lots = self.env["stock.lot"]
        if not self.serial_number:
            return lots
        return lots.search(
            [
                ("product_id", "=", self.item_product_id.id),
                ("name", "=", self.serial_number),
                ("company_id", "in", (False, self.company_id.id)),
            ],
            limit=1,
        )

    def action_view_repair(self):
        """Open the repair order."""
        self.ensure_one()
        return self.plan_id._open("repair.order", self.repair_id.id)
