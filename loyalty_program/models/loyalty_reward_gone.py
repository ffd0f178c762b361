from odoo import models

from .loyalty_card_coupon_state import USABLE_STATES


class LoyaltyReward(models.Model):
    """A reward whose product is archived gives nothing, and takes no points."""

    _inherit = "loyalty.reward"

    def _get_limit_refusal(self, card, held=0):
        # sudo: what is not there is there for nobody, whoever serves the member.
        refusal = self.sudo()._explain_gone()
        return refusal or super()._get_limit_refusal(card, held)

    def _explain_gone(self, product=None):
        """Return why there is nothing to give any more, or None.

        :param product: the one of several that was chosen
        """
        self.ensure_one()
        if self.reward_type != "product":
            return None
        # An archived product is not among those of a reward, or not any more.
        if any((product or self.reward_product_ids).mapped("active")):
            return None
        return self.env._(
            "“%(reward)s” is not available any more. No points are taken.",
            reward=product.display_name if product else self.description,
        )


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _explain_unusable(self):
        """Override: nor can a coupon be used for what is not there any more."""
        if reason := super()._explain_unusable():
            return reason
        if self.coupon_state not in USABLE_STATES:
            return None
        # sudo: what the coupon promises decides, whoever holds it out.
        reasons = [
            reward._explain_gone() for reward in self.sudo().program_id.reward_ids
        ]
        if not reasons or not all(reasons):
            return None
        return self.env._(
            "What this coupon gives is not available any more. Please ask us."
        )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _apply_program_reward(self, reward, coupon, **kwargs):
        """Override: of several products give one that is there."""
        if reward.reward_type == "product":
            # sudo: see above.
            reward_sudo, product = reward.sudo(), kwargs.get("product")
            if product and (refusal := reward_sudo._explain_gone(product)):
                return {"error": refusal}
            there = reward_sudo.reward_product_ids.filtered("active")
            if not product and there:
                kwargs["product"] = there[:1].with_env(reward.env)
        return super()._apply_program_reward(reward, coupon, **kwargs)
