from odoo import api, models

from ..till_call import till_call
from odoo.addons.loyalty_program.engine import shapes
from odoo.addons.loyalty_program.engine.rounding import is_number

CLAIM = shapes.facts(card_id=shapes.is_id, reward_id=shapes.is_id, times=is_number)


class PosOrder(models.Model):
    """Limits of rewards at the till: told before the payment, reported after it."""

    _inherit = "pos.order"

    @api.model
    @till_call(claims=shapes.list_of(CLAIM))
    def loyalty_check_claims(self, claims):
        """Return why one of the claims of an unpaid order cannot be, or False.

        :param list claims: dicts with ``card_id``, ``reward_id`` and ``times``, as the
            till counts them
        """
        self.check_access("create")
        for claim in claims:
            reward = self.env["loyalty.reward"].browse(claim["reward_id"])
            card = self.env["loyalty.card"].browse(claim["card_id"])
            # What another company gives away is not told.
            if not (
                reward.exists()._filtered_access("read")
                and card.exists()._filtered_access("read")
            ):
                continue
            # sudo: limits hold whoever sells; nothing but the reason leaves this.
            reward, card = reward.sudo(), card.sudo()
            held = max(int(claim["times"]) - 1, 0)
            if refusal := reward._get_limit_refusal(card, held):
                return refusal
        return False

    def _report_claim(self, lines, card, cost, excess):
        result = super()._report_claim(lines, card, cost, excess)
        reward = lines.reward_id
        day = reward.program_id._get_local_date(self.date_order)
        others = self.lines.reward_id.filtered(lambda other: other.id < reward.id)
        reason = reward._explain_day(day) or reward._explain_exclusion(others)
        if reason:
            self.message_post(
                body=self.env._(
                    "A reward was given that should not have been, and kept, for the "
                    "order was paid: %(reason)s",
                    reason=reason,
                )
            )
        return result
