from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from .loyalty_reward_ahead import archive_kind


class LoyaltyReward(models.Model):
    """A code of a partner, out of a pool that was imported: each code once."""

    _inherit = "loyalty.reward"

    reward_type = fields.Selection(
        selection_add=[("partner_code", "Partner Code")],
        ondelete={"partner_code": archive_kind},
    )
    code_pool_id = fields.Many2one(
        comodel_name="loyalty.code.pool",
        string="Pool of codes",
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _get_claim_kinds(self):
        return super()._get_claim_kinds() | {"partner_code"}

    @api.constrains("reward_type", "code_pool_id", "program_id")
    def _check_code_pool(self):
        for reward in self.filtered(lambda own: own.reward_type == "partner_code"):
            pool, company = reward.code_pool_id, reward.program_id.company_id
            if not pool:
                raise ValidationError(
                    self.env._(
                        "“%(reward)s” gives codes: say out of which pool.",
                        reward=reward.description,
                    )
                )
            owner = pool.company_id
            if owner and company and owner not in company.parent_ids:
                raise ValidationError(
                    self.env._(
                        "“%(pool)s” belongs to another company than “%(program)s”.",
                        pool=pool.name,
                        program=reward.program_id.name,
                    )
                )

    def _get_refusal_partner_code(self, _card, _points, _wish):
        pool = self.code_pool_id
        codes = self.env["loyalty.partner.code"]
        free = codes._count_free(pool, self.program_id)
        return None if pool.active and free.get(pool.id) else self._explain_no_code()

    def _explain_no_code(self):
        return self.env._(
            "There are no codes left of “%(reward)s”.", reward=self.description
        )


class LoyaltyRewardClaim(models.Model):
    _inherit = "loyalty.reward.claim"

    # One at most: whoever takes a code for a claim has just made the claim.
    partner_code_ids = fields.One2many(
        comodel_name="loyalty.partner.code",
        inverse_name="claim_id",
        string="Codes",
        readonly=True,
    )
    partner_code = fields.Char(string="Code", compute="_compute_partner_code")

    @api.depends("partner_code_ids.code")
    def _compute_partner_code(self):
        for claim in self:
            # sudo: who may read the claim may read its code, and no other.
            claim.partner_code = claim.sudo().partner_code_ids[:1].code

    def _give_partner_code(self, _wish):
        code = self.env["loyalty.partner.code"]._take(self)
        if not code:
            raise UserError(self.reward_id._explain_no_code())
        self.invalidate_recordset(["partner_code_ids", "partner_code"])
        self.reward_id.code_pool_id._notice_low()

    def _take_back_partner_code(self):
        # Whoever has seen a code may have used it: no other member gets it.
        self._message_log(
            body=self.env._(
                "The member has seen the code %(code)s. Have the partner block it; "
                "nobody else will get it.",
                code=self.partner_code,
            )
        )

    def _describe_given_partner_code(self):
        # sudo: of the claim's own code.
        code = self.sudo().partner_code_ids[:1]
        if not code.until:
            return self.env._("Code: %(code)s", code=code.code)
        return self.env._(
            "Code: %(code)s, until %(day)s",
            code=code.code,
            day=format_date(self.env, code.until),
        )
