from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .loyalty_reward_ahead import archive_kind

KIND = "physical"


class LoyaltyReward(models.Model):
    """A thing that members get for points: handed over, or sent where there is stock.

    How many there are is the limit that every reward has.
    """

    _inherit = "loyalty.reward"

    reward_type = fields.Selection(
        selection_add=[(KIND, "Physical gift")],
        ondelete={KIND: archive_kind},
    )

    @api.model
    def _get_claim_kinds(self):
        return super()._get_claim_kinds() | {KIND}

    @api.constrains("reward_type", "reward_product_id", "reward_product_qty")
    def _check_physical(self):
        for reward in self.filtered(lambda own: own.reward_type == KIND):
            product = reward.reward_product_id
            if product.type != "consu":
                raise ValidationError(
                    self.env._(
                        "“%(reward)s” is a thing: choose a product that can be handed "
                        "over.",
                        reward=reward.description,
                    )
                )
            if reward.reward_product_qty < 1:
                raise ValidationError(
                    self.env._(
                        "“%(reward)s” gives one piece at least.",
                        reward=reward.description,
                    )
                )

    def _get_refusal_physical(self, _card, _points, _wish):
        # sudo: whether there is a product is told to every member.
        product = self.sudo().reward_product_id
        if not product.active:
            return self.env._(
                "“%(product)s” is not available any more. Your points stay.",
                product=product.name or self.description,
            )
        return None

    def _describe_gift(self):
        if self.reward_type != KIND:
            return super()._describe_gift()
        # sudo: the name of what is given is told to every member.
        product = self.sudo().reward_product_id
        return self.env._(
            "%(count)s × %(product)s",
            count=self.reward_product_qty,
            product=product.name,
        )


class LoyaltyRewardClaim(models.Model):
    """What is to be handed over, and what was."""

    _inherit = "loyalty.reward.claim"

    product_id = fields.Many2one(
        comodel_name="product.product",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    quantity = fields.Integer(readonly=True)
    may_hand_over = fields.Boolean(compute="_compute_may_hand_over")

    def _give_physical(self, _wish):
        # The reward may be another product one day: this one was promised.
        reward = self.reward_id
        self.write(
            {
                "state": "requested",
                "product_id": reward.reward_product_id.id,
                "quantity": reward.reward_product_qty,
            }
        )

    def _describe_given_physical(self):
        # sudo: the name of what is given is told to every member.
        return self.env._(
            "%(count)s × %(product)s",
            count=self.quantity,
            product=self.sudo().product_id.name,
        )

    @api.depends("kind", "state")
    def _compute_may_hand_over(self):
        for claim in self:
            claim.may_hand_over = claim._is_to_hand_over()

    def _is_to_hand_over(self):
        """Tell whether somebody has to hand it over. Override to: send it instead."""
        return self.kind == KIND and self.state == "requested"

    def action_hand_over(self):
        """Note that members got their things.

        :raise AccessError: no loyalty user
        :raise UserError: there is nothing to hand over
        """
        self.check_access("read")
        self.card_id._check_loyalty_user()
        # sudo: the rights were checked; claims are the suite's own to write.
        claims = self.sudo()
        claims.lock_for_update()
        claims.invalidate_recordset(["state"])
        for claim in claims:
            if not claim._is_to_hand_over():
                raise UserError(
                    self.env._(
                        "“%(claim)s” is not to be handed over: it was already, or is "
                        "void, or is sent.",
                        claim=claim.display_name,
                    )
                )
        claims.write({"state": "given"})
        text = self.env._("Handed over by %(name)s.", name=self.env.user.name)
        claims._message_log_batch(dict.fromkeys(claims.ids, text))
