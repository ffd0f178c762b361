from odoo import models


class PosOrder(models.Model):
    """Memberships sold at the till begin at once and end when they are returned."""

    _inherit = "pos.order"

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        # sudo: a membership follows what was paid, whoever stands at the till.
        self.sudo()._follow_paid_memberships()
        return result

    def _follow_paid_memberships(self):
        terms = self.env["loyalty.paid.membership"]
        for line in self.lines.filtered("product_id.loyalty_tier_id"):
            if line.refunded_orderline_id:
                terms._return_at_till(line)
            elif line.qty >= 1:
                terms._begin(
                    line,
                    line.product_id,
                    int(line.qty),
                    {
                        "partner": line.order_id.partner_id,
                        "document": line.order_id,
                        "moment": line.order_id.date_order,
                    },
                )


class LoyaltyPaidMembership(models.Model):
    _inherit = "loyalty.paid.membership"

    def _return_at_till(self, line):
        """End the terms that a refund gives the money back for.

        The money is out of the drawer already: a membership that was used is ended all
        the same, and the managers are told.
        """
        sold = line.refunded_orderline_id
        terms = self.search(
            [
                ("origin_model", "=", sold.order_id._name),
                ("origin_line_id", "=", sold.id),
                ("state", "in", ("waiting", "active")),
            ],
            order="starts_on desc, id desc",
        )[: int(-line.qty)]
        for term in terms.filtered(lambda term: term._has_begun()):
            if uses := term._get_uses():
                line.order_id.message_post(
                    body=self.env._(
                        "The membership of %(name)s was refunded although it was used: "
                        "%(uses)s.",
                        name=term.partner_id.display_name,
                        uses=", ".join(uses),
                    )
                )
        terms._cancel()

    def _get_uses(self):
        uses = super()._get_uses()
        if orders := self._get_discounted_documents("pos.order.line"):
            uses.append(
                self.env._(
                    "percentage off at the till %(orders)s", orders=", ".join(orders)
                )
            )
        if orders := self._get_priced_documents("pos.order"):
            uses.append(
                self.env._(
                    "members' prices at the till %(orders)s", orders=", ".join(orders)
                )
            )
        return uses
