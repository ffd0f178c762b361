import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError

from ..engine.code_list import MAX_CODE, MAX_LINES, CodeFault, read_codes

#: Faults that are told at once.
MAX_FAULTS = 20


class LoyaltyCodeImport(models.TransientModel):
    """Add a partner's codes to a pool: pasted, or from a file; all of them or none."""

    _name = "loyalty.code.import"
    _description = "Import Partner Codes"

    pool_id = fields.Many2one(
        comodel_name="loyalty.code.pool",
        required=True,
        readonly=True,
    )
    text = fields.Text(
        string="Codes",
        help="One code a line; behind a comma or semicolon its last day, such as "
        "2026-12-31.",
    )
    file = fields.Binary(string="Or a CSV file", attachment=False)
    file_name = fields.Char()

    def action_import(self):
        """Import the codes.

        :raise UserError: tells what is wrong, line by line; nothing is imported then
        """
        self.ensure_one()
        pool = self.pool_id
        pool.check_access("write")
        text = self._get_text()
        if text.count("\n") > MAX_LINES:
            raise UserError(
                self.env._(
                    "This list has more than %(count)s lines: import it in parts.",
                    count=MAX_LINES,
                )
            )
        today = (pool.company_id or self.env.company)._get_loyalty_day()
        rows, faults = read_codes(text, today)
        if not rows and not faults:
            raise UserError(self.env._("There are no codes in this list."))
        codes = self.env["loyalty.partner.code"]
        known = set(codes._import(pool, rows)) if not faults else set()
        faults += [
            CodeFault(row.line, "known", row.code) for row in rows if row.code in known
        ]
        if faults:
            raise UserError(self._word_faults(faults))
        pool._message_log(
            body=self.env._("Imported codes: %(count)s.", count=len(rows))
        )
        return pool.action_view_codes()

    def _get_text(self):
        if not self.file:
            return self.text or ""
        if self.text:
            raise UserError(self.env._("Paste codes or choose a file, not both."))
        try:
            return base64.b64decode(self.file, validate=True).decode("utf-8-sig")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise UserError(
                self.env._("This is no text file in UTF-8: save it as CSV UTF-8.")
            ) from error

    def _word_faults(self, faults):
        lines = [self._word_fault(fault) for fault in faults[:MAX_FAULTS]]
        if len(faults) > MAX_FAULTS:
            lines.append(
                self.env._("… and %(count)s more.", count=len(faults) - MAX_FAULTS)
            )
        return "\n".join(
            [self.env._("Nothing was imported. Correct these lines first:"), *lines]
        )

    def _word_fault(self, fault):
        facts = {"line": fault.line, "text": fault.text[:MAX_CODE]}
        texts = {
            "long": self.env._(
                "Line %(line)s: “%(text)s…” is longer than %(most)s characters.",
                most=MAX_CODE,
                **facts,
            ),
            "character": self.env._(
                "Line %(line)s: “%(text)s” has spaces or characters that nobody can "
                "type.",
                **facts,
            ),
            "columns": self.env._(
                "Line %(line)s: “%(text)s” has more than a code and its last day.",
                **facts,
            ),
            "empty": self.env._("Line %(line)s: “%(text)s” has no code.", **facts),
            "date": self.env._(
                "Line %(line)s: “%(text)s” is no day such as 2026-12-31.", **facts
            ),
            "past": self.env._("Line %(line)s: “%(text)s” is over already.", **facts),
            "double": self.env._(
                "Line %(line)s: “%(text)s” stands in line %(other)s already.",
                other=fault.other,
                **facts,
            ),
            "known": self.env._(
                "Line %(line)s: “%(text)s” is in the pool already.", **facts
            ),
        }
        return texts[fault.kind]
