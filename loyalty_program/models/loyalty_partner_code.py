from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class LoyaltyCodePool(models.Model):
    """Codes of a partner's shop, cinema or service, of which members get one each."""

    _name = "loyalty.code.pool"
    _description = "Pool of Partner Codes"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"

    name = fields.Char(required=True)
    instructions = fields.Text(
        string="How to use a code",
        help="Where the member enters it: stands beside the code, on the page and in "
        "the mail.",
        translate=True,
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        default=lambda self: self.env.company,
    )
    code_ids = fields.One2many(
        comodel_name="loyalty.partner.code",
        inverse_name="pool_id",
        string="Codes",
    )
    low_level = fields.Integer(
        string="Warn at",
        help="An activity reminds the responsible person when so many codes are left.",
        default=20,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    code_count = fields.Integer(string="Imported", compute="_compute_counts")
    free_count = fields.Integer(string="Left", compute="_compute_counts")

    _low_level_positive = models.Constraint(
        "CHECK (low_level >= 0)",
        "A warning comes at a number of codes, or at none.",
    )

    @api.depends("code_ids")
    def _compute_counts(self):
        # sudo: how many codes there are is no secret, only which.
        codes = self.env["loyalty.partner.code"].sudo()
        total = dict(
            codes._read_group([("pool_id", "in", self.ids)], ["pool_id"], ["__count"])
        )
        free = codes._count_free(self._origin)
        for pool in self:
            pool.code_count = total.get(pool._origin, 0)
            pool.free_count = free.get(pool._origin.id, 0)

    def action_view_codes(self):
        """Open the codes of this pool."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_partner_code_action"
        )
        action["domain"] = [("pool_id", "=", self.id)]
        return action

    # === Running low ===

    def _notice_low(self):
        """Let somebody look after the pool soon, where it runs low.

        Not here and now: many claims at once would all make the same activity.
        """
        free = self.env["loyalty.partner.code"]._count_free(self)
        if any(free.get(pool.id, 0) <= pool.low_level for pool in self):
            self.env.ref("loyalty_program.ir_cron_code_pool")._trigger()

    @api.model
    def _cron_warn(self):
        """Remind the responsible people of pools that run low, once for each pool."""
        pools = self.search([("user_id", "!=", False)])
        free = self.env["loyalty.partner.code"]._count_free(pools)
        for pool in pools:
            left = free.get(pool.id, 0)
            open_activities = pool.activity_ids.filtered("automated")
            if left > pool.low_level:
                open_activities.action_done()
            elif pool._is_used() and not open_activities:
                pool.activity_schedule(
                    "mail.mail_activity_data_warning",
                    user_id=pool.user_id.id,
                    summary=self.env._(
                        "Codes left: %(count)s. Import more.", count=left
                    ),
                )

    def _is_used(self):
        """Tell whether members can still get codes of this pool."""
        rewards = self.env["loyalty.reward"]
        domain = [("code_pool_id", "=", self.id), ("reward_type", "=", "partner_code")]
        return bool(rewards.search_count(domain, limit=1))


class LoyaltyPartnerCode(models.Model):
    """One code: free, or given to a claim, for good.

    A code that a member has seen may have been used where nobody here can know. So it
    is never given again, not even when its claim is void.
    """

    _name = "loyalty.partner.code"
    _description = "Partner Code"
    _order = "id"
    _rec_name = "code"
    _log_access = False

    pool_id = fields.Many2one(
        comodel_name="loyalty.code.pool",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="pool_id.company_id")
    code = fields.Char(required=True, readonly=True)
    until = fields.Date(string="Last day", readonly=True)
    claim_id = fields.Many2one(
        comodel_name="loyalty.reward.claim",
        string="Given to",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    claim_state = fields.Selection(related="claim_id.state", string="Claim")

    _code_unique = models.UniqueIndex(
        "(pool_id, code)",
        "This code is in the pool already.",
    )
    _free_idx = models.Index("(pool_id, id) WHERE claim_id IS NULL")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_given(self):
        if given := self.filtered("claim_id"):
            raise UserError(
                self.env._(
                    "The code %(code)s was given to a member and stays.",
                    code=given[0].code,
                )
            )

    @api.model
    def _count_free(self, pools, program=None):
        """Return {pool id: number of codes that may still be given}.

        :param program: whose day it is; none: that of each pool's company
        """
        self.flush_model()
        rows = []
        for company, own in pools.grouped("company_id").items():
            owner = (program and program.company_id) or company or self.env.company
            today = owner._get_loyalty_day()
            rows += self.env.execute_query(
                SQL(
                    """SELECT pool_id, COUNT(*) FROM loyalty_partner_code
                       WHERE pool_id = ANY(%s) AND claim_id IS NULL
                           AND (until IS NULL OR until >= %s) GROUP BY pool_id""",
                    own.ids,
                    today,
                )
            )
        return dict(rows)

    @api.model
    def _take(self, claim):
        """Give a free code of the claim's pool to it; return it, or an empty record."""
        self.flush_model()
        for from_start in (False, True):
            # The search begins somewhere in the middle: what is before that comes next.
            rows = self.env.execute_query(self._query_take(claim, from_start))
            if rows:
                self.invalidate_model(["claim_id"])
                return self.browse(rows[0])
        return self.browse()

    def _query_take(self, claim, from_start):
        # SQL: what another claim holds at this moment is passed over. Each claim looks
        # from a place of its own on, so that few meet at the same code.
        pool = claim.reward_id.code_pool_id
        place = SQL(
            """(SELECT MIN(id) + FLOOR(RANDOM() * (MAX(id) - MIN(id) + 1))
                FROM loyalty_partner_code
                WHERE pool_id = %s AND claim_id IS NULL)""",
            pool.id,
        )
        return SQL(
            """
            UPDATE loyalty_partner_code SET claim_id = %(claim)s
            WHERE id = (
                SELECT id FROM loyalty_partner_code
                WHERE pool_id = %(pool)s AND claim_id IS NULL AND id >= %(place)s
                    AND (until IS NULL OR until >= %(today)s)
                ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING id
            """,
            claim=claim.id,
            pool=pool.id,
            place=SQL("0") if from_start else place,
            today=claim.program_id._get_local_date(),
        )

    @api.model
    def _import(self, pool, rows):
        """Add codes to a pool, all or none.

        :param rows: ``engine.code_list.CodeRow``, without doubles
        :return: the codes among them that the pool has already; nothing is added then
        """
        codes = [row.code for row in rows]
        known = self.search([("pool_id", "=", pool.id), ("code", "in", codes)])
        if known:
            return known.mapped("code")
        # SQL: a hundred thousand codes do not pass through the ORM one by one. Another
        # import of the same codes at this moment is met by the unique index.
        self.env.execute_query(
            SQL(
                """INSERT INTO loyalty_partner_code (pool_id, code, until)
                   SELECT %s, code, until
                   FROM UNNEST(%s::varchar[], %s::date[]) AS u(code, until)
                   RETURNING id""",
                pool.id,
                codes,
                [row.until for row in rows],
            )
        )
        self.invalidate_model()
        pool.invalidate_recordset(["code_ids", "code_count", "free_count"])
        return []
