import logging
from ast import literal_eval

from psycopg2 import DataError, ProgrammingError

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: What reading a filter raises that is none, or names what is gone.
FILTER_FAULTS = (ValueError, SyntaxError, TypeError, KeyError, UserError)

#: What the database says of a value that is none of its kind.
DATABASE_FAULTS = (DataError, ProgrammingError)


class LoyaltySegment(models.Model):
    """A named, materialised set of customers: by hand, or what a filter finds.

    The filter runs at night and on demand; whoever asks in between reads the set.
    """

    _name = "loyalty.segment"
    _description = "Loyalty Segment"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        help="Empty: shared by all companies.",
    )
    kind = fields.Selection(
        selection=[("manual", "Chosen by hand"), ("filter", "Found by a filter")],
        default="filter",
        required=True,
    )
    filter_domain = fields.Char(string="Filter", default="[]")
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="loyalty_segment_partner_rel",
        column1="segment_id",
        column2="partner_id",
        string="Customers",
        copy=False,
    )
    partner_count = fields.Integer(string="Size", compute="_compute_partner_count")
    refreshed_at = fields.Datetime(string="Found on", readonly=True, copy=False)
    fault = fields.Char(
        help="Why the filter could not be run: the customers are those of before.",
        readonly=True,
        copy=False,
    )

    def _compute_partner_count(self):
        self.flush_model(["partner_ids"])
        # SQL: a count, where reading the field would load every customer.
        counts = dict(
            self.env.execute_query(
                SQL(
                    """SELECT segment_id, COUNT(*) FROM loyalty_segment_partner_rel
                       WHERE segment_id = ANY(%s) GROUP BY segment_id""",
                    self.ids,
                )
            )
        )
        for segment in self:
            segment.partner_count = counts.get(segment._origin.id, 0)

    @api.constrains("filter_domain", "kind")
    def _check_filter(self):
        for segment in self.filtered(lambda segment: segment.kind == "filter"):
            try:
                domain = Domain(literal_eval(segment.filter_domain or "[]"))
                self.env["res.partner"]._search(domain, limit=1)
            except FILTER_FAULTS as error:
                raise segment._refuse_filter(error) from error

    def _refuse_filter(self, reason):
        """Return the error that tells why the filter finds nobody."""
        return ValidationError(
            self.env._(
                "The filter of “%(name)s” cannot be read: %(error)s",
                name=self.name,
                error=reason,
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        segments = super().create(vals_list)
        segments._refresh()
        return segments

    def write(self, vals):
        result = super().write(vals)
        if {"filter_domain", "kind", "company_id"} & set(vals):
            self._refresh()
        return result

    def action_refresh(self):
        """Look for the customers anew."""
        self.check_access("write")
        self._refresh()

    def action_view_partners(self):
        """Open the customers of this segment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "res.partner",
            "view_mode": "list,form",
            "domain": [("loyalty_segment_ids", "in", self.ids)],
        }

    @api.model
    def _cron_refresh(self):
        """Bring every segment up to date, one transaction each."""
        for remaining in self._run_refresh():
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                break

    @api.model
    def _run_refresh(self):
        """Refresh each segment; yield how many are left after it.

        A filter that cannot be run any more, for a field that is gone, stops no other:
        its customers stay.
        """
        segments = self.search([("kind", "=", "filter")])
        for number, segment in enumerate(segments, 1):
            try:
                segment._refresh()
            except ValidationError as error:
                _logger.exception("Segment %s keeps its customers", segment.name)
                segment.fault = str(error)
            yield len(segments) - number

    def _refresh(self):
        """Write the set that each filter finds, in two statements or not at all.

        :raise ValidationError: a filter cannot be read, or not by the database
        """
        for segment in self.filtered(lambda segment: segment.kind == "filter"):
            try:
                with self.env.cr.savepoint():
                    segment._refresh_one()
            except DATABASE_FAULTS as error:
                raise segment._refuse_filter(error.diag.message_primary) from error
            except FILTER_FAULTS as error:
                raise segment._refuse_filter(error) from error
        self.env["res.partner"].invalidate_model(["loyalty_segment_ids"])
        self.invalidate_model(["partner_ids", "partner_count"])

    def _refresh_one(self):
        self.env["res.partner"].flush_model()
        found = self._search_customers()
        # SQL: sets of a million customers do not pass through Python.
        self.env.execute_query(self._query_leave(self, found))
        self.env.execute_query(self._query_enter(self, found))
        self.write({"refreshed_at": fields.Datetime.now(), "fault": False})

    def _search_customers(self):
        """Return the query of the customers that the filter finds."""
        self.ensure_one()
        domain = Domain(literal_eval(self.filter_domain or "[]"))
        if self.company_id:
            domain &= Domain("company_id", "in", [False, self.company_id.id])
        # sudo: a segment is the same set whoever refreshes it.
        return self.env["res.partner"].sudo()._search(domain)

    def _query_leave(self, segment, found):
        return SQL(
            """DELETE FROM loyalty_segment_partner_rel
               WHERE segment_id = %s AND partner_id NOT IN %s RETURNING partner_id""",
            segment.id,
            found.subselect(),
        )

    def _query_enter(self, segment, found):
        return SQL(
            """INSERT INTO loyalty_segment_partner_rel (segment_id, partner_id)
               SELECT %s, id FROM res_partner WHERE id IN %s
               ON CONFLICT DO NOTHING RETURNING partner_id""",
            segment.id,
            found.subselect(),
        )
