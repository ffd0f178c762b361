from odoo import api, fields, models

from .loyalty_ledger_entry import CHANNELS


class LoyaltyEvent(models.Model):
    """Something a member did other than buying: a fact, recorded once.

    Events come in by ``_record`` (other addons) and ``record`` (other systems), see
    ``loyalty_event_record.py``. Nobody else writes them.
    """

    _name = "loyalty.event"
    _description = "Loyalty Event"
    _order = "occurred_at desc, id desc"
    _log_access = False

    event_type_id = fields.Many2one(
        comodel_name="loyalty.event.type",
        string="Event",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Member",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    occurred_at = fields.Datetime(
        string="Date", help="When it happened.", required=True, readonly=True
    )
    recorded_at = fields.Datetime(string="Recorded on", required=True, readonly=True)
    recorded_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Recorded by",
        readonly=True,
        ondelete="set null",
    )
    key = fields.Char(
        help="Names the event in the system it comes from; recorded once.",
        required=True,
        readonly=True,
    )
    source = fields.Char(
        help="The system that the event comes from.", required=True, readonly=True
    )
    channel = fields.Selection(selection=CHANNELS, required=True, readonly=True)
    value = fields.Float(digits=0, readonly=True)
    payload = fields.Json(readonly=True)
    payload_text = fields.Char(string="Details", compute="_compute_payload_text")
    award_ids = fields.One2many(
        comodel_name="loyalty.event.award",
        inverse_name="event_id",
        string="Awards",
        readonly=True,
    )
    points = fields.Float(compute="_compute_points", digits=0)

    # What other systems send never meets the suite's own keys, whatever they call
    # themselves.
    _key_unique = models.UniqueIndex("(source, key, (channel = 'api'))")
    _values_finite = models.Constraint(
        "CHECK (value BETWEEN 0 AND 1e12)",
        "The value of an event is a finite number of an honest size.",
    )

    @api.depends("event_type_id", "partner_id")
    def _compute_display_name(self):
        for event in self:
            event.display_name = (
                f"{event.event_type_id.name}, {event.partner_id.display_name}"
            )

    @api.depends("payload")
    @api.depends_context("lang")
    def _compute_payload_text(self):
        for event in self:
            details = (event.payload or {}).items()
            event.payload_text = ", ".join(
                f"{name.replace('_', ' ')}: {self._format_detail(value)}"
                for name, value in details
            )

    def _format_detail(self, value):
        """Return one detail as people write it."""
        if isinstance(value, bool):
            return self.env._("yes") if value else self.env._("no")
        if isinstance(value, int | float):
            return self.env["loyalty.program"]._format_count(value)
        return value

    @api.depends("award_ids.points")
    def _compute_points(self):
        for event in self:
            event.points = sum(event.award_ids.mapped("points"))

    def action_view_entries(self):
        """Open what the events posted to the ledger."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_ledger_entry_action"
        )
        action["domain"] = [
            ("origin_model", "=", self._name),
            ("origin_id", "in", self.ids),
        ]
        action["context"] = {}
        return action

    def _forget_details(self):
        """Empty the details, which may tell of a person; points and dates stay."""
        # sudo: events are closed to everybody but the suite.
        self.sudo().write({"payload": False})
