import base64
import csv
import io

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import formatLang

from ..importer.formats import (
    BLANKS,
    CDNOW,
    COLUMNS,
    MEMBERS,
    OPENINGS,
    PURCHASES,
    FileFormat,
    guess_columns,
)
from ..importer.job import ImportJob
from ..importer.reading import MAX_FILE_BYTES, read_first_cells
from ..models.loyalty_history_import_wording import COLUMN_LABELS

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "blanks": BLANKS}

#: Bad lines that the dialog shows; the file to download has all of them.
SHOWN_FAULTS = 100


class LoyaltyHistoryImportWizard(models.TransientModel):
    """Back office: choose a file, see every bad line, then import."""

    _name = "loyalty.history.import.wizard"
    _description = "Import Loyalty History"

    state = fields.Selection(
        selection=[("file", "File"), ("checked", "Check"), ("done", "Imported")],
        default="file",
        readonly=True,
    )
    program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Programme",
        required=True,
        domain=[("ledger_policy", "=", "strict")],
        default=lambda self: self._default_program(),
    )
    currency_id = fields.Many2one(related="program_id.currency_id")
    preset = fields.Selection(
        selection=[
            ("csv", "CSV"),
            ("cdnow", "CDNOW purchases (columns set apart by blanks)"),
        ],
        string="Format",
        default="csv",
        required=True,
    )
    kind = fields.Selection(
        selection=[
            (MEMBERS, "Members"),
            (OPENINGS, "Opening balances"),
            (PURCHASES, "Past purchases"),
        ],
        string="The file holds",
        default=MEMBERS,
        required=True,
        compute="_compute_format",
        store=True,
        readonly=False,
    )
    file = fields.Binary(attachment=False)
    file_name = fields.Char()
    source = fields.Char(
        string="Old system",
        help="A line is imported once for each old system. Keep the name when you "
        "import the same file again, or a later one that overlaps.",
        default="history",
        required=True,
    )
    consent = fields.Boolean(
        string="Make members of unknown customers",
        help="Tick only if everybody in the file agreed to become a member. Customers "
        "without a membership join on the day of their first line.",
    )
    encoding = fields.Selection(
        selection=[
            ("utf-8", "UTF-8"),
            ("cp1252", "Windows-1252 (Western Europe)"),
            ("iso8859-15", "ISO 8859-15 (Western Europe)"),
        ],
        default="utf-8",
        required=True,
    )
    delimiter = fields.Selection(
        selection=[
            ("comma", "Comma"),
            ("semicolon", "Semicolon"),
            ("tab", "Tab"),
            ("blanks", "Blanks"),
        ],
        string="Columns set apart by",
        default="comma",
        required=True,
        compute="_compute_format",
        store=True,
        readonly=False,
    )
    has_header = fields.Boolean(
        string="The first line names the columns",
        default=True,
        compute="_compute_format",
        store=True,
        readonly=False,
    )
    date_order = fields.Selection(
        selection=[
            ("ymd", "Year, month, day (2026-01-31, 20260131)"),
            ("dmy", "Day, month, year (31.01.2026, 31/01/2026)"),
            ("mdy", "Month, day, year (01/31/2026)"),
        ],
        string="Dates",
        default="ymd",
        required=True,
    )
    decimal_mark = fields.Selection(
        selection=[(".", "Point (9.90)"), (",", "Comma (9,90)")],
        string="Decimal mark",
        default=".",
        required=True,
    )
    column_ids = fields.One2many(
        comodel_name="loyalty.history.import.column",
        inverse_name="wizard_id",
        string="Columns",
        compute="_compute_column_ids",
        store=True,
        readonly=False,
    )
    row_count = fields.Integer(string="Good lines", readonly=True)
    known_count = fields.Integer(string="Imported before", readonly=True)
    joining_count = fields.Integer(string="New members", readonly=True)
    amount_total = fields.Monetary(string="Money spent", readonly=True)
    points_total = fields.Char(string="Points", readonly=True)
    fault_count = fields.Integer(string="Bad lines", readonly=True)
    fault_lines = fields.Json(readonly=True)
    fault_table = fields.Html(readonly=True, sanitize=False)
    fault_file = fields.Binary(
        string="List of the bad lines", readonly=True, attachment=False
    )
    fault_file_name = fields.Char(readonly=True)

    @api.model
    def _default_program(self):
        return self.env["loyalty.program"].search(
            [("ledger_policy", "=", "strict")], limit=1
        )

    @api.depends("preset")
    def _compute_format(self):
        for wizard in self:
            if wizard.preset == "cdnow":
                wizard.kind = PURCHASES
                wizard.delimiter = "blanks"
                wizard.has_header = False
            else:
                wizard.kind = wizard.kind or MEMBERS
                wizard.delimiter = wizard.delimiter or "comma"
                wizard.has_header = True

    @api.depends("preset", "kind", "file", "encoding", "delimiter", "has_header")
    def _compute_column_ids(self):
        for wizard in self:
            guess = wizard._guess_columns()
            wizard.column_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "name": column.name,
                            "required": column.required,
                            "header": guess.get(column.name),
                        }
                    )
                    for column in COLUMNS[wizard.kind]
                ),
            ]

    def _guess_columns(self):
        """Return {value name: header or number}, as far as the file tells."""
        if self.preset == "cdnow":
            return CDNOW.columns
        if not self.file or not self.has_header:
            return {}
        cells = read_first_cells(self._open_file(), self._get_format({}))
        return guess_columns(self.kind, cells)

    # === Actions ===

    def action_check(self):
        """Read the file without importing anything and show every bad line."""
        self.ensure_one()
        service, program = self._get_service()
        report = service._check(program, self._get_job(), self._open_file())
        self._show(report, "checked")
        return self._reopen()

    def action_import(self):
        """Import the file; the bad lines that were shown are left out."""
        self.ensure_one()
        service, program = self._get_service()
        report = service._import(
            program, self._get_job(), self._open_file(), self.fault_lines or ()
        )
        self._show(report, "done")
        return self._reopen()

    def action_back(self):
        """Go back to the choice of the file."""
        self.ensure_one()
        self.state = "file"
        return self._reopen()

    def action_view_members(self):
        """Open the members of the programme."""
        self.ensure_one()
        return self.program_id.action_view_members()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import history"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_service(self):
        """Return the service and the programme, both beyond the user's own rights."""
        self.check_access("write")
        self.program_id.check_access("write")
        # sudo: importing is what this wizard's group may do; the ledger, contacts and
        # memberships are closed otherwise.
        return self.env["loyalty.history.import"].sudo(), self.program_id.sudo()

    # === File and report ===

    def _open_file(self):
        """Return the uploaded file as a stream of bytes.

        :raise UserError: no file, or one that is larger than the limit
        """
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        content = self.with_context(bin_size=False).file
        if len(content) > MAX_FILE_BYTES * 4 // 3 + 4:
            limit = MAX_FILE_BYTES // 1024 // 1024
            raise UserError(
                self.env._(
                    "The file is larger than %(limit)s MB. Import it in parts.",
                    limit=limit,
                )
            )
        return io.BytesIO(base64.b64decode(content))

    def _get_job(self):
        columns = {c.name: c.header.strip() for c in self.column_ids if c.header}
        return ImportJob(
            kind=self.kind,
            fmt=self._get_format(columns),
            source=self.source,
            consent=self.consent and self.kind != MEMBERS,
        )

    def _get_format(self, columns):
        return FileFormat(
            encoding=self.encoding,
            delimiter=DELIMITERS[self.delimiter],
            has_header=self.has_header,
            date_order=self.date_order,
            decimal_mark=self.decimal_mark,
            columns=columns,
        )

    def _show(self, report, state):
        service = self.env["loyalty.history.import"]
        faults = [
            (fault.line, service._describe_fault(fault), fault.text)
            for fault in report.faults
        ]
        self.write(
            {
                "state": state,
                "row_count": report.rows,
                "known_count": report.known,
                "joining_count": len(report.joining),
                "amount_total": float(report.amount),
                "points_total": formatLang(
                    self.env, float(report.points), digits=self.program_id.points_scale
                ),
                "fault_count": len(faults),
                "fault_lines": [line for line, _reason, _text in faults],
                "fault_table": self._render_faults(faults[:SHOWN_FAULTS]),
                "fault_file": self._write_faults(faults),
                "fault_file_name": self.env._("bad lines.csv"),
            }
        )

    def _render_faults(self, faults):
        """Return the bad lines as a table; nothing of the file is taken as HTML."""
        row = Markup(
            "<tr><td class='text-end'>%s</td><td>%s</td><td><code>%s</code></td></tr>"
        )
        head = Markup("<tr><th>%s</th><th>%s</th><th>%s</th></tr>") % (
            self.env._("Line"),
            self.env._("What is wrong"),
            self.env._("It reads"),
        )
        body = Markup("").join(row % fault for fault in faults)
        return Markup(
            "<table class='table table-sm'><thead>%s</thead><tbody>%s</tbody></table>"
        ) % (head, body)

    def _write_faults(self, faults):
        """Return all bad lines as a CSV file that a spreadsheet opens as text."""
        if not faults:
            return False
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(
            [self.env._("Line"), self.env._("What is wrong"), self.env._("It reads")]
        )
        for line, reason, text in faults:
            # A leading apostrophe keeps a spreadsheet from running it as a formula.
            writer.writerow([line, reason, f"'{text}" if text[:1] in "=+-@" else text])
        return base64.b64encode(out.getvalue().encode("utf-8-sig"))


class LoyaltyHistoryImportColumn(models.TransientModel):
    """Where one value stands in the file."""

    _name = "loyalty.history.import.column"
    _description = "Column of a Loyalty History File"
    _order = "id"

    wizard_id = fields.Many2one(
        comodel_name="loyalty.history.import.wizard",
        required=True,
        ondelete="cascade",
    )
    name = fields.Char(required=True)
    label = fields.Char(string="Value", compute="_compute_label")
    required = fields.Boolean()
    header = fields.Char(
        string="Column of the file",
        help="As the first line calls it, or its number, counted from 1.",
    )

    @api.depends("name")
    def _compute_label(self):
        importer = self.env["loyalty.history.import"]
        for column in self:
            label = COLUMN_LABELS.get(column.name)
            column.label = importer._say(label) if label else column.name
