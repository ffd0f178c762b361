from datetime import datetime, time
from typing import NamedTuple

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..engine.values import Basket, BasketLine, Posting
from ..importer.checking import check_file
from ..importer.faults import Fault, FileError, Problem
from ..importer.formats import MEMBERS, OPENINGS
from ..importer.job import Report
from ..importer.rows import OpeningRow, row_key

#: Rows that are looked up and posted together.
BATCH = 2000

#: Whoever has more bad lines than this has chosen the wrong format.
MAX_FAULTS = 10_000


class Placed(NamedTuple):
    """A good row beside what the database knows of its member, maybe nothing."""

    row: object
    partner: models.Model
    card: models.Model


class LoyaltyHistoryImport(models.AbstractModel):
    """Bring members, balances and purchases over from an old system.

    Every method is private. Callers check the rights of whoever asks and then call
    the service in sudo. A file is read twice: once to find every bad line, once to
    import; nothing of it is kept in memory but digests and bad lines.
    """

    _name = "loyalty.history.import"
    _description = "Loyalty History Import"

    # === The door ===

    @api.model
    def _check(self, program, job, stream):
        """Say what an import would do and which lines it cannot take; change nothing.

        :param program: the strict programme that the file is meant for
        :param ImportJob job: kind, format, source
        :param stream: binary file object, read from where it stands
        :rtype: Report
        :raise UserError: the file as a whole cannot be read
        """
        self._check_program(program)
        report = Report()
        for batch in self._read(program, job, stream):
            placed = [item for item in batch if not isinstance(item, Fault)]
            report.faults += [item for item in batch if isinstance(item, Fault)]
            if len(report.faults) > MAX_FAULTS:
                raise self._refuse(FileError("too_many_faults", limit=MAX_FAULTS))
            self._count(report, program, job, placed)
        return report

    @api.model
    def _import(self, program, job, stream, skip_lines=()):
        """Import a file, once: what came in before is left alone.

        :param program: the strict programme that the file is meant for
        :param ImportJob job: kind, format, source
        :param stream: binary file object that can seek
        :param skip_lines: numbers of the bad lines that the user agreed to leave out
        :return: what was done, the lines left out as its faults
        :rtype: Report
        :raise UserError: there is a bad line that nobody agreed to leave out
        Locks the members' cards. No customer is written to.
        """
        start = stream.tell()
        report = self._check(program, job, stream)
        bad = [fault for fault in report.faults if fault.line not in set(skip_lines)]
        if bad:
            raise UserError(self._describe_faults(bad))
        if job.kind != MEMBERS and report.joining:
            self._enrol_unknown(program, job, report.joining)
        stream.seek(start)
        for batch in self._read(program, job, stream):
            placed = [item for item in batch if not isinstance(item, Fault)]
            if job.kind == MEMBERS:
                self._enrol_rows(program, job, placed)
            else:
                self._post_rows(program, job, placed)
            # A long file must not end with all of its records in the cache.
            self.env.flush_all()
            self.env.invalidate_all()
        return report

    def _check_program(self, program):
        program.ensure_one()
        if program.ledger_policy != "strict":
            raise UserError(
                self.env._("“%(name)s” takes no members.", name=program.name)
            )

    # === Reading ===

    def _read(self, program, job, stream):
        """Yield the file in batches, each a list of Placed and Fault."""
        items = check_file(
            job.kind,
            stream,
            job.fmt,
            today=program._get_local_date(),
            points_scale=program.points_scale,
        )
        taken = set()
        try:
            for batch in split_every(BATCH, items, list):
                yield self._place(program, job, batch, taken)
        except FileError as fault:
            raise self._refuse(fault) from fault

    def _place(self, program, job, batch, taken):
        """Put to each row its contact and card, or the reason why there is none.

        :param set taken: ids of the contacts that rows of this file found by e-mail
        """
        rows = [item for item in batch if not isinstance(item, Fault)]
        contacts = self._find_contacts(program, {row.reference for row in rows})
        by_email = self._find_by_email(program, rows) if job.kind == MEMBERS else {}
        nobody = self.env["res.partner"]
        found = {}
        for row in rows:
            partner = contacts.get(row.reference, nobody)
            if not partner and by_email:
                partner = by_email.get((row.email or "").lower(), nobody)
                partner = nobody if partner.id in taken else partner
                taken.update(partner.ids)
            found[row.line] = partner
        members = nobody.union(*found.values()).filtered("active")
        cards = program._get_member_cards(members)
        left = self._find_left(program, members)
        return [
            item
            if isinstance(item, Fault)
            else self._judge(job, item, found[item.line], (cards, left))
            for item in batch
        ]

    def _find_left(self, program, partners):
        """Return the ids of those who ended their membership.

        An old file is no new consent: it must not bring them back.
        """
        cards = self.env["loyalty.card"].search(
            [
                ("program_id", "=", program.id),
                ("partner_id", "in", partners.ids),
                ("member_state", "in", ("left", "erased")),
            ]
        )
        return set(cards.partner_id.ids)

    def _judge(self, job, row, partner, known):
        """Return the row with its member, or a fault.

        :param known: {partner id: card} of the members, ids of those who left
        """
        cards, left = known
        code = None
        active = partner.filtered("active")
        if len(active) > 1:
            code = "contact_ambiguous"
        elif partner and not active:
            code = "contact_archived"
        card = cards.get(active.id) if len(active) == 1 else None
        if not code and not card:
            if active.id in left:
                code = "member_left"
            elif job.kind != MEMBERS and not job.consent:
                code = "unknown_member"
        if code:
            problem = Problem(code, {"reference": row.reference})
            return Fault(row.line, (problem,), row.text)
        return Placed(row, active, card or self.env["loyalty.card"])

    def _find_contacts(self, program, references):
        """Return {reference: contacts}, archived ones too."""
        contacts = self.env["res.partner"].with_context(active_test=False)
        return contacts.search(
            [("ref", "in", sorted(references)), *self._get_company_domain(program)]
        ).grouped("ref")

    def _find_by_email(self, program, rows):
        """Return {address: contact} for those whom an address names beyond doubt.

        A shop that kept its contacts in Odoo already must not get each of them twice;
        an address that two contacts share says nothing.
        """
        addresses = {row.email.lower() for row in rows if row.email}
        contacts = self.env["res.partner"].search(
            [
                ("email_normalized", "in", sorted(addresses)),
                *self._get_company_domain(program),
            ]
        )
        return {
            address: partners
            for address, partners in contacts.grouped("email_normalized").items()
            if len(partners) == 1 and not partners.ref
        }

    def _get_company_domain(self, program):
        company = program.company_id or self.env.company
        return [("company_id", "in", [False, company.id])]

    # === Counting ===

    def _count(self, report, program, job, placed):
        """Add to the report what the rows would bring."""
        report.rows += len(placed)
        if job.kind == MEMBERS:
            for row, _partner, card in placed:
                report.known += bool(card)
                if not card:
                    report.joining[row.reference] = row.joined_on
            return
        known = self._find_known_keys(program, job, placed)
        for row, _partner, card in placed:
            if not card:
                first = report.joining.get(row.reference, row.date)
                report.joining[row.reference] = min(first, row.date)
            if row_key(row, program.id, job.source) in known:
                report.known += 1
            elif job.kind == OPENINGS:
                report.points += row.points
            else:
                report.amount += row.amount
                report.points += self._evaluate(program, row).points

    def _find_known_keys(self, program, job, placed):
        keys = [row_key(item.row, program.id, job.source) for item in placed]
        entries = self.env["loyalty.ledger.entry"].search_fetch(
            [("key", "in", keys)], ["key"]
        )
        return set(entries.mapped("key"))

    # === Importing ===

    def _enrol_rows(self, program, job, placed):
        """Make members of those in the rows who are none yet."""
        new = [item for item in placed if not item.card]
        unknown = [item.row for item in new if not item.partner]
        created = self._create_contacts(
            [
                {
                    "name": row.name,
                    "ref": row.reference,
                    "email": row.email,
                    "phone": row.phone,
                }
                for row in unknown
            ]
        )
        by_line = {
            row.line: partner for row, partner in zip(unknown, created, strict=True)
        }
        partners = [item.partner or by_line[item.row.line] for item in new]
        for row, partner, _card in placed:
            if partner and not partner.ref:
                partner.ref = row.reference
        members = [
            (p, item.row.joined_on) for p, item in zip(partners, new, strict=True)
        ]
        cards = program._enrol_batch(members, "import", True)
        self._stamp_consent(
            program,
            [
                (card, item.row.consented_on, item.row.consent_version or job.source)
                for card, item in zip(cards, new, strict=True)
            ],
        )

    def _enrol_unknown(self, program, job, joining):
        """Make members of customers who are only known by their purchases.

        :param dict joining: {reference: first day in the file}
        """
        contacts = {
            reference: partners.filtered("active")
            for reference, partners in self._find_contacts(program, joining).items()
        }
        unknown = [reference for reference in joining if reference not in contacts]
        created = self._create_contacts(
            [{"name": reference, "ref": reference} for reference in unknown]
        )
        contacts.update(zip(unknown, created, strict=True))
        members = [(contacts[reference], day) for reference, day in joining.items()]
        cards = program._enrol_batch(members, "import", True)
        self._stamp_consent(
            program,
            [
                (card, day, job.source)
                for card, (_partner, day) in zip(cards, members, strict=True)
            ],
        )

    def _create_contacts(self, vals_list):
        quiet = {"tracking_disable": True, "mail_create_nosubscribe": True}
        contacts = self.env["res.partner"].with_context(**quiet)
        return contacts.create([{**vals, "customer_rank": 1} for vals in vals_list])

    def _stamp_consent(self, program, consents):
        """Keep when and to which terms each new member had agreed.

        :param consents: list of (card, day, version of the terms or name of the source)
        """
        groups = {}
        for card, day, version in consents:
            groups.setdefault((day, version), []).append(card.id)
        for (day, version), card_ids in groups.items():
            self.env["loyalty.card"].browse(card_ids).write(
                {
                    "terms_accepted_on": self._get_noon(program, day),
                    "terms_version": version,
                }
            )

    def _post_rows(self, program, job, placed):
        """Post the rows that no earlier import brought in."""
        known = self._find_known_keys(program, job, placed)
        postings = []
        for row, _partner, card in placed:
            key = row_key(row, program.id, job.source)
            if key not in known:
                postings.append(self._prepare_posting(program, row, card, key))
        self.env["loyalty.ledger"]._post(postings, notify=False)

    def _prepare_posting(self, program, row, card, key):
        facts = {
            "card_id": card.id,
            "key": key,
            "occurred_at": self._get_noon(program, row.date),
            "channel": "import",
        }
        if isinstance(row, OpeningRow):
            return Posting(entry_type="opening", points=row.points, **facts)
        earned = self._evaluate(program, row)
        return Posting(
            entry_type="earn",
            points=earned.points,
            base_amount=earned.base,
            hold_days=program.hold_days,
            counts_for_tier=True,
            breakdown=earned.breakdown,
            **facts,
        )

    def _evaluate(self, program, row):
        """Return what a purchase of the past earns under today's rules."""
        line = BasketLine(None, row.quantity, row.amount, row.amount)
        return program._evaluate(Basket((line,)))

    def _get_noon(self, program, day):
        """Return noon of a day where the programme lives, in UTC; never the future.

        At noon the day is the same day in every report, whichever side of Greenwich
        its reader lives on, but for the far Pacific.
        """
        noon = program._get_timezone().localize(datetime.combine(day, time(12)))
        return min(
            noon.astimezone(pytz.utc).replace(tzinfo=None), fields.Datetime.now()
        )
