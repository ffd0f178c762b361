import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

#: What a coupon promises: it keeps its word when the reward changes later.
PROMISE_FIELDS = (
    "description",
    "discount",
    "discount_applicability",
    "discount_max_amount",
    "discount_mode",
    "discount_product_category_id",
    "discount_product_domain",
    "discount_product_ids",
    "discount_product_tag_id",
    "reward_product_id",
    "reward_product_qty",
    "reward_product_tag_id",
    "reward_type",
)


class LoyaltyReward(models.Model):
    """A reward that members turn their points into ahead of time, as a coupon.

    The coupons are cards of a programme of type ``coupons`` that the reward makes and
    keeps: every channel of Odoo knows them.
    """

    _inherit = "loyalty.reward"

    issues_coupon = fields.Boolean(
        string="As a coupon",
        help="Members turn points into a personal coupon ahead of time and use it "
        "later, in any channel.",
    )
    coupon_valid_days = fields.Integer(
        string="Coupon valid for",
        help="Days, counted from the day of issue. 0: without end.",
        default=90,
    )
    coupon_owner_only = fields.Boolean(
        string="For its owner only",
        help="Nobody but the member, and their company, may use the coupon.",
        default=True,
    )
    coupon_program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Programme of the coupons",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    coupon_promise = fields.Char(
        help="What the coupons of that programme promise.",
        readonly=True,
        copy=False,
    )

    _coupon_valid_days_positive = models.Constraint(
        "CHECK (coupon_valid_days >= 0)",
        "A coupon cannot end before it begins.",
    )

    @api.constrains("issues_coupon", "discount_mode", "clear_wallet", "program_id")
    def _check_issues_coupon(self):
        for reward in self.filtered("issues_coupon"):
            program = reward.program_id
            if not (program.is_managed and program.ledger_policy == "strict"):
                raise ValidationError(
                    self.env._(
                        "Coupons come from programmes for members. “%(program)s” is "
                        "recorded only.",
                        program=program.name,
                    )
                )
            if reward.discount_mode == "per_point" or reward.clear_wallet:
                raise ValidationError(
                    self.env._(
                        "“%(reward)s” takes more or less points each time: a coupon "
                        "has one price.",
                        reward=reward.description,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rewards = super().create(vals_list)
        rewards._prepare_coupons()
        return rewards

    def write(self, vals):
        result = super().write(vals)
        if not {"issues_coupon", *PROMISE_FIELDS}.isdisjoint(vals):
            self._prepare_coupons()
        return result

    def _prepare_coupons(self):
        """Make the coupons' programmes ahead: tills learn them when they open."""
        for reward in self.filtered("issues_coupon"):
            reward._get_coupon_program()

    def _get_coupon_program(self):
        """Return the programme whose cards are the coupons of this reward.

        Coupons that were issued keep their promise: a reward that changed gets a new
        programme.
        """
        self.ensure_one()
        # sudo: whoever issues a coupon need not be able to make programmes.
        reward = self.sudo()
        promise = json.dumps(reward._get_promise(), sort_keys=True, default=str)
        program = reward.coupon_program_id
        if program.active and reward.coupon_promise == promise:
            return program
        old, program = program, reward._make_coupon_program()
        reward.write({"coupon_program_id": program.id, "coupon_promise": promise})
        if not old.with_context(active_test=False).coupon_ids:
            # Nobody holds a coupon of it.
            old.active = False
        return program

    def _get_promise(self):
        """Return the promise as values that another reward can be made of."""
        record = self.with_context(lang="en_US")
        names = [name for name in PROMISE_FIELDS if name in self._fields]
        return self._convert_to_write({name: record[name] for name in names})

    def _make_coupon_program(self):
        programs = self.env["loyalty.program"].with_context(
            loyalty_skip_reward_check=True
        )
        program = programs.create(self._prepare_coupon_program())
        program = program.with_context(loyalty_skip_reward_check=False)
        copy = self.create(
            {
                **self._get_promise(),
                "program_id": program.id,
                "required_points": 1,
                "issues_coupon": False,
            }
        )
        for code, _name in self.env["res.lang"].get_installed():
            copy.with_context(lang=code).description = self.with_context(
                lang=code
            ).description
        return program

    def _prepare_coupon_program(self):
        """Return the coupons' programme. Override to: add where it runs."""
        source = self.program_id
        return {
            "name": self.env._("Coupon: %(reward)s", reward=self.description),
            "program_type": "coupons",
            "applies_on": "current",
            "trigger": "with_code",
            "company_id": source.company_id.id,
            "currency_id": source.currency_id.id,
            "pricelist_ids": [Command.set(source.pricelist_ids.ids)],
            "sale_ok": source.sale_ok,
            "portal_visible": False,
            "portal_point_name": self.env._("coupons"),
            "rule_ids": [Command.clear()],
            "reward_ids": [Command.clear()],
            "communication_plan_ids": [Command.clear()],
        }

    def _get_coupon_end(self, day):
        """Return the last day of a coupon issued on ``day``, or False."""
        self.ensure_one()
        return self.coupon_valid_days and day + timedelta(days=self.coupon_valid_days)
