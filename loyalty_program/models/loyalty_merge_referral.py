from odoo import api, fields, models

#: Of two referrals of one person, that which got further stays.
PROGRESS = {"rewarded": 0, "bought": 1}


class LoyaltyMerge(models.Model):
    """Merged contacts: the member's friends stay, the friend was brought once."""

    _inherit = "loyalty.merge"

    referral_ids = fields.Many2many(
        comodel_name="loyalty.referral",
        relation="loyalty_merge_referral_rel",
        column1="merge_id",
        column2="referral_id",
        string="Referrals moved",
        readonly=True,
    )

    @api.model
    def _merge_contacts(self, sources, target):
        """Settle first who brought the merged contacts.

        A friend is unique in a programme: what Odoo cannot move it would delete.
        """
        # sudo: the merge concerns every referral of the contacts, whoever merges.
        referrals = self.env["loyalty.referral"].sudo()
        friends = referrals.search([("friend_id", "in", (sources | target).ids)])
        for same in friends.grouped("program_id").values():
            if len(same) > 1:
                same._keep_one_friend()
        return super()._merge_contacts(sources, target)

    def _merge_card(self, card, kept):
        merge = super()._merge_card(card, kept)
        merge.referral_ids = self.env["loyalty.referral"].search(
            [("card_id", "=", card.id)]
        )
        merge.referral_ids.card_id = kept
        merge.referral_ids[:1]._count()
        return merge

    def _split(self, partner):
        result = super()._split(partner)
        # sudo: the rights were checked; whoever brought a friend has the friend again.
        merge = self.sudo()
        source, target = merge.source_card_id, merge.target_card_id
        # What was handed on meanwhile, by another merge, is not this one's any more.
        referrals = merge.referral_ids.filtered(lambda own: own.card_id == target)
        if referrals:
            referrals.card_id = source
            referrals._count_friends(source | target)
        return result


class LoyaltyReferral(models.Model):
    _inherit = "loyalty.referral"

    def _keep_one_friend(self):
        """Let one of these stand for a friend who turned out to be one person.

        The others count no more. What was given for them stays until their order
        comes back; taking it away at once is a decision, and not one of a merge.
        """
        self._lock()
        kept, *others = self.sorted(
            lambda one: (PROGRESS.get(one.state, 2), not one.origin_id, one.id)
        )
        for lost in others:
            lost._lose_friend(kept)

    def _lose_friend(self, kept):
        text = self.env._(
            "The friend's contacts were merged: this is the person of “%(name)s”.",
            name=kept.display_name,
        )
        values = {"friend_id": False}
        if self.state not in ("rewarded", "rejected"):
            values |= {
                "state": "rejected",
                "is_cleared": False,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
                "decision": text,
            }
        self.write(values)
        self._message_log(body=text)
