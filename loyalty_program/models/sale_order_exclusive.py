from odoo import api, fields, models
from odoo.exceptions import AccessError

#: A transaction in one of these states took the customer's money.
PAID_STATES = ("authorized", "done")


class SaleOrder(models.Model):
    """Exclusive products go to those whom they are for, or a manager says why not."""

    _inherit = "sale.order"

    sells_exclusive_anyway = fields.Boolean(
        string="Sell exclusive products anyway",
        help="A loyalty manager lets this customer buy what is for others only.",
        tracking=True,
        copy=False,
    )
    exclusive_warning = fields.Text(
        string="Not for this customer",
        compute="_compute_exclusive_warning",
    )

    @api.depends("order_line.exclusive_reason")
    def _compute_exclusive_warning(self):
        for order in self:
            order.exclusive_warning = "\n".join(order._get_exclusive_reasons())

    def _get_exclusive_reasons(self):
        """Return why lines are not for the customer, each reason once."""
        self.ensure_one()
        reasons = [line.exclusive_reason for line in self.order_line]
        return list(dict.fromkeys(filter(None, reasons)))

    def _get_exclusive_customer(self):
        """Return the contact whose tiers and segments count, empty for a guest."""
        self.ensure_one()
        return self.partner_id

    # === A manager's exception ===

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("sells_exclusive_anyway") for vals in vals_list):
            self._check_may_sell_anyway()
        return super().create(vals_list)

    def write(self, vals):
        if "sells_exclusive_anyway" in vals:
            self._check_may_sell_anyway()
        return super().write(vals)

    def _check_may_sell_anyway(self):
        """Refuse whoever is no loyalty manager.

        :raise AccessError: exclusive is what a manager made so
        """
        is_manager = self.env.user.has_group("loyalty_program.group_loyalty_manager")
        if not (self.env.su or is_manager):
            raise AccessError(
                self.env._(
                    "Only a loyalty manager lets somebody buy what is for others only."
                )
            )

    def action_sell_exclusive_anyway(self):
        """Let this customer buy it; the chatter says who allowed it."""
        self.sells_exclusive_anyway = True

    # === Confirmation ===

    def _confirmation_error_message(self):
        """Override of ``sale``: what is for others only is not sold by mistake."""
        if message := super()._confirmation_error_message():
            return message
        reasons = self._get_exclusive_reasons()
        if not reasons or self.sells_exclusive_anyway or self._is_paid_for():
            return False
        return self.env._(
            "%(customer)s may not buy everything on this order.\n%(reasons)s\n"
            "Take it off, or ask a loyalty manager to allow it on the order.",
            customer=self.partner_id.display_name,
            reasons="\n".join(reasons),
        )

    def _is_paid_for(self):
        """Tell whether money came already: such an order is kept, whatever it holds."""
        self.ensure_one()
        # sudo: salespeople do not read transactions.
        states = self.sudo().transaction_ids.mapped("state")
        return any(state in PAID_STATES for state in states)

    def _has_to_be_signed(self):
        """Override of ``sale``: nobody signs what they may not buy."""
        return super()._has_to_be_signed() and not self._is_refused()

    def _has_to_be_paid(self):
        """Override of ``sale``: nobody pays for what they may not buy."""
        return super()._has_to_be_paid() and not self._is_refused()

    def _is_refused(self):
        """Tell whether the quotation could not be confirmed as it stands."""
        return not self.sells_exclusive_anyway and bool(self._get_exclusive_reasons())

    def action_confirm(self):
        """Override of ``sale``: who sold tells whom what was paid but not allowed."""
        told = [
            (order, reasons)
            for order in self
            if order.state in ("draft", "sent")
            and not order.sells_exclusive_anyway
            and (reasons := order._get_exclusive_reasons())
        ]
        result = super().action_confirm()
        for order, reasons in told:
            order._tell_about_exclusive(reasons)
        return result

    def _tell_about_exclusive(self, reasons):
        """Tell that the money came, so that the order was kept."""
        self._tell_seller(
            self.env._("Sold to a customer whom it is not for"),
            self.env._(
                "The order was paid, so it was confirmed. %(reasons)s",
                reasons=" ".join(reasons),
            ),
        )

    def _tell_seller(self, summary, note):
        """Leave a note on the order, and an activity for who sells, if anybody does."""
        self.ensure_one()
        # sudo: customers confirm by paying, the note is for who sells.
        order = self.sudo()
        order.message_post(body=note, subtype_xmlid="mail.mt_note")
        seller = order.user_id or order.team_id.user_id
        if seller:
            order.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=seller.id,
                summary=summary,
                note=note,
            )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    exclusive_reason = fields.Char(
        string="Not for this customer",
        compute="_compute_exclusive_reason",
    )

    @api.depends("product_id", "product_uom_qty", "state", "order_id.partner_id")
    @api.depends_context("lang")
    def _compute_exclusive_reason(self):
        self.exclusive_reason = False
        # All products at once, those of the lines that are not asked as well.
        if not any(self.product_id.product_tmpl_id.mapped("has_audience")):
            return
        asked = self.filtered(lambda line: line._is_exclusive_asked())
        for order, lines in asked.grouped("order_id").items():
            templates = lines.product_id.product_tmpl_id
            allowed = templates._filter_for(order._get_exclusive_customer())
            for line in lines:
                template = line.product_id.product_tmpl_id
                if template not in allowed:
                    line.exclusive_reason = template._explain_audience()

    def _is_exclusive_asked(self):
        """Tell whether the line sells something, in an order that is not sold yet."""
        self.ensure_one()
        return (
            self.product_id
            and self.state in ("draft", "sent")
            and not self.is_reward_line
            and self.product_uom_qty > 0
        )
