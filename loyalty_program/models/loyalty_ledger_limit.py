from odoo import api, models
from odoo.exceptions import UserError


class LoyaltyLedger(models.AbstractModel):
    """Limits of rewards hold where points are taken: in every channel."""

    _inherit = "loyalty.ledger"

    @api.model
    def _post(self, postings, allow_debt=True, notify=True):
        """Override: a claim beyond a limit is refused; one that is paid for is kept.

        :raise UserError: a limit is reached and ``allow_debt`` is off
        """
        postings = list(postings)
        entries = super()._post(postings, allow_debt=allow_debt, notify=notify)
        if limited := self._get_limited(postings):
            for entry in entries.filtered(lambda entry: entry.key in limited):
                self._hold_limits(entry, limited[entry.key], refuse=not allow_debt)
        if any(posting.entry_type == "redeem_reversal" for posting in postings):
            self._follow_undone(
                entries.filtered(lambda entry: entry.entry_type == "redeem_reversal")
            )
        return entries

    def _get_limited(self, postings):
        """Return {key: reward} of the claims whose rewards are limited."""
        rewards = {
            posting.key: self.env["loyalty.reward"].browse(
                posting.breakdown["reward_id"]
            )
            for posting in postings
            if posting.entry_type == "redeem"
            and not posting.reverses_id
            and posting.breakdown.get("reward_id")
        }
        return {
            key: reward
            for key, reward in rewards.items()
            if reward.limit_total or reward.limit_member
        }

    def _hold_limits(self, entry, reward, refuse):
        """Take what the claim takes of its reward, or say that it is too much."""
        refusal = None
        room = reward._get_member_room(entry.member_card_id)
        if room is not None and room < 0:
            refusal = reward._explain_member_limit()
        if reward.limit_total and not (refusal and refuse):
            wanted = entry.breakdown.get("times", 1)
            slots = self.env["loyalty.reward.slot"]
            if slots._take(reward, entry, wanted) < wanted:
                refusal = self._explain_no_slot(reward)
        if refusal and refuse:
            raise UserError(refusal)
        if refusal:
            self._report_beyond_limit(entry, refusal)

    def _explain_no_slot(self, reward):
        if reward.limit_left:
            return self.env._(
                "The last of “%(reward)s” are being claimed at this moment. Please try "
                "again.",
                reward=reward.description,
            )
        return reward._explain_sold_out()

    def _report_beyond_limit(self, entry, reason):
        """Tell on the document that a claim was kept for it was paid for."""
        document = self.env[entry.origin_model].browse(entry.origin_id).exists()
        document.message_post(
            body=self.env._(
                "A reward was given beyond its limit and kept, for it was paid: "
                "%(reason)s",
                reason=reason,
            )
        )

    def _follow_undone(self, reversals):
        """Free what wholly undone claims had taken; take it anew if they hold again."""
        if not reversals:
            return
        own = reversals.reverses_id
        roots = own.filtered(lambda entry: not entry.reverses_id) | own.reverses_id
        rewards = {
            root: self.env["loyalty.reward"]
            .browse((root.breakdown or {}).get("reward_id"))
            .exists()
            for root in roots
        }
        roots = roots.filtered(lambda root: rewards[root].limit_total)
        slots = self.env["loyalty.reward.slot"]
        for root, (points, _base, _family) in self._get_undone(roots).items():
            if float(points) <= root.points:
                slots._free(root)
            elif not slots.search_count([("entry_id", "=", root.id)], limit=1):
                wanted = (root.breakdown or {}).get("times", 1)
                slots._take(rewards[root], root, wanted)
