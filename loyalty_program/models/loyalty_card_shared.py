from odoo import api, models


class LoyaltyCard(models.Model):
    """The card that all orders of a tier's promotion share has no balance.

    Each order gives it the one point that the same order takes. Stock would write both
    on the card, and make every order of every member wait for one row.
    """

    _inherit = "loyalty.card"

    def _get_shared(self):
        """Return those of the cards that stand for every order of a promotion."""
        programs = set(self.env["loyalty.program"]._get_tier_discount_ids())
        if not programs:
            return self.browse()
        # sudo: the programme of a card decides, whoever sells.
        return self.filtered(lambda card: card.sudo().program_id.id in programs)

    def write(self, vals):
        shared = self._get_shared() if "points" in vals else self.browse()
        if not shared:
            return super().write(vals)
        rest = {name: value for name, value in vals.items() if name != "points"}
        if rest:
            super(LoyaltyCard, shared).write(rest)
        if others := self - shared:
            super(LoyaltyCard, others).write(vals)
        return True

    def unlink(self):
        # Stock deletes what an order did not use; this card is not the order's own.
        return super(LoyaltyCard, self - self._get_shared()).unlink()


class LoyaltyHistory(models.Model):
    _inherit = "loyalty.history"

    @api.model_create_multi
    def create(self, vals_list):
        """Keep no notes about a card without a balance: they would say one and one."""
        named = [vals["card_id"] for vals in vals_list if vals.get("card_id")]
        shared = set(self.env["loyalty.card"].browse(named)._get_shared().ids)
        return super().create(
            [vals for vals in vals_list if vals.get("card_id") not in shared]
        )
