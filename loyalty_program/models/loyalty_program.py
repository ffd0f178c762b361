from decimal import Decimal

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..engine import tiers
from ..engine.values import TierRule
from .loyalty_card import CURRENT_STATES


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

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
        help="Decimals of a point. Points are rounded down to this.",
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
    tier_metric = fields.Selection(
        selection=[("spend", "Money spent"), ("points", "Points earned")],
        string="Tier counts",
        default="spend",
        required=True,
    )
    tier_window_months = fields.Integer(
        string="Tier window (months)",
        help="Purchases of so many months count for the tier. 0: a lifetime.",
        default=12,
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
        """CHECK (hold_days BETWEEN 0 AND 3650
            AND tier_window_months BETWEEN 0 AND 1200)""",
        "A return window lasts up to 3650 days, a tier window up to 1200 months.",
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
        return pytz.timezone(company.partner_id.tz or "UTC")

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
                [("program_id", "=", self.id), ("partner_id", "in", partner_ids)],
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
        self._move_tiers(cards.filtered(lambda card: not card.tier_id), False)
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

    # === Tiers ===

    def _get_tier_rules(self):
        return [
            TierRule(tier.id, Decimal(repr(tier.threshold))) for tier in self.tier_ids
        ]

    def _get_tier_progress(self, value):
        """Return (next tier record or empty, missing, ratio) for a metric value."""
        target, missing, ratio = tiers.progress(value, self._get_tier_rules())
        tier = self.env["loyalty.tier"].browse(target.tier_id if target else [])
        return tier, missing, ratio

    def _get_tier_metrics(self, cards):
        """Return {card id: Decimal} of what counts for the tier now."""
        self.ensure_one()
        if not cards.ids:
            return {}
        today = self._get_local_date()
        rows = self.env.execute_query(
            self._query_tier_metrics(
                cards.ids, tiers.window_start(today, self.tier_window_months), today
            )
        )
        return {card_id: Decimal(value) for card_id, value in rows}

    def _query_tier_metrics(self, card_ids, start, today):
        # SQL: entries are inserted by SQL only, nothing of them waits for a flush. What
        # was bought on a card of the same customer that was merged counts as well.
        column = "base_amount" if self.tier_metric == "spend" else "points"
        return SQL(
            """
            SELECT k.id, SUM(%s)::text
            FROM loyalty_card k
            JOIN loyalty_card c ON c.partner_id = k.partner_id
                AND c.program_id = k.program_id AND (c.id = k.id OR NOT c.active)
            JOIN loyalty_ledger_entry e ON e.member_card_id = c.id
            WHERE k.id = ANY(%s) AND k.program_id = %s
                AND e.tier_date >= %s AND e.available_on <= %s
            GROUP BY k.id
            """,
            SQL.identifier("e", column),
            card_ids,
            self.id,
            start or fields.Date.to_date("1900-01-01"),
            today,
        )

    def _move_tiers(self, cards, allow_down):
        """Move each card to the tier that its metric reaches.

        :param bool allow_down: keep the higher tier when False
        """
        self.ensure_one()
        if not self.tier_ids or not cards:
            return
        metrics = self._get_tier_metrics(cards)
        rules = self._get_tier_rules()
        today = self._get_local_date()
        moves, changes = {}, []
        for card in cards:
            value = metrics.get(card.id, Decimal(0))
            tier = self.env["loyalty.tier"].browse(tiers.qualify(value, rules))
            is_down = tier.threshold < card.tier_id.threshold or not tier
            if tier == card.tier_id or (card.tier_id and is_down and not allow_down):
                continue
            moves.setdefault(tier, []).append(card.id)
            cause = "joined" if not card.tier_id else "down" if is_down else "up"
            changes.append(
                {
                    "card_id": card.id,
                    "from_tier_id": card.tier_id.id,
                    "to_tier_id": tier.id,
                    "cause": cause,
                    "metric_value": float(value),
                    "changed_on": today,
                }
            )
        cards = self.env["loyalty.card"].with_context(tracking_disable=True)
        for tier, card_ids in moves.items():
            # sudo: the tier follows from the ledger, whoever made the purchase.
            cards.browse(card_ids).sudo().write(
                {"tier_id": tier.id, "tier_since": today}
            )
        # sudo: the trail of the move belongs to the suite.
        self.env["loyalty.tier.change"].sudo().create(changes)

    def _requalify_members(self, batch):
        """Yield after each batch of members whose tier was looked at anew."""
        self.ensure_one()
        if not self.tier_ids:
            return
        last_id = 0
        domain = [("program_id", "=", self.id), ("member_state", "in", CURRENT_STATES)]
        while cards := self.env["loyalty.card"].search(
            domain + [("id", ">", last_id)], order="id", limit=batch
        ):
            last_id = cards[-1].id
            self._move_tiers(cards, True)
            yield cards

    def action_view_members(self):
        """Open the members of this programme."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_card_action_member"
        )
        action["context"] = {"search_default_program_id": self.id, "create": False}
        return action
