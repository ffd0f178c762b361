from odoo import fields, models
from odoo.fields import Domain


class LoyaltyMerge(models.Model):
    """The coupons of a merged member go with the points, and come back with them."""

    _inherit = "loyalty.merge"

    coupon_ids = fields.Many2many(
        comodel_name="loyalty.card",
        relation="loyalty_merge_coupon_rel",
        column1="merge_id",
        column2="coupon_id",
        string="Coupons moved",
        readonly=True,
    )

    def _merge_card(self, card, kept):
        merge = super()._merge_card(card, kept)
        merge._take_coupons()
        return merge

    def _take_coupons(self):
        """Give the coupons of the merged card, and of its contact, to who stays."""
        source, target = self.source_card_id, self.target_card_id
        own = Domain("source_card_id", "=", source.id)
        if source.partner_id != target.partner_id:
            own |= (
                Domain("source_card_id", "=", False)
                & Domain("program_id.program_type", "=", "coupons")
                & Domain("partner_id", "=", source.partner_id.id)
            )
        cards = self.env["loyalty.card"].with_context(active_test=False)
        self.coupon_ids = coupons = cards.search(own)
        self._hand_on(coupons, source, target, target.partner_id)

    def _hand_on(self, coupons, giver, taker, partner):
        """Make coupons another member's. What was for anybody stays so."""
        owners = giver.partner_id
        # Moments after a merge nobody repeats the click that asked for a coupon.
        coupons.filtered("source_card_id").write(
            {"source_card_id": taker.id, "source_token": False}
        )
        coupons.filtered(lambda coupon: coupon.partner_id in owners).write(
            {"partner_id": partner.id}
        )

    def _split(self, partner):
        result = super()._split(partner)
        # sudo: the rights were checked; coupons are the suite's own to write.
        merge = self.sudo()
        source, target = merge.source_card_id, merge.target_card_id
        # What was handed on meanwhile, by another merge, is not this one's any more.
        coupons = merge.coupon_ids.filtered(
            lambda coupon: (
                coupon.source_card_id == target
                if coupon.source_card_id
                else coupon.partner_id == target.partner_id
            )
        )
        merge._hand_on(coupons, target, source, partner)
        return result
