from odoo import api, models


class SaleOrder(models.Model):
    """A quotation that comes to nothing leaves no empty card behind."""

    _inherit = "sale.order"

    def _action_cancel(self):
        cards = self.filtered(lambda order: order.state != "sale")._get_made_cards()
        result = super()._action_cancel()
        cards._unlink_unused()
        return result

    def unlink(self):
        cards = self._get_made_cards()
        result = super().unlink()
        cards._unlink_unused()
        return result

    def _get_made_cards(self):
        """Return the cards of customers that Odoo made for these quotations."""
        # sudo: the cards are looked at by their use alone, whoever cancels.
        points = self.coupon_point_ids.sudo()
        return points.coupon_id.filtered(
            lambda card: card.order_id in self and card.program_id.is_nominative
        )


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _unlink_unused(self):
        """Delete those of the cards that nothing and nobody ever used."""
        cards = self.exists().filtered(
            lambda card: not card.points and not card.history_ids and not card.use_count
        )
        for model, name in self._get_uses() if cards else ():
            # sudo: a use is a use, whoever may see it.
            uses = self.env[model].sudo()
            cards -= uses.search([(name, "in", cards.ids)]).mapped(name)
        cards.filtered(lambda card: card.member_state == "none").unlink()

    @api.model
    def _get_uses(self):
        """Return (model, field) of what keeps a card. Override to: name more."""
        return [
            ("loyalty.ledger.entry", "card_id"),
            ("loyalty.ledger.entry", "member_card_id"),
            ("sale.order.coupon.points", "coupon_id"),
            ("sale.order", "applied_coupon_ids"),
            ("loyalty.card", "account_id"),
        ]
