from fractions import Fraction

from odoo import models


class AccountMove(models.Model):
    """Credit notes that name no line of an order.

    A credit note made from an invoice belongs to the orders of that invoice, whatever
    its lines are: what they give back is a price reduction. One that names neither
    takes nothing back, and says so.
    """

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        if self.env["loyalty.program"]._has_strict():
            for move in posted.filtered(lambda move: move.move_type == "out_refund"):
                # sudo: see _get_loyalty_orders.
                if not move.sudo()._names_a_sale():
                    move._tell_no_points_back()
        return posted

    def _get_loyalty_orders(self):
        """Return the sales orders behind the documents, or behind what they credit.

        To be called in sudo: an accountant need not be allowed to read sales orders.
        """
        notes = self.filtered(lambda move: move.move_type == "out_refund")
        # One way each: what is united first is read for every document by itself.
        credited = notes.with_prefetch(self._prefetch_ids).reversed_entry_id
        return (
            self.line_ids.sale_line_ids.order_id
            | credited.line_ids.sale_line_ids.order_id
        )

    def _names_a_sale(self):
        """Tell whether the points of a sale follow this credit note.

        Override to: name other sales than sales orders.
        """
        self.ensure_one()
        return bool(self._get_loyalty_orders())

    def _tell_no_points_back(self):
        """Write on the credit note of a member that it took no points back."""
        partners = self.partner_id | self.commercial_partner_id
        # sudo: that the customer is a member is a fact of the sale, whoever books it.
        cards = self.env["loyalty.card"].sudo()
        domain = [
            ("partner_id", "in", partners.ids),
            ("program_id.ledger_policy", "=", "strict"),
            ("program_id.company_id", "in", [False, self.company_id.id]),
            ("member_state", "=", "joined"),
        ]
        if card := cards.search(domain, limit=1):
            self.message_post(
                body=self._explain_no_points_back(card.partner_id.display_name)
            )

    def _explain_no_points_back(self, member):
        """Return why no points follow. Override to: tell of other sales.

        :param str member: whose points they are
        """
        return self.env._(
            "This credit note names neither an order nor its invoice: no points of "
            "%(member)s were taken back. If it is for goods that earned points, "
            "credit their invoice, or correct the points.",
            member=member,
        )

    # === Price reductions ===

    def _get_loose_total(self):
        """Return the money that a credit note gives back beside the orders' lines."""
        self.ensure_one()
        value = self.env["loyalty.program"]._find_points_value_product()
        loose = self.invoice_line_ids.filtered(
            lambda line: (
                line.display_type == "product"
                and not line.sale_line_ids
                and line.product_id != value
            )
        )
        return sum(loose.mapped("price_total"))

    def _get_order_part(self, order):
        """Return which part of an invoice is for ``order``, by its money, 0 to 1."""
        self.ensure_one()
        lines = self.invoice_line_ids.filtered("sale_line_ids")
        own = lines.filtered(lambda line: order in line.sale_line_ids.order_id)
        total = sum(lines.mapped("price_total"))
        return sum(own.mapped("price_total")) / total if total else 0.0


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_loose_credits(self, scope):
        loose = super()._get_loose_credits(scope)
        invoices = self.order_line.invoice_lines.move_id.filtered(
            lambda move: move.move_type == "out_invoice"
        )
        notes = (invoices.reversal_move_ids | scope.moves).filtered(
            lambda move: (
                move.move_type == "out_refund"
                and move.reversed_entry_id in invoices
                and (move.state == "posted" or move in scope.moves)
                and move.id not in scope.settled
            )
        )
        for note in notes:
            if not (total := note._get_loose_total()):
                continue
            money = note.currency_id._convert(
                total * note.reversed_entry_id._get_order_part(self),
                self.currency_id,
                self.company_id,
                note._get_coming_date(),
            )
            loose += Fraction(self._to_program_currency(money, scope.program))
        return max(loose, Fraction(0))

    def _get_settling_moves(self):
        """Override: credit notes of the invoices belong to the order as well."""
        return {
            order_id: [
                *ids,
                *self.env["account.move"].browse(ids).reversal_move_ids.ids,
            ]
            for order_id, ids in super()._get_settling_moves().items()
        }
