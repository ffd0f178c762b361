import binascii
from base64 import b64encode
from datetime import timedelta
from secrets import token_hex

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import hash_sign, verify_hash_signed

SCOPE = "loyalty_program.check_in"

#: How long a shown code can be scanned.
LIFE = timedelta(seconds=60)

#: How long who scanned it in time may take to log in, or to join.
PATIENCE = timedelta(minutes=10)

#: How long the trail of scans is kept, and codes that nobody scanned.
KEPT_SCANS = timedelta(days=400)
KEPT_CODES = timedelta(days=1)

ROUTE = "/loyalty/check-in"

OUTCOMES = [
    ("given", "Checked in"),
    ("guest", "Not logged in yet"),
    ("stranger", "Not a member"),
    ("today", "Second one of the day"),
    ("expired", "Too late"),
    ("used", "Used before"),
    ("own", "Scanned by who showed it"),
]


class LoyaltyCheckIn(models.Model):
    """A code that staff show to a visitor: it works once, and for a minute.

    Who scans it in time holds it: the log-in may take longer than the code lives.
    """

    _name = "loyalty.check.in"
    _description = "Check-in Code"
    _order = "id desc"
    _log_access = False

    place = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="cascade"
    )
    shown_by_id = fields.Many2one(
        comodel_name="res.users", required=True, readonly=True, ondelete="cascade"
    )
    expires_at = fields.Datetime(required=True, readonly=True, index=True)
    holder = fields.Char(
        help="Names the browser session that scanned the code in time.",
        readonly=True,
        groups="base.group_no_one",
    )
    held_until = fields.Datetime(readonly=True)
    used_at = fields.Datetime(readonly=True)
    scan_ids = fields.One2many(
        comodel_name="loyalty.check.in.scan",
        inverse_name="check_in_id",
        readonly=True,
    )

    # === Shown ===

    @api.model
    def _show(self, place):
        """Make a code and return it as staff show it; callers checked who asks.

        :param str place: where the visit is, for the trail
        :return: {"url": str, "image": PNG as a data URL, "seconds": int}
        """
        # sudo: codes are made by this method only.
        code = self.sudo().create(
            {
                "place": place,
                "company_id": self.env.company.id,
                "shown_by_id": self.env.uid,
                "expires_at": fields.Datetime.now() + LIFE,
            }
        )
        url = f"{code.get_base_url()}{ROUTE}/{code._get_token()}"
        # sudo: drawing a code needs no right on reports.
        reports = self.env["ir.actions.report"].sudo()
        image = reports.barcode("QR", url, width=400, height=400)
        return {
            "url": url,
            "image": f"data:image/png;base64,{b64encode(image).decode()}",
            "seconds": int(LIFE.total_seconds()),
        }

    def _get_token(self):
        return hash_sign(self.env, SCOPE, self.id)

    @api.model
    def _find(self, token):
        """Return the code that a scanned address names, or an empty record."""
        # sudo: the signature is the right to ask for the code.
        codes = self.sudo()
        try:
            number = verify_hash_signed(codes.env, SCOPE, token)
        except (ValueError, IndexError, binascii.Error):
            return codes
        return codes.browse(number).exists() if number else codes

    # === Scanned ===

    @api.model
    def _make_holder(self):
        return token_hex(16)

    def _hold(self, holder):
        """Keep the code for a visitor who has to log in or to join first.

        :param str holder: names the visitor's session
        :return: the outcome of the scan, see ``OUTCOMES``
        """
        self.ensure_one()
        outcome = self._get_obstacle(holder) or "guest"
        if outcome == "guest":
            self._keep_for(holder)
        self._log_scan(outcome)
        return outcome

    def _check_in(self, partner, holder):
        """Record the visit of a customer, once and once a day.

        :param partner: the customer who is logged in
        :param str holder: names the customer's session
        :return: (outcome, the event or an empty record)
        """
        self.ensure_one()
        events = self.env["loyalty.event"].with_company(self.company_id)
        outcome = self._get_obstacle(holder)
        if not outcome and partner == self.shown_by_id.partner_id:
            outcome = "own"
        if not outcome and not events._find_memberships(partner):
            outcome = "stranger"
            self._keep_for(holder)
        key = self._get_visit_key(partner)
        known = events._find_by_key("check_in", key)
        if not outcome and known:
            outcome = "today"
        if outcome:
            self._log_scan(outcome, partner)
            return outcome, events.browse()
        self._use()
        event = events._record(
            "checkin",
            partner,
            key,
            source="check_in",
            channel="backoffice",
            payload={"place": self.place},
        )
        self._log_scan("given", partner, event)
        return "given", event

    def _get_obstacle(self, holder):
        """Return why the code does not work for this session, or None."""
        now = fields.Datetime.now()
        if self.used_at:
            return "used"
        if self.holder and now <= self.held_until:
            return None if self.holder == holder else "used"
        return "expired" if now > self.expires_at else None

    def _keep_for(self, holder):
        if self.holder != holder:
            self.write(
                {
                    "holder": holder,
                    "held_until": fields.Datetime.now() + PATIENCE,
                }
            )

    def _use(self):
        # The second of two at once fails to write, is tried again, and finds it used.
        self.write({"used_at": fields.Datetime.now()})
        self.flush_recordset()

    def _get_visit_key(self, partner):
        """Return the key of a day's visit: the second one of the day has it, too."""
        programs = self.env["loyalty.program"].with_company(self.company_id)
        day = programs._get_local_date()
        return f"{self.company_id.id}:{partner.id}:{day}"

    def _log_scan(self, outcome, partner=None, event=None):
        self.env["loyalty.check.in.scan"].create(
            {
                "check_in_id": self.id,
                "scanned_at": fields.Datetime.now(),
                "partner_id": partner.id if partner else False,
                "outcome": outcome,
                "event_id": event.id if event else False,
            }
        )

    # === Kept ===

    @api.autovacuum
    def _gc_codes(self):
        """Delete codes that nobody scanned, and scans of long ago with theirs."""
        now = fields.Datetime.now()
        # SQL: scans go with their codes.
        self.env.execute_query(
            SQL(
                """
                DELETE FROM loyalty_check_in c WHERE c.expires_at < %s OR (
                    c.expires_at < %s AND NOT EXISTS (
                        SELECT 1 FROM loyalty_check_in_scan s
                        WHERE s.check_in_id = c.id))
                RETURNING id
                """,
                now - KEPT_SCANS,
                now - KEPT_CODES,
            )
        )


