import io
from datetime import timedelta

from odoo.tests import TransactionCase

from ..importer.formats import MEMBERS, OPENINGS, PURCHASES, FileFormat
from ..importer.job import ImportJob

HEADERS = {
    MEMBERS: "reference,name,email,phone,joined,consent,terms",
    OPENINGS: "reference,points,date",
    PURCHASES: "reference,date,quantity,amount,order",
}


class HistoryImportCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        programs = cls.env["loyalty.program"]
        cls.program = programs.create(
            {
                **programs._prepare_membership_values(),
                "hold_days": 14,
                "expiry_mode": "earning",
                "validity_count": 12,
            }
        )
        cls.service = cls.env["loyalty.history.import"]
        cls.today = cls.program._get_local_date()

    def day(self, days_ago):
        return str(self.today - timedelta(days=days_ago))

    def run_import(self, kind, *lines, skip=(), **job):
        fmt = job.pop("fmt", FileFormat())
        stream = io.BytesIO("\n".join([HEADERS[kind], *lines]).encode())
        job = ImportJob(kind=kind, fmt=fmt, **job)
        return self.service._import(self.program, job, stream, skip)

    def check(self, kind, *lines, **job):
        stream = io.BytesIO("\n".join([HEADERS[kind], *lines]).encode())
        return self.service._check(self.program, ImportJob(kind=kind, **job), stream)

    def entries(self):
        return self.env["loyalty.ledger.entry"].search(
            [("program_id", "=", self.program.id)], order="id"
        )

    def card(self, reference):
        partner = self.env["res.partner"].search([("ref", "=", reference)])
        return self.program._get_member_card(partner)

    def join(self, *references):
        self.run_import(
            MEMBERS,
            *(
                f"{ref},Member {ref},,,{self.day(700)},{self.day(700)},2"
                for ref in references
            ),
        )

    def reasons(self, report):
        return [(f.line, self.service._describe_fault(f)) for f in report.faults]
