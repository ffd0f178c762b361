from odoo import models


class PosOrder(models.Model):
    """Two tills, one gift card or eWallet: both sales are paid, somebody is told."""

    _inherit = "pos.order"

    def confirm_coupon_programs(self, coupon_data):
        self._check_at_till()
        for values in coupon_data.values():
            if values.get("code"):
                # A card that is sold under its printed code is that very card.
                stored = self.env["loyalty.card"]._read_code(values["code"])
                values["code"] = stored or values["code"]
        result = super().confirm_coupon_programs(coupon_data)
        charged = {
            int(card_id)
            for card_id, values in coupon_data.items()
            if int(card_id) > 0 and values.get("points", 0) < 0
        }
        # sudo: what the card holds is a fact of the sale, whoever sells.
        cards = self.env["loyalty.card"].sudo().browse(charged).exists()
        for card in cards.filtered("program_id.is_payment_program"):
            if card.currency_id.compare_amounts(card.points, 0) < 0:
                self._report_overdrawn(card)
        return result

    def _report_overdrawn(self, card):
        """Tell on the order that the card was charged more than it held."""
        amount = card.currency_id.format(-card.points)
        if card.program_type == "ewallet":
            body = self.env._(
                "The eWallet of %(customer)s was charged more than it held: "
                "it was used somewhere else meanwhile. %(amount)s are missing.",
                customer=card.partner_id.display_name or card.code,
                amount=amount,
            )
        else:
            body = self.env._(
                "Gift card %(code)s was charged more than it held: "
                "it was used somewhere else meanwhile. %(amount)s are missing.",
                code=card.code,
                amount=amount,
            )
        self.message_post(body=body)
