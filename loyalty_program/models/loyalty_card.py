from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ..engine.rounding import to_decimal
from .forged_defaults import without_defaults
from .loyalty_ledger_entry import CHANNELS

MEMBER_STATES = [
    ("none", "Not a member"),
    ("joined", "Member"),
    ("frozen", "Frozen"),
    ("left", "Left"),
    ("erased", "Erased"),
]

#: Who is a member now. What a member may do, ``_may_earn`` and ``_may_spend`` say.
CURRENT_STATES = ("joined", "frozen")

#: Facts of the membership: written by the suite's own methods, never over RPC.
PROTECTED_FIELDS = {
    "erased_on",
    "freeze_reason",
    "frozen_on",
    "account_id",
    "activity_seen_on",
    "batch_id",
    "cap_turn",
    "join_channel",
    "joined_on",
    "ledger_points",
    "member_number",
    "member_state",
    "points_pending",
    "referral_code",
    "referral_count",
    "sent_on",
    "source_card_id",
    "source_reward_id",
    "source_token",
    "sunset_noticed_on",
    "terms_accepted_on",
    "terms_version",
    "tier_id",
    "tier_revenue",
    "tier_review_on",
    "tier_since",
    "voided_on",
}

#: What says whose card is whose, merged ones too.
OWNERSHIP = ("active", "partner_id", "program_id")


