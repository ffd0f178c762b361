from odoo import fields, models


class LoyaltyMerge(models.Model):
    """What a merged member claimed goes with the points, and comes back with them."""

    _inherit = "loyalty.merge"

    claim_ids = fields.Many2many(
        comodel_name="loyalty.reward.claim",
        relation="loyalty_merge_claim_rel",
        column1="merge_id",
        column2="claim_id",
        string="Claims moved",
        readonly=True,
    )

    def _merge_card(self, card, kept):
        merge = super()._merge_card(card, kept)
        merge.claim_ids = card.claim_ids
        # Moments after a merge nobody repeats the click that asked for a reward.
        merge.claim_ids.write({"card_id": kept.id, "token": False})
        return merge

    def _split(self, partner):
        result = super()._split(partner)
        # sudo: the rights were checked; claims are the suite's own to write.
        merge = self.sudo()
        # What was handed on meanwhile, by another merge, is not this one's any more.
        merge.claim_ids.filtered(
            lambda claim: claim.card_id == merge.target_card_id
        ).card_id = merge.source_card_id
        return result
