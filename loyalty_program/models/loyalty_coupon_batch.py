from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ..engine.codes import ALPHABET, CHECK_WEIGHTS, GROUP, PREFIX, RANDOM_SYMBOLS

#: Coupons of one statement: a few seconds' work, kept if the next one fails.
STEP = 50_000
#: The most coupons that are made at once, while somebody waits.
AT_ONCE = 5_000
#: More than any print run; a slip of the hand shall not fill the disk.
MOST = 10_000_000


class LoyaltyCouponBatch(models.Model):
    """So many coupons of one programme, made in one job.

    The job inserts them by statements of many rows, each with its own transaction: it
    needs no memory for them, shows how far it is, and goes on where it was cut off.
    """

    _name = "loyalty.coupon.batch"
    _description = "Batch of Coupons"
    _inherit = ["mail.thread"]
    _order = "id desc"

    name = fields.Char(required=True)
    program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Programme",
        domain="[('program_type', '=', 'coupons')]",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True)
    quantity = fields.Integer(string="Coupons", default=100, required=True)
    points = fields.Float(string="Worth", default=1, required=True)
    point_name = fields.Char(related="program_id.portal_point_name")
    valid_until = fields.Date()
    made = fields.Integer(default=0, required=True, readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress")
    state = fields.Selection(
        selection=[
            ("draft", "New"),
            ("running", "Being made"),
            ("done", "Done"),
            ("stopped", "Stopped"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    coupon_ids = fields.One2many(
        comodel_name="loyalty.card",
        inverse_name="batch_id",
        string="Coupons of the batch",
        readonly=True,
    )

    _quantity_honest = models.Constraint(
        f"CHECK (quantity BETWEEN 1 AND {MOST})",
        "A batch has one coupon at least and ten million at most.",
    )
    _points_positive = models.Constraint(
        "CHECK (points > 0)",
        "A coupon that is worth nothing is none.",
    )

    @api.depends("made", "quantity")
    def _compute_progress(self):
        for batch in self:
            batch.progress = 100 * batch.made / (batch.quantity or 1)

    @api.constrains("program_id")
    def _check_program(self):
        for batch in self:
            if batch.program_id.program_type != "coupons":
                raise ValidationError(
                    self.env._(
                        "“%(program)s” is no programme of coupons.",
                        program=batch.program_id.name,
                    )
                )

    @api.constrains("points", "program_id")
    def _check_worth(self):
        for batch in self:
            needed = batch.program_id._get_coupon_points()
            if batch.points < needed:
                raise ValidationError(
                    self.env._(
                        "Coupons worth %(points)s could never be used: the smallest "
                        "reward of “%(program)s” takes %(needed)s.",
                        points=batch.program_id._format_points(batch.points),
                        program=batch.program_id.name,
                        needed=batch.program_id._format_points(needed),
                    )
                )

    def write(self, vals):
        started = self.filtered(lambda batch: batch.state != "draft")
        fixed = {"points", "program_id", "quantity", "valid_until"} & set(vals)
        if started and fixed:
            raise UserError(
                self.env._("Coupons of this batch exist already. Make another batch.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_coupons(self):
        if any(batch.made for batch in self):
            raise UserError(
                self.env._("A batch whose coupons exist cannot be deleted.")
            )

    # === Making ===

    def action_make(self):
        """Make the coupons: a few at once, many in a job of their own."""
        self._check_manager()
        for batch in self.filtered(lambda batch: batch.state in ("draft", "stopped")):
            batch.state = "running"
            if batch.quantity - batch.made <= AT_ONCE:
                batch._make(AT_ONCE)
            else:
                # sudo: the manager asks for the job, which runs as itself.
                self.env.ref("loyalty_program.ir_cron_coupon_batch").sudo()._trigger()

    def action_stop(self):
        """Stop the job; the coupons that are made stay."""
        self._check_manager()
        self.filtered(lambda batch: batch.state == "running").state = "stopped"

    def _check_manager(self):
        self.check_access("write")
        if not self.env.user.has_group("loyalty_program.group_loyalty_manager"):
            raise AccessError(self.env._("Only loyalty managers make coupons."))

    @api.model
    def _cron_make(self):
        """Go on with the batches that are being made, a step a transaction."""
        for remaining in self._run_making():
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                break

    @api.model
    def _run_making(self, step=STEP):
        """Make the coupons of all running batches; yield how many steps are left."""
        batches = self.search([("state", "=", "running")], order="id")
        for number, batch in enumerate(batches, 1):
            later = len(batches) - number
            while batch._make(step):
                yield later - (-(batch.quantity - batch.made) // step)
            yield later

    def _make(self, step):
        """Make up to ``step`` coupons more; return whether any are left to make.

        Another worker's batch is left alone.
        """
        self.ensure_one()
        self.flush_recordset()
        # SQL: whoever makes the coupons of a batch holds it until the step is kept.
        rows = self.env.execute_query(
            SQL(
                """SELECT quantity - made FROM loyalty_coupon_batch
                   WHERE id = %s AND state = 'running' FOR UPDATE SKIP LOCKED""",
                self.id,
            )
        )
        left = rows[0][0] if rows else 0
        if left > 0:
            made = self.env.execute_query(self._query_make(min(step, left)))[0][0]
            # A code that exists already makes no coupon: the next step makes it up.
            self.made += made
            self.env["loyalty.card"].invalidate_model(["batch_id"])
            left -= made
        if rows and left <= 0:
            self.state = "done"
        return left > 0

    def _query_make(self, number):
        """Return the statement that inserts so many coupons with codes of their own.

        The codes are those of ``engine.codes``: the database's strong randomness in
        the same alphabet, with the same check symbol.
        """
        code, columns, half = _describe_code()
        return SQL(
            """
            WITH made AS (
                INSERT INTO loyalty_card (
                    program_id, company_id, batch_id, points, expiration_date, code,
                    active, member_state, create_uid, write_uid, create_date,
                    write_date)
                SELECT %(program)s, %(company)s, %(batch)s, %(points)s, %(until)s,
                    %(code)s, TRUE, 'none', %(uid)s, %(uid)s, %(now)s, %(now)s
                FROM (
                    SELECT %(columns)s FROM (
                        SELECT ('x' || LEFT(hex, 12))::bit(48)::bigint
                                %% %(half)s AS a,
                            ('x' || RIGHT(hex, 12))::bit(48)::bigint %% %(half)s AS b
                        FROM (
                            SELECT REPLACE(gen_random_uuid()::text, '-', '') AS hex
                            FROM generate_series(1, %(number)s)
                            OFFSET 0
                        ) random OFFSET 0
                    ) halves OFFSET 0
                ) symbols
                ON CONFLICT (code) DO NOTHING
                RETURNING 1
            )
            SELECT COUNT(*) FROM made
            """,
            program=self.program_id.id,
            company=self.program_id.company_id.id or None,
            batch=self.id,
            points=self.points,
            until=self.valid_until or None,
            code=SQL(code),
            columns=SQL(columns),
            half=half,
            number=number,
            uid=self.env.uid,
            now=fields.Datetime.now(),
        )

    # === Using ===

    def action_view_coupons(self):
        """Open the coupons of this batch."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_coupon_action"
        )
        action["domain"] = [("batch_id", "=", self.id)]
        return action


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    batch_id = fields.Many2one(
        comodel_name="loyalty.coupon.batch",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )


def _describe_code():
    """Return how a statement makes a code of two random numbers ``a`` and ``b``.

    :return: SQL of the code out of the values ``v0`` on; SQL of these values out of
        ``a`` and ``b``; how many numbers ``a`` and ``b`` may be
    """
    base, half = len(ALPHABET), RANDOM_SYMBOLS // 2
    # 48 bits of randomness for seven symbols: no symbol is likelier than others.
    values = [
        f"{name} / {base**place} %% {base}"
        for name in ("a", "b")
        for place in range(half)
    ]
    columns = ", ".join(f"{value} AS v{number}" for number, value in enumerate(values))
    weighed = " + ".join(
        f"v{number} * {weight}" for number, weight in enumerate(CHECK_WEIGHTS)
    )
    numbers = [f"v{number}" for number in range(RANDOM_SYMBOLS)]
    symbols = [
        f"SUBSTR('{ALPHABET}', ({number} + 1)::int, 1)"
        for number in [*numbers, f"({weighed}) %% {base}"]
    ]
    groups = [
        " || ".join(symbols[start : start + GROUP])
        for start in range(0, len(symbols), GROUP)
    ]
    code = " || '-' || ".join([f"'{PREFIX}'", *groups])
    return code, columns, base**half
