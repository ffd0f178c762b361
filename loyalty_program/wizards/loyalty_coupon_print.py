from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.loyalty_coupon_codes import ON_PAPER


class LoyaltyCouponPrint(models.TransientModel):
    """Back office: which part of a large batch goes to paper or into a file."""

    _name = "loyalty.coupon.print"
    _description = "Print Coupons"

    batch_id = fields.Many2one(
        comodel_name="loyalty.coupon.batch",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    kind = fields.Selection(
        selection=[("sheets", "Sheets"), ("codes", "File of codes")],
        default="sheets",
        required=True,
        readonly=True,
    )
    made = fields.Integer(related="batch_id.made")
    parts = fields.Integer(compute="_compute_parts")
    part = fields.Integer(default=1)
    first = fields.Integer(
        string="From number",
        compute="_compute_range",
        store=True,
        readonly=False,
    )
    last = fields.Integer(
        string="To number",
        compute="_compute_range",
        store=True,
        readonly=False,
    )
    usable = fields.Integer(
        string="Still unused",
        help="Only these are printed.",
        compute="_compute_usable",
    )

    @api.depends("batch_id.made")
    def _compute_parts(self):
        for wizard in self:
            wizard.parts = -(-wizard.batch_id.made // ON_PAPER)

    @api.depends("kind", "part", "batch_id")
    def _compute_range(self):
        for wizard in self:
            made = wizard.batch_id.made
            if wizard.kind == "codes":
                wizard.first, wizard.last = 1, made
            else:
                wizard.first = (wizard.part - 1) * ON_PAPER + 1
                wizard.last = min(wizard.part * ON_PAPER, made)

    @api.depends("kind", "first", "last", "batch_id")
    def _compute_usable(self):
        for wizard in self:
            sheets = (
                wizard.kind == "sheets" and wizard._is_sane() and wizard._is_printable()
            )
            wizard.usable = (
                len(wizard.batch_id._get_printable(wizard.first, wizard.last))
                if sheets
                else 0
            )

    def _is_sane(self):
        return 1 <= self.first <= self.last <= self.batch_id.made

    def _is_printable(self):
        return self.last - self.first < ON_PAPER

    def action_print(self):
        """Print the part, or fetch its codes.

        :raise UserError: there is no such part, or it is too much for one document
        """
        self.ensure_one()
        if not self._is_sane():
            raise UserError(
                self.env._(
                    "The coupons of this batch are numbered 1 to %(last)s. Choose "
                    "among these.",
                    last=self.batch_id.made,
                )
            )
        if self.kind == "sheets":
            if not self._is_printable():
                raise UserError(
                    self.env._(
                        "At most %(count)s coupons at once go to paper. Print them in "
                        "parts.",
                        count=ON_PAPER,
                    )
                )
            return self.batch_id._print_sheets(self.first, self.last)
        self.batch_id._check_may_export()
        return {
            "type": "ir.actions.act_url",
            "url": self.batch_id._get_export_url(self.first, self.last),
            "target": "download",
        }
