from odoo import models

from ..till_call import till_call
from odoo.addons.loyalty_program.engine import shapes


class PosConfig(models.Model):
    """Coupons at the till: turn points into one, and say why one cannot be used."""

    _inherit = "pos.config"

    @till_call(card_id=shapes.is_id, reward_id=shapes.is_id, token=shapes.is_token)
    def loyalty_issue_coupon(self, card_id, reward_id, token):
        """Turn a member's points into a coupon at this till.

        :param int card_id: the member's card of a strict programme of this till
        :param int reward_id: a reward that is issued as a coupon
        :param str token: names the click: the same click gives the same coupon
        :return: what the cashier shows the customer, and the card as the till loads it
        :raise UserError: says why not; nothing is taken then
        :raise AccessError: no till user, or no open register
        """
        card = self._get_served_card(card_id)
        reward = card.program_id.reward_ids.filtered(lambda own: own.id == reward_id)
        coupon = card._issue_coupon(reward, "pos", token=token)
        return {
            "coupon": {
                "code": coupon.code,
                "svg": coupon.code_svg,
                "reward": reward.description,
                "until": coupon.expiration_date,
            },
            "loyalty.card": self._load_served_card(card),
        }

    def _explain_coupon(self, code, partner_id):
        """Return what is wrong with a coupon that is known but of no use, or None."""
        # sudo: the state of a coupon that the customer holds out decides.
        card = self.env["loyalty.card"].sudo().search([("code", "=", code)])
        if not card.coupon_state:
            return None
        partner = self.env["res.partner"].browse(partner_id or [])
        if not card._may_be_used_by(partner):
            return self.env._("This coupon belongs to another customer.")
        return card._explain_unusable()
