from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tools.misc import get_lang


class LoyaltyTierBenefit(models.Model):
    """Percentage off: a promotion of the suite's own, kept in step with the benefit.

    Odoo's engine gives the discount in every channel, so that taxes, prices with tax
    and the best of several discounts are its own; see ADR 22.
    """

    _inherit = "loyalty.tier.benefit"

    kind = fields.Selection(
        selection_add=[("discount", "Percentage off")],
        ondelete={"discount": "cascade"},
    )
    discount = fields.Float(
        string="Percent",
        help="What members of the tier pay less, in percent of every purchase. A "
        "better discount on the whole order takes its place, it is never added to it.",
        digits=(5, 2),
    )
    discount_program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Promotion",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.constrains("kind", "discount", "active")
    def _check_discount(self):
        for benefit in self.filtered(lambda b: b.kind == "discount"):
            # A number that is none is not between the two either.
            if not 0 < benefit.discount <= 100:
                raise ValidationError(
                    self.env._(
                        "What “%(tier)s” takes off is more than 0 %% and at most "
                        "100 %%, not %(percent)s %%.",
                        tier=benefit.tier_id.name,
                        percent=benefit._format_number(benefit.discount),
                    )
                )

    @api.depends("discount")
    def _compute_description(self):
        return super()._compute_description()

    def _describe(self):
        if self.kind != "discount":
            return super()._describe()
        return self.env._(
            "%(percent)s %% off every purchase.",
            percent=self._format_number(self.discount),
        )

    def _get_single_kinds(self):
        return super()._get_single_kinds() | {"discount"}

    @api.model
    def _format_number(self, number):
        """Return a number as people write it, without zeros that say nothing."""
        text = f"{number:.2f}".rstrip("0").rstrip(".")
        return text.replace(".", get_lang(self.env).decimal_point)

    # === The promotion behind it ===

    @api.model_create_multi
    def create(self, vals_list):
        benefits = super().create(vals_list)
        benefits._sync_discounts()
        return benefits

    def write(self, vals):
        result = super().write(vals)
        if {"kind", "discount", "active", "tier_id"} & vals.keys():
            self._sync_discounts()
        return result

    def unlink(self):
        # sudo: the promotion is the suite's own record, nobody's to edit.
        programs = self.sudo().discount_program_id
        result = super().unlink()
        programs._retire_tier_discount()
        return result

    def _sync_discounts(self):
        """Bring the promotions in step with what the benefits say by now."""
        # sudo: the promotion is the suite's own record, nobody's to edit.
        for benefit in self.sudo():
            program = benefit.discount_program_id
            if benefit.kind == "discount":
                benefit._sync_discount(program)
            elif program:
                benefit.discount_program_id = False
                program._retire_tier_discount()

    def _sync_discount(self, program):
        owner = self.tier_id.program_id
        scope = owner._get_tier_discount_scope()
        scope["active"] = self.active and owner.active
        scope["audience_tier_ids"] = [Command.set(self.tier_id.ids)]
        if program:
            program.write(scope)
            program.with_context(active_test=False).reward_ids.discount = self.discount
        else:
            values = {**self._prepare_discount_program(), **scope}
            program = self.env["loyalty.program"].create({**values, "active": True})
            program.shared_card_id = program._make_shared_card()
            program.active = scope["active"]
            self.discount_program_id = program
        self._sync_discount_words(program)

    def _prepare_discount_program(self):
        return {
            "name": self.tier_id.name,
            "program_type": "promotion",
            "trigger": "auto",
            "applies_on": "current",
            "is_tier_discount": True,
            "rule_ids": [
                Command.create(
                    {
                        "reward_point_mode": "order",
                        "reward_point_amount": 1,
                        "minimum_qty": 0,
                    }
                )
            ],
            "reward_ids": [
                Command.create(
                    {
                        "reward_type": "discount",
                        "discount_mode": "percent",
                        "discount_applicability": "order",
                        "discount": self.discount,
                        "required_points": 1,
                        "description": self.tier_id.name,
                    }
                )
            ],
        }

    def _sync_discount_words(self, program):
        """Name promotion and discount in every language that the shop speaks."""
        rewards = program.with_context(active_test=False).reward_ids
        for code, _name in self.env["res.lang"].get_installed():
            benefit = self.with_context(lang=code)
            words = {
                "percent": benefit._format_number(self.discount),
                "tier": benefit.tier_id.name,
            }
            program.with_context(lang=code).name = benefit.env._(
                "%(tier)s: %(percent)s %% off (benefit of the tier)", **words
            )
            rewards.with_context(lang=code).description = benefit.env._(
                "%(percent)s %% for %(tier)s", **words
            )


class LoyaltyTier(models.Model):
    _inherit = "loyalty.tier"

    def write(self, vals):
        result = super().write(vals)
        if {"name", "program_id"} & vals.keys():
            self._get_all_benefits()._sync_discounts()
        return result

    def unlink(self):
        self._get_all_benefits().unlink()
        return super().unlink()

    def _get_all_benefits(self):
        """Return the benefits, archived ones too."""
        return self.with_context(active_test=False).benefit_ids