class LoyaltyCard(models.Model):
    """A member's card of a programme of type ``loyalty`` IS the membership."""

    _inherit = "loyalty.card"

    points = fields.Float(digits=0, tracking=False)
    points_pending = fields.Float(
        string="Pending points",
        help="Earned, visible, not yet spendable.",
        digits=0,
        readonly=True,
        copy=False,
    )
    is_managed = fields.Boolean(related="program_id.is_managed")
    member_state = fields.Selection(
        selection=MEMBER_STATES,
        string="Membership",
        default="none",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    member_number = fields.Char(readonly=True, copy=False, index="btree_not_null")
    joined_on = fields.Date(string="Joined", readonly=True, copy=False)
    join_channel = fields.Selection(
        selection=CHANNELS,
        string="Joined by",
        readonly=True,
        copy=False,
    )
    terms_accepted_on = fields.Datetime(readonly=True, copy=False)
    terms_version = fields.Char(
        string="Version of the terms",
        readonly=True,
        copy=False,
    )
    tier_id = fields.Many2one(
        comodel_name="loyalty.tier",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    tier_since = fields.Date(readonly=True, copy=False)
    tier_change_ids = fields.One2many(
        comodel_name="loyalty.tier.change",
        inverse_name="card_id",
        readonly=True,
    )
    entry_ids = fields.One2many(
        comodel_name="loyalty.ledger.entry",
        inverse_name="card_id",
        readonly=True,
    )
    last_purchase_at = fields.Datetime(
        string="Last purchase",
        compute="_compute_last_purchase_at",
    )

    _member_unique = models.UniqueIndex(
        "(partner_id, program_id) "
        "WHERE active AND member_state IN ('joined', 'frozen')",
        "This customer is a member of this programme already.",
    )

    @api.depends("program_id", "code", "member_number", "member_state")
    def _compute_display_name(self):
        members = self.filtered(lambda card: card.member_state != "none")
        result = super(LoyaltyCard, self - members)._compute_display_name()
        for card in members:
            name = card.partner_id.display_name or card.code
            card.display_name = f"{name} ({card.member_number})"
        return result

    @api.depends("entry_ids")
    def _compute_last_purchase_at(self):
        latest = dict(
            self.env["loyalty.ledger.entry"]._read_group(
                [("member_card_id", "in", self.ids), ("entry_type", "=", "earn")],
                ["member_card_id"],
                ["occurred_at:max"],
            )
        )
        for card in self:
            card.last_purchase_at = latest.get(card._origin)

    # === The gate: what is written to a managed card reaches the ledger ===

    @api.model_create_multi
    def create(self, vals_list):
        self._check_protected({name for vals in vals_list for name in vals})
        for vals in vals_list:
            if vals.get("points"):
                self._check_finite(vals["points"])
        model = without_defaults(self, PROTECTED_FIELDS)
        cards = super(LoyaltyCard, model).create(vals_list).with_env(self.env)
        cards._record_balances()
        return cards

    def _record_balances(self):
        """Post the balances with which cards come under a ledger."""
        ledger = self.env["loyalty.ledger"]
        # sudo: the ledger is closed to everybody but the service.
        ledger.sudo()._record_changes(
            {
                card.sudo(): ledger._quantize_stock(card.points)
                for card in self
                if card.points and card.is_managed
            }
        )

    def write(self, vals):
        self._check_protected(set(vals))
        self._check_stays_with_member(vals)
        if "points" in vals:
            self._check_finite(vals["points"])
        managed = self.filtered("is_managed")
        if not managed:
            result = super().write(vals)
            if "program_id" in vals:
                self._record_balances()
            return result
        if vals.get("program_id") and (managed.program_id.ids != [vals["program_id"]]):
            raise ValidationError(
                self.env._("A card with a ledger stays with its programme.")
            )
        if "points" not in vals:
            return super().write(vals)
        if others := self - managed:
            super(LoyaltyCard, others).write(vals)
        rest = {name: value for name, value in vals.items() if name != "points"}
        managed.check_access("write")
        if rest:
            super(LoyaltyCard, managed).write(rest)
        # sudo: whoever may write the card may ask; the ledger decides and posts.
        self.env["loyalty.ledger"].sudo()._record_write(managed.sudo(), vals["points"])
        return True

    def _check_finite(self, points):
        try:
            to_decimal(points)
        except ValueError as error:
            raise ValidationError(
                self.env._("%(value)s is no number of points.", value=repr(points))
            ) from error

    def _check_protected(self, names):
        """Refuse facts of the membership from anybody but the suite itself."""
        if forbidden := not self.env.su and sorted(names & PROTECTED_FIELDS):
            raise AccessError(
                self.env._(
                    "These facts of a membership are kept by the programme and cannot "
                    "be written: %(names)s.",
                    names=", ".join(forbidden),
                )
            )

    def _check_stays_with_member(self, vals):
        """Refuse to hand a membership, and its points, to another customer."""
        if self.env.su or "partner_id" not in vals:
            return
        others = self.filtered(lambda card: card.partner_id.id != vals["partner_id"])
        if any(card.member_state != "none" for card in others):
            raise AccessError(
                self.env._("A membership stays with its customer. Merge the contacts.")
            )
        is_own = vals["partner_id"] == self.env.user.partner_id.id
        rich = others.filtered("points")
        if is_own and "strict" in rich.program_id.mapped("ledger_policy"):
            raise AccessError(
                self.env._("A card with points is made yours by somebody else.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_entries(self):
        # sudo: the entries decide, whether or not the user may see them.
        if (
            self.env["loyalty.ledger.entry"]
            .sudo()
            .search_count(self._get_entries_domain(), limit=1)
        ):
            raise UserError(
                self.env._(
                    "A card with ledger entries cannot be deleted. Archive it instead."
                )
            )

    # === Membership ===

    def _join(self, channel, joined_on=None):
        """Turn the card into a membership; a member already stays unchanged."""
        self.ensure_one()
        if self.member_state in CURRENT_STATES:
            return
        program = self.program_id
        today = program._get_local_date()
        # sudo: membership facts are written by the suite only; callers checked rights.
        self.sudo().write(
            {
                "member_state": "joined",
                "member_number": self.member_number or self._next_member_number(),
                "joined_on": joined_on or today,
                "join_channel": channel,
                "terms_accepted_on": fields.Datetime.now(),
                "terms_version": program.terms_version,
            }
        )

    def _get_successor(self):
        """Return the card that stands for this one after a merge of its contact."""
        self.ensure_one()
        if self.active or not self.partner_id:
            return self
        domain = [
            ("active", "=", True),
            ("program_id", "=", self.program_id.id),
            ("partner_id", "=", self.partner_id.id),
        ]
        return self.search(domain, limit=1) or self

    def _sql_own_cards(self):
        """Return the query of the ids of this card and of those merged into it.

        What a member had with a merged card counts wherever something is limited.
        """
        self.ensure_one()
        self.flush_model(OWNERSHIP)
        # SQL: for the statements that count, which read more than the ORM holds.
        return SQL(
            """SELECT k.id FROM loyalty_card k WHERE k.id = %(card)s OR (
                   k.partner_id = %(partner)s AND k.program_id = %(program)s
                   AND NOT k.active)""",
            card=self.id,
            partner=self.partner_id.id or None,
            program=self.program_id.id,
        )

    @api.model
    def _sql_cards_of(self, card):
        """Return the same query for the cards of a statement.

        :param SQL card: alias of ``loyalty_card``
        """
        self.flush_model(OWNERSHIP)
        # SQL: see above; one by one, so that both parts are found by an index.
        return SQL(
            """SELECT %(card)s.id UNION ALL SELECT k.id FROM loyalty_card k
               WHERE k.partner_id = %(card)s.partner_id AND NOT k.active
                   AND k.program_id = %(card)s.program_id AND k.id <> %(card)s.id""",
            card=card,
        )

    @api.model
    def _next_member_number(self):
        # sudo: whoever may enrol needs no right on sequences.
        return self.env["ir.sequence"].sudo().next_by_code("loyalty.member")

    def action_leave(self):
        """End the membership: nothing is earned or spent any more, nothing is lost."""
        self.check_access("write")
        if not self.env.user.has_group("loyalty_program.group_loyalty_user"):
            raise AccessError(self.env._("Only loyalty users may end a membership."))
        self._leave()

    def _leave(self):
        # sudo: membership facts are written by the suite only; callers checked rights.
        self.filtered(lambda card: card.member_state in CURRENT_STATES).sudo().write(
            {"member_state": "left"}
        )

    def action_view_entries(self):
        """Open the ledger of this card."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_ledger_entry_action"
        )
        action["domain"] = self._get_entries_domain()
        action["context"] = {}
        return action

    # === Mails ===

    def _notify_points_reached(self, points_before):
        """Send the programme's mails for balances that were reached.

        :param dict points_before: {card id: balance before the posting}
        """
        watched = self.filtered(
            lambda card: any(
                plan.trigger == "points_reach"
                for plan in card.program_id.communication_plan_ids
            )
        )
        if watched:
            watched._send_points_reach_communication(
                {
                    card: {"old": points_before[card.id], "new": card.points}
                    for card in watched
                }
            )
