from odoo import api, fields, models, tools
from odoo.exceptions import UserError


class LoyaltyProgram(models.Model):
    """The promotion behind a tier's percentage: the suite's own, not for hands."""

    _inherit = "loyalty.program"

    is_tier_discount = fields.Boolean(
        string="Benefit of a tier",
        help="The suite keeps this promotion in step with the benefit of a tier.",
        readonly=True,
        copy=False,
    )
    shared_card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Card of all its orders",
        help="One card without a balance stands for every order, so that no order "
        "leaves a card of its own behind.",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(vals_list)
        if any("is_tier_discount" in vals for vals in vals_list):
            programs._check_hands_off()
            self.env.registry.clear_cache()
        return programs

    def write(self, vals):
        self._check_hands_off()
        result = super().write(vals)
        self._check_hands_off()
        if "is_tier_discount" in vals:
            self.env.registry.clear_cache()
        if {"active", *self._get_tier_discount_scope_fields()} & vals.keys():
            self.tier_ids._get_all_benefits()._sync_discounts()
        return result

    def unlink(self):
        # What cascades in the database passes no method.
        self.tier_ids._get_all_benefits().unlink()
        self.tier_ids._check_unnamed()
        own = self.filtered("is_tier_discount")
        result = super().unlink()
        if own:
            self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_tier_discount(self):
        self._check_hands_off()

    def _check_hands_off(self):
        """Refuse that a person edits what the suite keeps in step.

        :raise UserError: in favour of the benefit, where it is edited
        """
        if self.env.su:
            return
        for program in self.filtered("is_tier_discount"):
            raise UserError(
                self.env._(
                    "“%(name)s” belongs to a tier. Change the benefit of the tier "
                    "instead.",
                    name=program.name,
                )
            )

    @api.model
    @tools.ormcache()
    def _get_tier_discount_ids(self):
        """Return the ids of the promotions behind tiers, archived ones too.

        Every order asks: a shop whose tiers give no percentage pays nothing for it.
        """
        self.flush_model(["is_tier_discount"])
        # sudo: which promotions are the suite's own is no secret.
        programs = self.sudo().with_context(active_test=False)
        return tuple(programs.search([("is_tier_discount", "=", True)]).ids)

    @api.model
    def _get_tier_discount_scope_fields(self):
        """Return the settings that a tier's promotion takes from its programme.

        Override to: name those of another channel.
        """
        return [
            "company_id",
            "currency_id",
            "date_from",
            "date_to",
            "pricelist_ids",
            "sale_ok",
        ]

    def _get_tier_discount_scope(self):
        """Return where and when the programme runs, as values to write."""
        return {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in self._get_tier_discount_scope_fields()
        }

    def _make_shared_card(self):
        """Return the one card that all orders of this promotion use."""
        cards = self.env["loyalty.card"].with_context(
            loyalty_no_mail=True, tracking_disable=True
        )
        return cards.create({"program_id": self.id, "partner_id": False, "points": 0})

    def _retire_tier_discount(self):
        """Give the discount to nobody any more; what orders hold stays readable."""
        if self:
            self.write({"active": False, "audience_tier_ids": False})


class LoyaltyRule(models.Model):
    _inherit = "loyalty.rule"

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules.program_id._check_hands_off()
        return rules

    def write(self, vals):
        self.program_id._check_hands_off()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_tier_discount(self):
        self.program_id._check_hands_off()


class LoyaltyReward(models.Model):
    _inherit = "loyalty.reward"

    @api.model_create_multi
    def create(self, vals_list):
        rewards = super().create(vals_list)
        rewards.program_id._check_hands_off()
        return rewards

    def write(self, vals):
        self.program_id._check_hands_off()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_tier_discount(self):
        self.program_id._check_hands_off()

    def _compute_description(self):
        """Override: keep the words of a tier, in each language as they are."""
        own = self.filtered("program_id.is_tier_discount")
        for reward in own:
            reward.description = reward.description
        return super(LoyaltyReward, self - own)._compute_description()

    @api.depends("program_id.ledger_policy")
    def _compute_is_global_discount(self):
        """Override: what a member pays for with points is bought, not given.

        It comes beside the best discount on the order. Otherwise a member with a
        percentage off could never spend points on money off.
        """
        result = super()._compute_is_global_discount()
        for reward in self.filtered(lambda r: r.program_id.ledger_policy == "strict"):
            reward.is_global_discount = False
        return result
