from odoo import fields, models


class SaleOrder(models.Model):
    """The rates of the day of the order hold for all that becomes of it."""

    _inherit = "sale.order"

    loyalty_rates = fields.Json(
        help="The date of the order when it was confirmed, and what one unit of its "
        "currency was worth then in each currency of a programme: returns are "
        "measured with it, whatever rates are entered afterwards.",
        readonly=True,
        copy=False,
    )

    def _post_loyalty(self):
        """Keep the rates with which was posted."""
        result = super()._post_loyalty()
        for order in self:
            if rates := order._get_rates_of_day():
                order.loyalty_rates = {"date": order._name_date(), "rates": rates}
        return result

    def _cancel_loyalty(self, settled):
        result = super()._cancel_loyalty(settled)
        self.filtered("loyalty_rates").loyalty_rates = False
        return result

    def _get_rates_of_day(self):
        """Return {id of a programme's currency: rate}, without the order's own."""
        # sudo: the points of the order are the system's own record.
        order = self.sudo()
        cards = order.coupon_point_ids.coupon_id | order.order_line.coupon_id
        strict = cards.program_id.filtered(lambda p: p.ledger_policy == "strict")
        return {
            str(currency.id): currency._get_conversion_rate(
                order.currency_id,
                currency,
                order.company_id,
                order._get_loyalty_day(),
            )
            for currency in strict.currency_id - order.currency_id
        }

    def _name_date(self):
        return fields.Datetime.to_string(self.date_order)

    def _convert_for(self, program, amount):
        known = self.loyalty_rates
        # Another date of the order means other rates.
        if known and self.state == "sale" and known["date"] == self._name_date():
            rate = known["rates"].get(str(program.currency_id.id))
            if rate:
                return program.currency_id.round(amount * rate)
        return super()._convert_for(program, amount)
