from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..engine.rounding import fits_scale, to_decimal
from ..engine.values import Posting

ADJUST_GROUP = "loyalty_program.group_loyalty_adjust"

#: Small corrections by one person on one card count together for so long.
SPLIT_WINDOW = timedelta(hours=24)


class LoyaltyAdjustment(models.Model):
    """Why somebody corrected a balance: what the frozen entry cannot carry."""

    _name = "loyalty.adjustment"
    _description = "Balance Adjustment"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Member",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    program_id = fields.Many2one(related="card_id.program_id", store=True)
    company_id = fields.Many2one(related="card_id.company_id", store=True)
    points = fields.Float(digits=0, required=True, readonly=True)
    reason_id = fields.Many2one(
        comodel_name="loyalty.adjustment.reason",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    note = fields.Text(readonly=True)
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("posted", "Posted"),
            ("refused", "Refused"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        tracking=True,
    )
    balance = fields.Float(
        related="card_id.points", related_sudo=False, string="Balance now"
    )
    requested_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Requested by",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    decided_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Approved or refused by",
        help="Empty: the amount needed no second person.",
        readonly=True,
        ondelete="restrict",
    )
    decided_at = fields.Datetime(
        string="Approved or refused on",
        readonly=True,
    )
    entry_id = fields.Many2one(
        comodel_name="loyalty.ledger.entry",
        readonly=True,
        ondelete="restrict",
    )
    may_decide = fields.Boolean(compute="_compute_may_decide")

    @api.depends("reason_id")
    def _compute_display_name(self):
        for adjustment in self:
            adjustment.display_name = self.env._(
                "Adjustment: %(reason)s", reason=adjustment.reason_id.name
            )

    @api.depends_context("uid")
    @api.depends("state", "requested_by_id", "card_id")
    def _compute_may_decide(self):
        for adjustment in self:
            adjustment.may_decide = (
                adjustment.state == "waiting"
                and adjustment._is_approver(self.env.user)
                and self.env.user.has_group(ADJUST_GROUP)
            )

    # === Asking ===

    @api.model
    def _request(self, card, points, reason, note=None):
        """Post a correction of a balance, or let it wait for a second person.

        :param card: the member's card
        :param points: signed change, a number
        :raise AccessError: the user lacks the right, or does not see the card
        :raise ValidationError: a change that the ledger would not take
        """
        self._check_right()
        card.check_access("read")
        self.env["loyalty.ledger"]._check_number(points)
        points = to_decimal(points)
        self._check_change(card, points)
        if not reason:
            raise ValidationError(self.env._("Say why the balance changes."))
        # sudo: adjustments are made here only, so that none evades the checks above.
        adjustment = self.sudo().create(
            {
                "card_id": card.id,
                "points": float(points),
                "reason_id": reason.id,
                "note": note,
                "requested_by_id": self.env.uid,
            }
        )
        if adjustment._needs_second_person():
            adjustment._ask_approvers()
        else:
            adjustment._post_entry()
        # sudo: back to the rights of whoever asked.
        return adjustment.sudo(self.env.su)

    @api.model
    def _write_directly(self, card, points):
        """Turn a bare write of a balance into an adjustment of its own reason.

        :raise UserError: too much for one person; a bare write cannot wait
        """
        self._check_right()
        # sudo: whoever writes needs no right on the list of reasons.
        reason = self.env.ref("loyalty_program.adjustment_reason_direct").sudo()
        adjustment = self._request(card, points, reason)
        if adjustment.state != "posted":
            raise UserError(
                self.env._(
                    "A change of %(points)s points needs a second person. "
                    "Use “Adjust balance” on the member, so that it can wait.",
                    points=card.program_id._format_count(float(points)),
                )
            )

    def _check_right(self):
        if not self.env.user.has_group(ADJUST_GROUP):
            raise AccessError(
                self.env._(
                    "Adjusting a member's balance is a right that you do not have."
                )
            )

    def _check_change(self, card, points):
        card._check_not_merged()
        if not points:
            raise ValidationError(self.env._("The balance would stay as it is."))
        scale = card.program_id.points_scale
        if not fits_scale(points, scale):
            raise ValidationError(
                self.env._(
                    "%(points)s has more decimals than the programme's points, "
                    "which have %(scale)s.",
                    points=points,
                    scale=scale,
                )
            )
        self._check_covered(card, points)

    def _check_covered(self, card, points):
        balance = to_decimal(card.points)
        if points < 0 and balance + points < 0:
            raise UserError(
                self.env._(
                    "The member has %(balance)s points: no more can be taken away.",
                    balance=card.program_id._format_count(float(max(balance, 0))),
                )
            )

    def _needs_second_person(self):
        """Tell whether the change is too much for whoever asks, or their own."""
        self.ensure_one()
        if not self._is_stranger(self.requested_by_id):
            return True
        limit = to_decimal(self.program_id.adjust_limit)
        if not limit:
            return False
        alone = self.search(
            [
                ("card_id", "in", self._get_card_ids_of_balance()),
                ("requested_by_id", "=", self.requested_by_id.id),
                ("decided_by_id", "=", False),
                ("state", "!=", "refused"),
                ("create_date", ">", fields.Datetime.now() - SPLIT_WINDOW),
            ]
        )
        total = sum((abs(to_decimal(a.points)) for a in alone | self), Decimal(0))
        return total > limit

    def _get_card_ids_of_balance(self):
        """Return the ids of all cards that show the balance, and of those merged."""
        account = self.card_id._get_account()
        domain = [
            ("program_id", "=", self.program_id.id),
            ("partner_id", "in", self.card_id._get_holders().ids),
        ]
        cards = account.with_context(active_test=False).search(domain)
        return (account | account.account_member_ids | cards).ids

    def _is_stranger(self, user):
        """Tell whether the balance is not the user's own, nor one they share in."""
        return user.partner_id not in self.card_id._get_holders()

    def _is_approver(self, user):
        return user != self.requested_by_id and self._is_stranger(user)

    def _ask_approvers(self):
        """Give everybody who may approve an activity.

        :raise UserError: there is nobody
        """
        # sudo: who else has the right, whoever asks.
        group = self.env.ref(ADJUST_GROUP).sudo()
        company = self.company_id
        approvers = group.all_user_ids.filtered(
            lambda user: (
                user._is_internal()
                and self._is_approver(user)
                and (not company or company in user.company_ids)
            )
        )
        if not approvers:
            raise UserError(
                self.env._(
                    "This change needs the approval of a second person, and nobody "
                    "else may adjust balances."
                )
            )
        for user in approvers:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=self.env._("Approve or refuse a change of a balance"),
            )

    # === Deciding ===

    def action_approve(self):
        """Post what waited: a second person agrees."""
        self._check_may_decide()
        # sudo: the rights were checked; states and entries are the suite's own.
        for adjustment in self.sudo():
            card = adjustment.card_id._get_successor()
            adjustment._check_covered(card, to_decimal(adjustment.points))
            adjustment._decide("posted")
            adjustment._post_entry()

    def action_refuse(self):
        """End what waited: nothing is posted."""
        self._check_may_decide()
        # sudo: see above.
        for adjustment in self.sudo():
            adjustment._decide("refused")

    def _check_may_decide(self):
        self._check_right()
        self.check_access("read")
        for adjustment in self:
            if adjustment.state != "waiting":
                raise UserError(self.env._("This adjustment has been decided already."))
            if not adjustment._is_approver(self.env.user):
                raise AccessError(
                    self.env._(
                        "A second person decides: not who asked, nor whose points "
                        "they are."
                    )
                )

    def _decide(self, state):
        self.write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        self.activity_ids.unlink()

    def _post_entry(self):
        # sudo: the ledger is closed to everybody but the service.
        entry = self.env["loyalty.ledger"].sudo()._post([self._prepare_posting()])
        self.write({"state": "posted", "entry_id": entry.id})

    def _prepare_posting(self):
        return Posting(
            # The member may have been merged while this waited.
            card_id=self.card_id._get_successor().id,
            entry_type="adjust",
            points=to_decimal(self.points),
            key=f"{self._name}:{self.id}",
            origin=(self._name, self.id),
            breakdown={"reason_id": self.reason_id.id},
        )


class LoyaltyAdjustmentReason(models.Model):
    """A reason to choose from when a balance is corrected."""

    _name = "loyalty.adjustment.reason"
    _description = "Adjustment Reason"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_direct(self):
        if self.env.ref("loyalty_program.adjustment_reason_direct") in self:
            raise UserError(
                self.env._("This reason marks bare writes of balances. Archive it.")
            )
