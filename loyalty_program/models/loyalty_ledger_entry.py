from odoo import api, fields, models
from odoo.exceptions import UserError

from .sql_files import run_sql_file

CHANNELS = [
    ("sale", "Sales order"),
    ("pos", "Till"),
    ("website", "Webshop"),
    ("backoffice", "Back office"),
    ("import", "Import"),
    ("campaign", "Campaign"),
    ("api", "API"),
]

ENTRY_TYPES = [
    ("earn", "Earned"),
    ("bonus", "Bonus"),
    ("redeem", "Redeemed"),
    ("redeem_reversal", "Redemption returned"),
    ("earn_reversal", "Earning reversed"),
    ("expire", "Expired"),
    ("reinstate", "Reinstated"),
    ("adjust", "Adjusted"),
    ("transfer", "Transferred"),
    ("opening", "Opening balance"),
]


class LoyaltyLedgerEntry(models.Model):
    """One immutable row of the points ledger.

    The ledger service (``loyalty.ledger``) is the only writer; a trigger in the
    database refuses every change. The row carries no partner and no free text, so
    that a person can be erased and the sums stay.
    """

    _name = "loyalty.ledger.entry"
    _description = "Loyalty Ledger Entry"
    _order = "occurred_at desc, id desc"
    _log_access = False

    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Account",
        help="The card whose balance this entry changes.",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    member_card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Member",
        help="The member who caused the entry.",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(related="member_card_id.partner_id")
    program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Programme",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        readonly=True,
        ondelete="restrict",
    )
    entry_type = fields.Selection(
        selection=ENTRY_TYPES,
        string="Type",
        required=True,
        readonly=True,
    )
    points = fields.Float(digits=0, required=True, readonly=True)
    base_amount = fields.Monetary(
        string="Money",
        help="The money the points rest on, in the programme's currency.",
        readonly=True,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        readonly=True,
        ondelete="restrict",
    )
    occurred_at = fields.Datetime(
        string="Date",
        help="When it happened: the purchase, the cancellation, the expiry.",
        required=True,
        readonly=True,
    )
    posted_at = fields.Datetime(string="Posted on", required=True, readonly=True)
    available_on = fields.Date(
        string="Spendable from",
        help="First day on which earned points may be spent.",
        required=True,
        readonly=True,
    )
    tier_date = fields.Date(
        string="Day for the tier",
        help="Day on which the entry counts for the tier; empty: it does not count.",
        readonly=True,
    )
    channel = fields.Selection(selection=CHANNELS, required=True, readonly=True)
    origin_model = fields.Char(readonly=True)
    origin_id = fields.Many2oneReference(
        string="Origin record",
        model_field="origin_model",
        readonly=True,
    )
    origin_display = fields.Char(string="Origin", compute="_compute_origin_display")
    key = fields.Char(string="Idempotency key", required=True, readonly=True)
    reverses_id = fields.Many2one(
        comodel_name="loyalty.ledger.entry",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    posted_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Posted by",
        readonly=True,
        ondelete="restrict",
    )
    breakdown = fields.Json(readonly=True)

    # With the points, so that the sum of a card is read from the index alone.
    _card_index = models.Index("(card_id) INCLUDE (points)")
    _key_unique = models.UniqueIndex("(key)")
    _origin_index = models.Index("(origin_model, origin_id)")
    _tier_index = models.Index(
        "(member_card_id, tier_date) WHERE tier_date IS NOT NULL"
    )
    _points_finite = models.Constraint(
        "CHECK (points BETWEEN -1e12 AND 1e12)",
        "Points must be a finite number of an honest size.",
    )

    _base_finite = models.Constraint(
        "CHECK (base_amount BETWEEN -1e12 AND 1e12)",
        "Money must be a finite number of an honest size.",
    )

    def init(self):
        """Make the functions and triggers that keep the ledger, at every update."""
        run_sql_file(self.env.cr, "ledger_append_only")
        run_sql_file(self.env.cr, "ledger_lapse")
        run_sql_file(self.env.cr, "ledger_post")
        run_sql_file(self.env.cr, "ledger_post_one")
        run_sql_file(self.env.cr, "ledger_undo")

    @api.depends("entry_type", "points")
    def _compute_display_name(self):
        labels = dict(self._fields["entry_type"]._description_selection(self.env))
        for entry in self:
            sign = "" if entry.points < 0 else "+"
            points = entry.program_id._format_count(entry.points)
            entry.display_name = f"{labels.get(entry.entry_type)} {sign}{points}"

    @api.depends("origin_model", "origin_id")
    def _compute_origin_display(self):
        names = {}
        for model in set(filter(None, self.mapped("origin_model"))):
            if model not in self.env:
                continue
            ids = self.filtered(lambda e, m=model: e.origin_model == m).mapped(
                "origin_id"
            )
            # sudo: the name of the document explains the entry; whoever may read the
            # entry may read that name, not the document.
            for record in self.env[model].sudo().browse(ids).exists():
                names[model, record.id] = self._name_origin(record)
        for entry in self:
            entry.origin_display = names.get((entry.origin_model, entry.origin_id))

    @api.model
    def _name_origin(self, record):
        """Return the name of a document; the code of a coupon is nobody's to read."""
        if record._name == "loyalty.card" and record.member_state == "none":
            hint = (record.code or "")[-4:]
            return f"{record.program_id.name}: \N{BULLET}\N{BULLET}\N{BULLET}{hint}"
        return record.display_name

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse(
            self.env._("Ledger entries are posted by the loyalty ledger only.")
        )
        return super().create(vals_list)

    def write(self, vals):
        self._refuse(self.env._("Ledger entries never change: post a reversal."))
        return super().write(vals)

    def _refuse(self, reason):
        """Refuse what nobody may do, the superuser included."""
        raise UserError(reason)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("Ledger entries are never deleted."))
