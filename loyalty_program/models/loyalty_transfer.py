from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..engine.rounding import fits_scale, to_decimal
from ..engine.splitting import take_parts


class LoyaltyTransfer(models.Model):
    """Points that somebody moved from one member to another, and why."""

    _name = "loyalty.transfer"
    _description = "Transfer of Loyalty Points"
    _order = "id desc"
    _log_access = False

    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="From",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    target_card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="To",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="card_id.company_id")
    points = fields.Float(digits=0, required=True, readonly=True)
    reason = fields.Char(required=True, readonly=True)
    transferred_at = fields.Datetime(string="Date", required=True, readonly=True)
    transferred_by_id = fields.Many2one(
        comodel_name="res.users",
        string="By",
        required=True,
        readonly=True,
        ondelete="restrict",
    )

    @api.depends("reason")
    def _compute_display_name(self):
        for transfer in self:
            transfer.display_name = self.env._(
                "Transfer: %(reason)s", reason=transfer.reason
            )

    @api.model
    def _transfer(self, card, target, points, reason):
        """Move points from one member to another, by pairs of entries.

        The points that expire first go, and expire as they would have.

        :param card: the giver's card
        :param target: the taker's card
        :param points: a positive number
        :return: the transfer
        :raise AccessError: the user may not adjust balances
        :raise UserError: says why these points cannot move
        Locks both balances.
        """
        if not self.env.user.has_group("loyalty_program.group_loyalty_adjust"):
            raise AccessError(
                self.env._("Moving points between members is a right you do not have.")
            )
        (card | target).check_access("read")
        # sudo: transfers are made here only, so that none evades the checks below.
        transfers = self.sudo()
        points = transfers._parse_points(card, points)
        reason = (reason or "").strip()
        if not reason:
            raise ValidationError(self.env._("Say why the points move."))
        card, target = (record.with_env(transfers.env) for record in (card, target))
        ledger = transfers.env["loyalty.ledger"]
        ledger._lock_to_spend({card.id, target.id})
        transfers._check_members(card, target)
        transfers._check_balance(card, points)
        transfer = transfers.create(
            {
                "card_id": card.id,
                "target_card_id": target.id,
                "points": float(points),
                "reason": reason,
                "transferred_at": fields.Datetime.now(),
                "transferred_by_id": self.env.uid,
            }
        )
        transfer._post_pairs(points)
        return transfer.with_env(self.env)

    def _parse_points(self, card, points):
        self.env["loyalty.ledger"]._check_number(points)
        number = to_decimal(points)
        if number <= 0:
            raise ValidationError(
                self.env._(
                    "A transfer moves more than 0 points: %(points)s.", points=points
                )
            )
        if not fits_scale(number, card.program_id.points_scale):
            raise ValidationError(
                self.env._(
                    "%(points)s has more decimals than the programme's points, "
                    "which have %(scale)s.",
                    points=points,
                    scale=card.program_id.points_scale,
                )
            )
        return number

    def _check_members(self, card, target):
        (card | target)._check_not_merged()
        holders = card._get_holders() | target._get_holders()
        if self.env.user.partner_id in holders:
            raise AccessError(
                self.env._(
                    "Points from or to your own balance are moved by somebody else."
                )
            )
        if card._get_account() == target._get_account():
            raise UserError(
                self.env._("Both members have the same balance: nothing would move.")
            )
        if card.program_id != target.program_id or card.company_id != target.company_id:
            raise UserError(
                self.env._("Points move between members of one programme only.")
            )
        for member in card | target:
            if member.member_state != "joined":
                raise UserError(
                    self.env._(
                        "%(member)s is no member or frozen: no points move.",
                        member=member.display_name,
                    )
                )
        if not card._may_spend():
            raise UserError(card._explain_no_spending())
        if not target._may_earn():
            raise UserError(target._explain_no_earning())

    def _check_balance(self, card, points):
        if points > to_decimal(card.points):
            raise UserError(
                self.env._(
                    "%(member)s has %(balance)s points to give.",
                    member=card.display_name,
                    balance=card.program_id._format_count(max(card.points, 0)),
                )
            )
        account = card._get_account().id
        reserved = self.env["loyalty.ledger"]._get_reserved({account})[account]
        if points > to_decimal(card.points) - reserved:
            raise UserError(card._explain_reserved())

    def _post_pairs(self, points):
        """Post a pair of entries for each lot that moves, in the order of spending."""
        ledger = self.env["loyalty.ledger"]
        account = self.card_id._get_account()
        lots = ledger._get_parts(
            account, [("state", "=", "open"), ("remaining", ">", 0)]
        )
        lots.sort(
            key=lambda part: (
                part[0].expires_on or fields.Date.to_date("9999-12-31"),
                part[0].id,
            )
        )
        postings = []
        for lot, amount in take_parts(lots, points):
            for side, card, signed in (
                ("out", self.card_id, -amount),
                ("in", self.target_card_id, amount),
            ):
                key = f"{self._name}:{self.id}:{lot.id}:{side}"
                posting = ledger._prepare_move(lot, card, signed, key)
                postings.append(replace(posting, origin=(self._name, self.id)))
        ledger._post(postings, notify=False)
