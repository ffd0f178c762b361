from decimal import Decimal
from fractions import Fraction

from odoo import models

from ..engine.earning import subtract
from ..engine.rounding import to_decimal
from ..engine.values import ZERO, Earned

#: Orders whose deliveries are looked at before the transaction ends, on the cursor.
DELIVERED = "loyalty_program.delivered_orders"

#: Invoices whose money has arrived, as far as the shop is concerned.
PAID_STATES = ("paid", "in_payment")


class SaleOrder(models.Model):
    """When an order earns, and which of its money."""

    _inherit = "sale.order"

    # === Which money ===

    def _get_loyalty_silent_lines(self, program):
        """Return the lines that earn nothing under ``program``, whatever they cost."""
        silent = self._get_no_effect_on_threshold_lines()
        if program.earn_on_shipping:
            silent -= self._get_shipping_lines()
        return silent

    def _get_shipping_lines(self):
        if "is_delivery" not in self.order_line._fields:
            return self.order_line.browse()
        return self.order_line.filtered("is_delivery")

    def _get_loyalty_dues(self, program):
        """Return (money to pay, part of it that comes from gift cards and earns none).

        :return: two Decimals in the programme's currency
        """
        if program.earn_on_gift_cards:
            return ZERO, ZERO
        vouchers = self.order_line.filtered(
            lambda line: line.reward_id.program_id.is_payment_program
        )
        if not vouchers:
            return ZERO, ZERO
        paid = -sum(vouchers.mapped("price_total"))
        due = self.amount_total + paid
        return (
            self._to_program_currency(due, program),
            self._to_program_currency(paid, program),
        )

    # === When ===

    def _post_loyalty(self):
        """Override: what the programme says now holds for the order from now on."""
        # sudo: the points of the order are the system's own record.
        self.coupon_point_ids.sudo()._keep_earn_moment()
        return super()._post_loyalty()

    def _get_earn_moment(self, program):
        """Return when this order earns in ``program``: as it said at the time."""
        # sudo: see above.
        rows = self.coupon_point_ids.sudo()
        row = rows.filtered(lambda row: row.coupon_id.program_id == program)[:1]
        return row.earn_moment or program.earn_moment

    def _prepare_earn_postings(self, point, number):
        """Return the postings of what the order has earned by now, not posted yet.

        :param point: the points of one card on this order
        :param int number: see :meth:`_prepare_loyalty_postings`
        """
        program, moment = point.coupon_id.program_id, point._get_earn_moment()
        if program.ledger_policy != "strict" or moment == "confirmation":
            return [self._prepare_earn_posting(point, number)]
        if moment == "payment" and not self._is_rest_settled():
            return []
        if moment == "delivery" and not any(
            line.qty_delivered for line in self.order_line
        ):
            return []
        earned = self._evaluate_loyalty(program, moment == "delivery")
        steps = self._get_loyalty_steps(point.coupon_id)
        if steps and moment == "payment":
            return []
        earned = subtract(earned, [_read_step(entry) for entry in steps])
        key = f"{number}:{len(steps)}" if steps else number
        return [self._prepare_earn_posting(point, key, earned)]

    def _post_late_loyalty(self, moment):
        """Post what confirmed orders earn by being paid or delivered.

        :param str moment: ``payment`` or ``delivery``
        """
        # sudo: the ledger is closed to everybody but the service; what was paid or
        # delivered is a fact, whoever books it.
        orders = self.sudo().filtered(lambda order: order.state == "sale")
        points = orders.coupon_point_ids.filtered(
            lambda point: (
                point.coupon_id.program_id.ledger_policy == "strict"
                and point._get_earn_moment() == moment
                and point.coupon_id._may_earn()
            )
        )
        if not points:
            return
        postings = []
        for point in points:
            order = point.order_id
            postings += order._prepare_earn_postings(point, order.loyalty_round)
        # Where less is delivered than before, it is not for this to take points back.
        entries = orders.env["loyalty.ledger"]._post(
            [p for p in postings if p.points or p.base_amount > 0]
        )
        if moment == "payment":
            # What was credited before it was paid is not earned.
            ids = sorted(set(entries.mapped("origin_id")))
            orders.browse(ids)._sync_loyalty(refuse_debt=False)

    def _post_noted_deliveries(self):
        """Post what the deliveries of this transaction earn."""
        order_ids = self.env.cr.precommit.data.pop(DELIVERED, ())
        orders = self.browse(sorted(order_ids)).exists()
        orders._post_late_loyalty("delivery")
        orders._sync_delivered()

    def _sync_delivered(self):
        """Bring orders up to date that have earned, as their deliveries may fall.

        What came back from the customer is there already: nothing is refused.
        """
        # sudo: what was delivered is a fact, whoever books it.
        orders = self.sudo()
        earned = set(orders._get_loyalty_entries().mapped("origin_id"))
        orders.browse(sorted(earned))._sync_loyalty(refuse_debt=False)

    def _get_loyalty_steps(self, card, entry_type="earn"):
        """Return what this order earned for ``card`` before, and was not cancelled."""
        # sudo: the ledger's own trail decides, whoever confirms.
        ledger = self.env["loyalty.ledger.entry"].sudo()
        entries = ledger.search(
            [
                ("origin_model", "=", self._name),
                ("origin_id", "=", self.id),
                ("entry_type", "=", entry_type),
                ("member_card_id", "=", card.id),
            ],
            order="id",
        )
        reversals = ledger.search([("reverses_id", "in", entries.ids)])
        cancelled = reversals.filtered(
            lambda entry: (entry.breakdown or {}).get("cause") == "cancel"
        )
        return entries - cancelled.reverses_id

    def _takes_part_in(self, program):
        """Tell whether ``program`` was for this order, on the order's day."""
        self.ensure_one()
        day = program._get_local_date(self.date_order)
        # sudo: a branch earns in the programmes of its company, as Odoo has it.
        company = self.company_id.sudo()
        return (
            program.sale_ok
            and program.company_id in (company, company.parent_id, company.browse())
            and (
                not program.pricelist_ids or self.pricelist_id in program.pricelist_ids
            )
            and (not program.date_from or program.date_from <= day)
            and (not program.date_to or day <= program.date_to)
        )

    # === Paid ===

    def _is_loyalty_settled(self):
        """Tell whether the customer has paid for the whole order."""
        self.ensure_one()
        # sudo: payments and invoices are read to decide, not to show.
        order = self.sudo()
        if order._is_paid_online(whole=True):
            return True
        if order.invoice_status not in ("invoiced", "upselling"):
            return False
        return order._are_invoices_paid()

    def _is_rest_settled(self):
        """Tell whether the customer has paid for all that was not credited.

        Odoo wants to invoice again what was credited; nobody waits for that.
        """
        if self._is_loyalty_settled():
            return True
        # sudo: see above.
        lines = self.sudo().order_line.filtered(lambda line: not line.display_type)
        is_invoiced = all(
            line.product_uom_qty <= line._get_invoiced_quantity()
            for line in lines
            if not line.is_downpayment
        )
        # sudo: see above.
        return is_invoiced and self.sudo()._are_invoices_paid()

    def _are_invoices_paid(self):
        """Tell whether there are invoices, and all that count are paid."""
        invoices = self.invoice_ids.filtered(
            lambda move: (
                move.move_type == "out_invoice"
                and move.state != "cancel"
                and move.payment_state != "reversed"
            )
        )
        return bool(invoices) and all(
            move.state == "posted" and move.payment_state in PAID_STATES
            for move in invoices
        )

    def _is_paid_online(self, whole=False):
        """Tell whether the money that came online pays for the order.

        :param bool whole: for all of it; else, for as long as no invoice tells of more
        """
        # sudo: see above.
        order = self.sudo()
        done = order.transaction_ids.filtered(lambda tx: tx.state == "done")
        paid = sum(done.mapped("amount"))
        if order.currency_id.compare_amounts(order.amount_total, paid) <= 0:
            return True
        invoices = order.invoice_ids.filtered(lambda move: move.state == "posted")
        return not whole and paid > 0 and not invoices

    # === Delivered ===

    def _get_delivered_parts(self, lines):
        """Return {line: part of it that was delivered, 0 to 1}.

        Nobody delivers a discount or the delivery itself: they follow the goods, and
        the delivery is complete when all the goods are there.
        """
        follow = lines.filtered(lambda li: li.reward_id or li._is_discount_line())
        follow |= self._get_shipping_lines()
        parts = {line: _get_delivered_part(line) for line in lines - follow}
        complete = Fraction(all(part == 1 for part in parts.values()))
        return {**parts, **dict.fromkeys(follow, complete)}


def _get_delivered_part(line):
    """Return which part of the line was delivered; of a combo, of each of its items."""
    parts = []
    for item in line._get_lines_with_price():
        ordered = Fraction(to_decimal(item.product_uom_qty))
        if ordered:
            part = Fraction(to_decimal(item.qty_delivered)) / ordered
            parts.append(min(max(part, Fraction(0)), Fraction(1)))
    return min(parts, default=Fraction(1))


def _read_step(entry):
    """Return an earlier step as the engine sees it, before the member's limit."""
    facts = entry.breakdown or {}
    caps = [trace for trace in facts.get("caps", []) if trace["per"] != "order"]
    points = Decimal(caps[0]["before"]) if caps else to_decimal(entry.points)
    return Earned(points, to_decimal(entry.base_amount), facts)
