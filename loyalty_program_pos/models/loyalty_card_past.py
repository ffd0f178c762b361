from odoo import models
from odoo.fields import Domain

#: States of a till order that was paid.
SOLD = ("paid", "done")


class LoyaltyCard(models.Model):
    """What a member bought at the till before joining."""

    _inherit = "loyalty.card"

    def _credit_past_purchases(self, since):
        entries = super()._credit_past_purchases(since)
        sold = entries.filtered(lambda entry: entry.origin_model == "pos.order")
        orders = self.env["pos.order"].browse(sold.mapped("origin_id"))
        # What came back since takes its points along, as it does at the till.
        for refund in orders.lines.refund_orderline_ids.order_id.sorted("date_order"):
            if refund.state in SOLD:
                refund._post_loyalty()
        return entries

    def _prepare_past_postings(self, since):
        postings = super()._prepare_past_postings(since)
        for order in self._get_past_till_orders(since):
            postings += [
                posting
                for posting in order._prepare_loyalty_postings(self.program_id, self)
                if posting.entry_type == "earn"
            ]
        return postings

    def _get_past_till_orders(self, since):
        """Return the paid till orders before joining that earned nothing here."""
        orders = self.env["pos.order"].search(
            Domain.AND(
                [
                    [("partner_id", "=", self.partner_id.id), ("state", "in", SOLD)],
                    self._get_past_span(since),
                ]
            ),
            order="date_order, id",
        )
        entries = self.env["loyalty.ledger.entry"].search(
            [
                ("origin_model", "=", "pos.order"),
                ("origin_id", "in", orders.ids),
                ("member_card_id", "=", self.id),
                ("entry_type", "=", "earn"),
            ]
        )
        known = set(entries.mapped("origin_id"))
        return orders.filtered(
            lambda order: (
                order.id not in known
                and not order.lines.refunded_orderline_id
                and self.program_id in order._get_strict_programs()
            )
        )
