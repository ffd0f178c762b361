from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .loyalty_reward_ahead import archive_kind


class LoyaltyCause(models.Model):
    """Whom members give points to."""

    _name = "loyalty.cause"
    _description = "Cause of Donations"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    description = fields.Text(
        help="What becomes of the money, for the members who read it.",
        translate=True,
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        default=lambda self: self.env.company.currency_id,
        required=True,
        ondelete="restrict",
    )
    reward_ids = fields.One2many(
        comodel_name="loyalty.reward",
        inverse_name="cause_id",
        string="Rewards",
    )
    donation_count = fields.Integer(compute="_compute_donated")
    donated = fields.Monetary(
        help="What members gave in all, without what was voided.",
        compute="_compute_donated",
    )

    def _compute_donated(self):
        groups = self.env["loyalty.reward.claim"]._read_group(
            [("cause_id", "in", self.ids), ("state", "!=", "void")],
            ["cause_id"],
            ["__count", "amount:sum"],
        )
        sums = {cause: (count, amount) for cause, count, amount in groups}
        for cause in self:
            cause.donation_count, cause.donated = sums.get(cause._origin, (0, 0))

    def action_view_donations(self):
        """Open what was given to this cause."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_donation_action"
        )
        action["domain"] = [("cause_id", "=", self.id)]
        return action

    @api.constrains("currency_id")
    def _check_currency(self):
        self.with_context(active_test=False).reward_ids._check_cause()


class LoyaltyReward(models.Model):
    """A donation: the member gives points, and the cause gets money for them."""

    _inherit = "loyalty.reward"

    reward_type = fields.Selection(
        selection_add=[("donation", "Donation")],
        ondelete={"donation": archive_kind},
    )
    cause_id = fields.Many2one(
        comodel_name="loyalty.cause",
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _get_claim_kinds(self):
        return super()._get_claim_kinds() | {"donation"}

    @api.model
    def _get_money_kinds(self):
        return super()._get_money_kinds() | {"donation"}

    @api.constrains("reward_type", "cause_id", "program_id")
    def _check_cause(self):
        for reward in self.filtered(lambda own: own.reward_type == "donation"):
            cause = reward.cause_id
            if not cause:
                raise ValidationError(
                    self.env._(
                        "“%(reward)s” is a donation: say to which cause.",
                        reward=reward.description,
                    )
                )
            if cause.currency_id != reward.currency_id:
                raise ValidationError(
                    self.env._(
                        "“%(cause)s” takes %(currency)s, which is not what the "
                        "programme “%(program)s” counts in.",
                        cause=cause.name,
                        currency=cause.currency_id.name,
                        program=reward.program_id.name,
                    )
                )
            owner, company = cause.company_id, reward.program_id.company_id
            if owner and company and owner not in company.parent_ids:
                raise ValidationError(
                    self.env._(
                        "“%(cause)s” belongs to another company than “%(program)s”.",
                        cause=cause.name,
                        program=reward.program_id.name,
                    )
                )

    def _get_refusal_donation(self, _card, _points, _wish):
        if not self.cause_id.active:
            return self.env._(
                "“%(cause)s” takes no donations any more.", cause=self.cause_id.name
            )
        return None

    def _describe(self, card=None):
        if self.reward_type != "donation":
            return super()._describe(card)
        facts = self._get_money_words(card)
        # sudo: the name of a cause is told to every customer.
        facts["cause"] = self.sudo().cause_id.name
        if not self._is_by_the_point():
            return self.env._("%(least)s = %(amount)s for “%(cause)s”.", **facts)
        return self.env._(
            "%(points)s = %(amount)s for “%(cause)s”. You can give them from %(least)s "
            "on.",
            **facts,
        )


class LoyaltyRewardClaim(models.Model):
    _inherit = "loyalty.reward.claim"

    cause_id = fields.Many2one(
        comodel_name="loyalty.cause",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _give_donation(self, _wish):
        # The reward may serve another cause one day: this one was given to.
        self.cause_id = self.reward_id.cause_id

    def _describe_given_donation(self):
        return self.env._(
            "%(amount)s for “%(cause)s”",
            amount=self.currency_id.format(self.amount),
            cause=self.cause_id.name,
        )


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _get_donated(self, year=None):
        """Return what the member donated in a calendar year, as money.

        :param int year: None for the present one
        """
        self.ensure_one()
        year = year or self.program_id._get_local_date().year
        zone = self.program_id._get_timezone()
        first, after = (
            zone.localize(datetime.combine(datetime(number, 1, 1), time()))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
            for number in (year, year + 1)
        )
        domain = Domain.AND(
            [
                [("card_id", "=", self.id), ("kind", "=", "donation")],
                [("state", "!=", "void")],
                [("claimed_on", ">=", first), ("claimed_on", "<", after)],
            ]
        )
        # sudo: a sum of the member's own.
        claims = self.env["loyalty.reward.claim"].sudo()
        return claims._read_group(domain, [], ["amount:sum"])[0][0] or 0.0
