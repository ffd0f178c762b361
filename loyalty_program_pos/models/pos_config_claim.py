from odoo import api, models
from odoo.exceptions import UserError


class LoyaltyReward(models.Model):
    """Rewards of the catalogue at the till: claimed by a button, never a line."""

    _inherit = "loyalty.reward"

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + ["is_claimed_ahead"]

    def _get_claim_limit(self, lines):
        """Override: a line of such a reward gives nothing, whatever a till says."""
        limit = super()._get_claim_limit(lines)
        return 0 * limit if self.is_claimed_ahead and limit else limit


class PosConfig(models.Model):
    """A member claims a reward of the catalogue at this till."""

    _inherit = "pos.config"

    def loyalty_claim_reward(self, card_id, reward_id, token, points=None):
        """Claim a reward with a member's points.

        :param int card_id: the member's card of a strict programme of this till
        :param int reward_id: a reward of the catalogue
        :param str token: names the click: the same click makes the same claim
        :param points: how many, where the member chooses
        :return: what the cashier tells the customer, and the card as the till loads it
        :raise UserError: says why not; nothing is taken then
        :raise AccessError: no till user, or no open register
        """
        # sudo: till users may not write cards. Register and programme are checked by
        # the next call, the card by its programme, all else by the claim itself.
        card = self.env["loyalty.card"].sudo().browse(card_id).exists()
        self._get_joinable_program(card.program_id.id)
        if card.member_state != "joined":
            raise UserError(self.env._("This customer is no member of the programme."))
        card.partner_id.sudo(False).check_access("read")
        reward = card.program_id.reward_ids.filtered(lambda own: own.id == reward_id)
        claim = card._claim_reward(reward, "pos", token=str(token), points=points)
        return {
            "claim": {
                "reward": claim.reward_id.description,
                "given": claim._describe_given(),
                "state": claim.state,
            },
            "loyalty.card": self.env["loyalty.card"]._load_pos_data_read(
                card.sudo(False), self
            ),
        }


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _report_claim(self, lines, card, cost, excess):
        result = super()._report_claim(lines, card, cost, excess)
        reward = lines.reward_id
        if reward.is_claimed_ahead:
            self.message_post(
                body=self.env._(
                    "A line of the order says that it is a reward, and was kept, for "
                    "the order was paid: %(reason)s Please check.",
                    reason=reward._explain_claimed_ahead(),
                )
            )
        return result
