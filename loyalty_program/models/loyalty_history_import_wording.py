"""The wording of what the importer's pure part calls by codes."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

COLUMN_LABELS = {
    "reference": _lt("Member reference"),
    "name": _lt("Name"),
    "email": _lt("E-mail"),
    "phone": _lt("Phone"),
    "joined_on": _lt("Joined on"),
    "consented_on": _lt("Consent given on"),
    "consent_version": _lt("Version of the terms"),
    "points": _lt("Points"),
    "date": _lt("Date"),
    "quantity": _lt("Quantity"),
    "amount": _lt("Amount"),
    "order_ref": _lt("Order reference"),
}

FILE_MESSAGES = {
    "column_unknown": _lt(
        "The file has no column “%(header)s”; its first line has %(found)s columns. "
        "Name a column as the file's first line does, or by its number."
    ),
    "column_used_twice": _lt("One column of the file is named for two things."),
    "columns_missing": _lt(
        "The file's first line has %(found)s columns, and none of them is: %(names)s. "
        "Is the delimiter right? Otherwise say which column it is."
    ),
    "empty": _lt("The file is empty: there is no line to import."),
    "file_too_big": _lt("The file is larger than %(limit)s MB. Import it in parts."),
    "first_line": _lt(
        "The first line of the file cannot be read, so nobody knows what stands in "
        "which column: %(reason)s"
    ),
    "header_twice": _lt("Two columns of the file are called “%(header)s”."),
    "spreadsheet": _lt(
        "This is a spreadsheet or an archive, not a text file. Save it as CSV."
    ),
    "too_many_rows": _lt("The file has more than %(limit)s lines. Import it in parts."),
    "too_many_faults": _lt(
        "The file has more than %(limit)s bad lines. Are delimiter, encoding, date "
        "and decimal mark chosen as the file is written?"
    ),
    "utf16": _lt("The file is written in UTF-16. Save it as UTF-8."),
}

LINE_MESSAGES = {
    "columns_too_few": _lt("%(found)s columns where %(expected)s are expected."),
    "columns_too_many": _lt("%(found)s columns where %(expected)s are expected."),
    "contact_ambiguous": _lt("Several contacts have the reference “%(reference)s”."),
    "contact_archived": _lt(
        "The contact with the reference “%(reference)s” is archived."
    ),
    "date_future": _lt("%(column)s: %(value)s lies in the future."),
    "date_impossible": _lt("%(column)s: there is no such day as %(value)s."),
    "date_too_old": _lt("%(column)s: %(value)s lies before %(first)s."),
    "date_unreadable": _lt(
        "%(column)s: “%(value)s” is no date in the chosen order of day, month, year."
    ),
    "duplicate_member": _lt(
        "The reference stands in line %(first)s already; once is enough."
    ),
    "duplicate_purchase": _lt("The same order stands in line %(first)s already."),
    "email_unreadable": _lt("%(column)s: “%(value)s” is no e-mail address."),
    "encoding_is_utf8": _lt(
        "The line is written in UTF-8, not in %(encoding)s. Choose UTF-8."
    ),
    "encoding_wrong": _lt(
        "The line is not written in %(encoding)s (byte %(byte)s). "
        "Choose another encoding."
    ),
    "line_too_long": _lt("The line is longer than %(limit)s bytes."),
    "member_left": _lt("“%(reference)s” has left the programme."),
    "not_text": _lt("The line holds bytes that are no text."),
    "number_negative": _lt("%(column)s: %(value)s is negative."),
    "number_too_big": _lt("%(column)s: %(value)s is more than %(limit)s."),
    "number_too_fine": _lt(
        "%(column)s: %(value)s has more than %(decimals)s decimals."
    ),
    "number_unreadable": _lt(
        "%(column)s: “%(value)s” is no plain number with the chosen decimal mark."
    ),
    "quantity_zero": _lt("%(column)s: nothing was bought."),
    "quotes": _lt(
        "The quotes do not match; a line break within quotes is not allowed."
    ),
    "text_control": _lt("%(column)s: there are unprintable characters."),
    "text_too_long": _lt("%(column)s: longer than %(limit)s characters."),
    "unknown_member": _lt("“%(reference)s” is no member of the programme."),
    "value_missing": _lt("%(column)s is missing."),
}


class LoyaltyHistoryImport(models.AbstractModel):
    """What the user reads about a file that cannot be imported as it is."""

    _inherit = "loyalty.history.import"

    @api.model
    def _describe_fault(self, fault):
        """Return the reasons of a bad line as one text in the user's language."""
        return " ".join(self._describe_problem(problem) for problem in fault.problems)

    def _describe_problem(self, problem):
        values = dict(problem.values)
        if "column" in values:
            values["column"] = self._say(COLUMN_LABELS[values["column"]])
        return self._say(LINE_MESSAGES[problem.code]) % values

    @api.model
    def _say(self, text):
        """Return a lazy text of this file in the user's language."""
        translate = self.env._
        return translate(text)

    @api.model
    def _describe_faults(self, faults, limit=20):
        """Return a text that names the first bad lines and says how many there are."""
        lines = [
            self.env._(
                "Line %(line)s: %(reason)s",
                line=fault.line,
                reason=self._describe_fault(fault),
            )
            for fault in faults[:limit]
        ]
        title = self.env._(
            "Nothing was imported. Bad lines in the file: %(count)s.", count=len(faults)
        )
        return "\n".join([title, *lines])

    def _refuse(self, fault):
        """Return the error that tells the user why the file cannot be read."""
        values = dict(fault.values)
        if "names" in values:
            labels = [self._say(COLUMN_LABELS[name]) for name in values["names"]]
            values["names"] = ", ".join(labels)
        if "problem" in values:
            values["reason"] = self._describe_problem(values["problem"])
        return UserError(self._say(FILE_MESSAGES[fault.code]) % values)