class LoyaltyCheckInScan(models.Model):
    """Who scanned which code, and what came of it."""

    _name = "loyalty.check.in.scan"
    _description = "Scan of a Check-in Code"
    _order = "id desc"
    _log_access = False

    check_in_id = fields.Many2one(
        comodel_name="loyalty.check.in",
        string="Code",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="check_in_id.company_id")
    place = fields.Char(related="check_in_id.place")
    shown_by_id = fields.Many2one(related="check_in_id.shown_by_id")
    scanned_at = fields.Datetime(string="Date", required=True, readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    outcome = fields.Selection(selection=OUTCOMES, required=True, readonly=True)
    event_id = fields.Many2one(
        comodel_name="loyalty.event", readonly=True, ondelete="set null"
    )


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    takes_check_ins = fields.Boolean(
        help="A visit earns in this programme.", compute="_compute_takes_check_ins"
    )

    def _compute_takes_check_ins(self):
        # sudo: whether a visit earns is no secret, whoever serves the member.
        rules = self.env["loyalty.event.rule"].sudo()
        kind = self.env.ref(
            "loyalty_program.loyalty_event_type_checkin", raise_if_not_found=False
        )
        found = rules.search(
            [("program_id", "in", self.ids), ("event_type_id", "in", kind and kind.ids)]
        )
        for program in self:
            program.takes_check_ins = program in found.program_id
