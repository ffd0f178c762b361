import time

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_datetime

#: Rows of one part. Enough for set-based SQL, few enough to commit every few seconds.
PART_SIZES = {"cards": 50_000, "entries": 500_000, "lots": 500_000}

PART_TABLES = {
    "cards": "loyalty_card",
    "entries": "loyalty_ledger_entry",
    "lots": "loyalty_lot",
}

#: Seconds that whoever asks for an audit waits; the cron does the rest.
PATIENCE = 5

#: Differences told in full by one activity; the list shows them all.
MOST_TOLD = 20


class LoyaltyAudit(models.Model):
    """One run of the self-audit: every balance proven from the entries, or not.

    The work is cut into parts. A worker takes a part that nobody holds, checks it in
    one statement and commits; a run that broke off goes on with the parts left.
    Nothing is ever repaired: a difference is a fact for the manager.
    """

    _name = "loyalty.audit"
    _description = "Loyalty Self-Audit"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    state = fields.Selection(
        selection=[("running", "Running"), ("done", "Done")],
        default="running",
        required=True,
        readonly=True,
    )
    started_at = fields.Datetime(
        string="Started",
        default=fields.Datetime.now,
        required=True,
        readonly=True,
    )
    finished_at = fields.Datetime(string="Finished", readonly=True)
    duration = fields.Float(
        string="Seconds",
        help="Time that the checks took, all workers together.",
        digits=(16, 1),
        readonly=True,
    )
    card_count = fields.Integer(string="Cards", readonly=True)
    entry_count = fields.Integer(string="Entries", readonly=True)
    difference_count = fields.Integer(string="Differences", readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Asked by",
        help="Empty: the nightly run.",
        readonly=True,
    )
    part_ids = fields.One2many(
        comodel_name="loyalty.audit.part",
        inverse_name="audit_id",
        readonly=True,
    )

    @api.depends("started_at")
    def _compute_display_name(self):
        for audit in self:
            audit.display_name = self.env._(
                "Self-audit of %(moment)s",
                moment=format_datetime(self.env, audit.started_at, dt_format="short"),
            )

    def action_check_now(self):
        """Check all balances now; what takes long goes on in the background.

        :return: an action that opens the run
        """
        self.check_access("read")
        # sudo: managers may ask for a run, which only the suite writes.
        audit = self.sudo()._get_running() or self.sudo()._begin(self.env.user)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and audit._check_next_part():
            pass
        if not audit._finish():
            # sudo: see above.
            cron = self.env.ref("loyalty_program.ir_cron_audit_ledger").sudo()
            cron._trigger()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": audit.id,
            "views": [(False, "form")],
        }

    # === The run ===

    @api.model
    def _cron_audit(self):
        """Run the audit, committing after each part."""
        progress = self.env["ir.cron"]._commit_progress
        for left in self._run():
            if not progress(1, remaining=left):
                return
        progress(remaining=0)

    @api.model
    def _run(self):
        """Go on with the run that broke off, or begin one, to its end.

        Yields how many parts are left after each, so that the caller may commit.
        Ends early when another worker has the last parts: that one will finish.
        """
        audit = self._get_running() or self._begin()
        while audit._check_next_part():
            yield audit._count_left()
        audit._finish()

    def _get_running(self):
        return self.search([("state", "=", "running")], limit=1, order="id")

    @api.model
    def _begin(self, user=None):
        """Return a new run, its parts laid out; without ``user``: the nightly one."""
        audit = self.create({"user_id": user.id if user else False})
        self.env.flush_all()
        for kind, size in PART_SIZES.items():
            self.env.execute_query(audit._query_lay_out(kind, size))
        return audit

    def _count_left(self):
        return self.env["loyalty.audit.part"].search_count(
            [("audit_id", "=", self.id), ("is_checked", "=", False)]
        )

    def _check_next_part(self):
        """Check a part that nobody holds; return whether there was one."""
        taken = self.env.execute_query(self._query_take_part())
        if not taken:
            return False
        part_id, kind, low, high = taken[0]
        started = time.monotonic()
        found = getattr(self, f"_query_check_{kind}")(low, high)
        self.env.execute_query(self._query_note(found))
        seconds = time.monotonic() - started
        self.env.execute_query(self._query_end_part(part_id, seconds))
        self.env.invalidate_all(flush=False)
        return True

    def _finish(self):
        """Close the run once all parts are checked; return whether it is closed."""
        if self._count_left() or not self.env.execute_query(self._query_finish()):
            return False
        self.invalidate_recordset()
        self.env.execute_query(self._query_close_gone())
        self._tell_managers()
        return True

    def action_view_differences(self):
        """Open what this run found, gone by now or not."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_audit_difference_action"
        )
        seen = [("audit_id", "<=", self.id), ("last_audit_id", ">=", self.id)]
        return {**action, "domain": seen, "context": {}}

    # === What managers hear ===

    def _tell_managers(self):
        """Raise an activity for the managers of each company, once per difference."""
        differences = self.env["loyalty.audit.difference"]
        new = [("closed_at", "=", False), ("is_told", "=", False)]
        for company, count in differences._read_group(new, ["company_id"], ["__count"]):
            own = new + [("company_id", "=", company.id)]
            shown = differences.search(own, limit=MOST_TOLD)
            managers = self._get_managers(company)
            for manager in managers:
                self.with_context(lang=manager.lang)._tell_manager(
                    manager, shown, count
                )
            # Where nobody manages yet, the next run tells.
            if managers:
                self.env.execute_query(self._query_told(company))
        differences.invalidate_model()

    def _tell_manager(self, manager, differences, count):
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("Differences in loyalty points: %(count)s", count=count),
            note=self._prepare_note(differences.with_env(self.env), count),
            user_id=manager.id,
        )

    def _get_managers(self, company):
        """Return the loyalty managers of a company, of any without one."""
        group = self.env.ref("loyalty_program.group_loyalty_manager")
        return group.all_user_ids.filtered(
            lambda user: user.active and (not company or company in user.company_ids)
        )

    def _prepare_note(self, differences, count):
        facts = Markup().join(
            Markup("<li>%s</li>") % difference._describe() for difference in differences
        )
        note = Markup("<p>%s</p><ul>%s</ul>") % (
            self.env._("The self-audit found these differences and changed nothing:"),
            facts,
        )
        if count > len(differences):
            note += Markup("<p>%s</p>") % self.env._(
                "The list of the run shows all %(count)s.", count=count
            )
        return note


class LoyaltyAuditPart(models.Model):
    """A stretch of ids that one worker checks at once."""

    _name = "loyalty.audit.part"
    _description = "Loyalty Self-Audit Part"
    _log_access = False

    audit_id = fields.Many2one(
        comodel_name="loyalty.audit",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    kind = fields.Selection(
        selection=[("cards", "Cards"), ("entries", "Entries"), ("lots", "Lots")],
        required=True,
        readonly=True,
    )
    low = fields.Integer(help="Ids above this one.", readonly=True)
    high = fields.Integer(help="Ids up to this one.", readonly=True)
    is_checked = fields.Boolean(readonly=True)
    seconds = fields.Float(readonly=True)


class LoyaltyAuditDifference(models.Model):
    """What does not agree, from the run that found it to the run that missed it."""

    _name = "loyalty.audit.difference"
    _description = "Loyalty Self-Audit Difference"
    _order = "closed_at desc, id desc"
    _log_access = False

    audit_id = fields.Many2one(
        comodel_name="loyalty.audit",
        string="First seen",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    last_audit_id = fields.Many2one(
        comodel_name="loyalty.audit",
        string="Last seen",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    closed_at = fields.Datetime(
        string="Gone since",
        help="The run that no longer found it.",
        readonly=True,
    )
    is_told = fields.Boolean(string="Managers told", readonly=True)
    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Account",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    program_id = fields.Many2one(related="card_id.program_id", string="Programme")
    company_id = fields.Many2one(
        comodel_name="res.company",
        readonly=True,
        ondelete="cascade",
    )
    check_name = fields.Selection(
        selection=[
            ("balance", "Balance: rests of the spendable lots"),
            ("pending", "Pending: rests of the pending lots"),
            ("entries", "Entries: balance, pending and what waits"),
            ("copy", "Pool: balance of the account"),
            ("copy_pending", "Pool: pending points of the account"),
            ("entry_lots", "Entry: its lots"),
            ("entry_uses", "Spending: the lots it used"),
            ("reversal", "Reversals: at most what they reverse"),
            ("lot", "Lot: points less uses"),
        ],
        string="Check",
        required=True,
        readonly=True,
    )
    entry_id = fields.Many2one(
        comodel_name="loyalty.ledger.entry",
        readonly=True,
        ondelete="cascade",
    )
    lot_id = fields.Many2one(
        comodel_name="loyalty.lot",
        readonly=True,
        ondelete="cascade",
    )
    expected = fields.Float(digits=0, required=True, readonly=True)
    found = fields.Float(digits=0, required=True, readonly=True)
    gap = fields.Float(string="Difference", digits=0, required=True, readonly=True)

    _open_unique = models.UniqueIndex(
        """(card_id, check_name, COALESCE(entry_id, 0), COALESCE(lot_id, 0), gap)
        WHERE closed_at IS NULL"""
    )

    def action_view_entries(self):
        """Open all entries of the account that does not agree."""
        self.ensure_one()
        return self.card_id.action_view_entries()

    def _describe(self):
        """Return the facts of one difference in a sentence.

        Of numbers only: managers of other companies may open the run as well.
        """
        self.ensure_one()
        labels = dict(self._fields["check_name"]._description_selection(self.env))
        facts = {
            "card": self.card_id.id,
            "member": self.card_id.member_number,
            "programme": self.program_id.name,
            "check": labels[self.check_name],
            "expected": self.program_id._format_count(self.expected),
            "found": self.program_id._format_count(self.found),
        }
        if self.card_id.member_number:
            return self.env._(
                "Member %(member)s (card %(card)s, %(programme)s). %(check)s: expected "
                "%(expected)s, found %(found)s.",
                **facts,
            )
        return self.env._(
            "Card %(card)s (%(programme)s). %(check)s: expected %(expected)s, found "
            "%(found)s.",
            **facts,
        )
