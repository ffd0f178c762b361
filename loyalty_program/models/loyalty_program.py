import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .loyalty_card import CURRENT_STATES


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"
    # As Odoo's, but certain: of programmes of one rank the older one comes first.
    _order = "sequence, id"

    is_managed = fields.Boolean(
        string="Has a ledger",
        help="Every change of a balance of this programme is an entry of the ledger.",
        compute="_compute_is_managed",
        store=True,
    )
    ledger_policy = fields.Selection(
        selection=[
            ("stock", "Recorded: points follow Odoo's own rules"),
            ("strict", "Members only: the server computes"),
        ],
        string="Policy",
        help="Members only: customers join with consent, the server computes the "
        "points in every channel. Recorded: Odoo's own behaviour, written down.",
        default="stock",
        required=True,
    )
    points_scale = fields.Integer(
        string="Decimals",
        help="Decimals of a point. Points are rounded to this.",
        default=0,
    )
    hold_days = fields.Integer(
        string="Return window (days)",
        help="Earned points are pending for so many days: visible, not spendable.",
        default=0,
    )
    tier_ids = fields.One2many(
        comodel_name="loyalty.tier",
        inverse_name="program_id",
        string="Tiers",
        copy=True,
    )
    terms = fields.Html(
        help="What a customer agrees to when joining.",
        translate=True,
        sanitize=True,
    )
    terms_version = fields.Char(default="1")
    member_count = fields.Integer(string="Members", compute="_compute_member_count")

    _scale_range = models.Constraint(
        "CHECK (points_scale BETWEEN 0 AND 6)",
        "A point has between 0 and 6 decimals.",
    )
    _spans_sane = models.Constraint(
        "CHECK (hold_days BETWEEN 0 AND 3650)",
        "A return window lasts up to 3650 days.",
    )

    @api.depends("program_type")
    def _compute_is_managed(self):
        for program in self:
            program.is_managed = program.program_type == "loyalty"

    def _compute_member_count(self):
        counts = dict(
            self.env["loyalty.card"]._read_group(
                [
                    ("program_id", "in", self.ids),
                    ("member_state", "in", CURRENT_STATES),
                ],
                ["program_id"],
                ["__count"],
            )
        )
        for program in self:
            program.member_count = counts.get(program, 0)

    @api.constrains("ledger_policy", "program_type", "applies_on")
    def _check_strict_is_loyalty(self):
        for program in self.filtered(lambda p: p.ledger_policy == "strict"):
            if not program.is_managed or program.applies_on == "current":
                raise ValidationError(
                    self.env._(
                        "Only loyalty cards for current and future orders can be "
                        "restricted to members."
                    )
                )

    @api.constrains("program_type")
    def _check_type_keeps_ledger(self):
        # sudo: the entries decide, whether or not the user may see them.
        posted = self.env["loyalty.ledger.entry"].sudo()
        for program in self.filtered(lambda p: not p.is_managed):
            if posted.search_count([("program_id", "=", program.id)], limit=1):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” has a ledger and stays a loyalty programme.",
                        name=program.name,
                    )
                )

    def write(self, vals):
        bare = self.filtered(lambda program: not program.is_managed)
        result = super().write(vals)
        if "program_type" in vals:
            # sudo: the ledger is closed to everybody but the service.
            self.env["loyalty.ledger"].sudo()._open(bare.filtered("is_managed").sudo())
        return result

    # === Time ===

    def _get_timezone(self):
        """Return the time zone in which the programme's days begin."""
        company = self.company_id or self.env.company
        return company._get_loyalty_timezone()

    def _get_local_date(self, moment=None):
        """Return the programme's day of a naive UTC datetime, of now without one."""
        moment = moment or fields.Datetime.now()
        return pytz.utc.localize(moment).astimezone(self._get_timezone()).date()

    # === Membership ===

    def _get_member_card(self, partner):
        """Return the joined card of ``partner``, or an empty record."""
        cards = self._get_member_cards(partner)
        return cards.get(partner.id, self.env["loyalty.card"])

    def _get_member_cards(self, partners):
        """Return {partner id: joined card} for those of ``partners`` who have one."""
        self.ensure_one()
        cards = self.env["loyalty.card"].search(
            [
                # Whatever a context says: archived cards were merged.
                ("active", "=", True),
                ("program_id", "=", self.id),
                ("partner_id", "in", partners.ids),
                ("member_state", "in", CURRENT_STATES),
            ]
        )
        return {card.partner_id.id: card for card in cards}

    def _enrol(self, partner, channel, consent, joined_on=None):
        """Make ``partner`` a member; a member already stays one, unchanged.

        The caller has checked who may ask, and calls this in sudo.

        :param str channel: one of the ledger's channels
        :param bool consent: whether the customer agreed to the terms
        :param date joined_on: for imports; None means today
        :return: the member's card
        :raise UserError: no consent, closed programme, unusable partner
        """
        partner.ensure_one()
        return self._enrol_batch([(partner, joined_on)], channel, consent)

    def _enrol_batch(self, members, channel, consent):
        """Make many members at once, see :meth:`_enrol`.

        :param members: list of (partner, joined_on or None)
        :return: the cards, in the order of ``members``
        """
        self.ensure_one()
        self._check_may_enrol([partner for partner, _day in members], consent)
        cards = self.env["loyalty.card"].with_context(
            loyalty_no_mail=True, tracking_disable=True
        )
        partner_ids = [partner.id for partner, _day in members]
        known = {
            card.partner_id.id: card
            for card in cards.search(
                [
                    ("active", "=", True),
                    ("program_id", "=", self.id),
                    ("partner_id", "in", partner_ids),
                ],
                order="id desc",
            ).sorted(lambda card: card.member_state in CURRENT_STATES)
        }
        missing = [p for p in dict.fromkeys(partner_ids) if p not in known]
        created = cards.create(
            [{"program_id": self.id, "partner_id": p, "points": 0} for p in missing]
        )
        known.update({card.partner_id.id: card for card in created})
        for partner, day in members:
            known[partner.id]._join(channel, day)
        cards = cards.browse([known[partner_id].id for partner_id in partner_ids])
        self._move_tiers(cards, True)
        return cards.with_env(self.env)

    def _check_may_enrol(self, partners, consent):
        if self.ledger_policy != "strict" or not self.active:
            raise UserError(self.env._("“%(name)s” takes no members.", name=self.name))
        today = self._get_local_date()
        if self.date_to and self.date_to < today:
            raise UserError(self.env._("“%(name)s” has ended.", name=self.name))
        if not consent:
            raise UserError(
                self.env._(
                    "A customer becomes a member by agreeing to the programme's terms."
                )
            )
        for partner in partners:
            if not partner.active or partner.is_public:
                raise UserError(
                    self.env._(
                        "%(name)s cannot become a member.", name=partner.display_name
                    )
                )

    def action_view_members(self):
        """Open the members of this programme."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_card_action_member"
        )
        action["context"] = {"search_default_program_id": self.id, "create": False}
        return action
