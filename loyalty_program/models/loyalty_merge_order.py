from odoo import models


class LoyaltyMerge(models.Model):
    """Quotations and carts of a merged member go on with the card that stays."""

    _inherit = "loyalty.merge"

    def _merge_card(self, card, kept):
        merge = super()._merge_card(card, kept)
        merge._hand_quotations_on()
        return merge

    def _hand_quotations_on(self):
        """Let open orders earn and spend with the card that stays.

        A confirmed one keeps what it posted; what changes later follows the points.
        """
        source, target = self.source_card_id, self.target_card_id
        points = self.env["sale.order.coupon.points"].search(
            [("coupon_id", "=", source.id), ("order_id.state", "!=", "sale")]
        )
        for point in points:
            if target in point.order_id.coupon_point_ids.coupon_id:
                # An order has one row a card; what it earns is computed anew.
                point.unlink()
            else:
                point.coupon_id = target
        self.env["sale.order.line"].search(
            [("coupon_id", "=", source.id), ("order_id.state", "!=", "sale")]
        ).coupon_id = target
        orders = self.env["sale.order"].search(
            [("applied_coupon_ids", "in", source.ids), ("state", "!=", "sale")]
        )
        for order in orders:
            order.applied_coupon_ids += target - source
            order.applied_coupon_ids -= source
