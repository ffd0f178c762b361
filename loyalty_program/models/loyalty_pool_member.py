from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .loyalty_ledger_entry import CHANNELS


class LoyaltyPoolMember(models.Model):
    """One member's time in a pool: invited, joined, left."""

    _name = "loyalty.pool.member"
    _description = "Member of a Loyalty Pool"
    _order = "id"

    pool_id = fields.Many2one(
        comodel_name="loyalty.pool",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Member",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(related="card_id.partner_id", string="Contact")
    company_id = fields.Many2one(related="pool_id.company_id")
    state = fields.Selection(
        selection=[
            ("invited", "Invited"),
            ("joined", "Shares"),
            ("declined", "Declined"),
            ("left", "Left"),
        ],
        default="invited",
        required=True,
        readonly=True,
    )
    channel = fields.Selection(selection=CHANNELS, string="Agreed by", readonly=True)
    invited_on = fields.Date(readonly=True)
    joined_on = fields.Date(string="Since", readonly=True)
    left_on = fields.Date(string="Until", readonly=True)
    is_owner = fields.Boolean(compute="_compute_is_owner")

    _one_pool = models.UniqueIndex(
        "(card_id) WHERE state = 'joined'", "This member shares points already."
    )
    _one_invitation = models.UniqueIndex(
        "(pool_id, card_id) WHERE state = 'invited'", "This member is invited already."
    )

    @api.depends("card_id", "pool_id")
    def _compute_display_name(self):
        for member in self:
            member.display_name = self.env._(
                "%(member)s in %(pool)s",
                member=member.card_id.display_name,
                pool=member.pool_id.name,
            )

    @api.depends("pool_id.owner_id")
    def _compute_is_owner(self):
        for member in self:
            member.is_owner = member.card_id == member.pool_id.owner_id

    # === Joining and leaving ===

    def _join(self, channel):
        """Let the invited member share: their points move into the pool.

        :param str channel: where they agreed
        :raise UserError: the card cannot join
        Locks both balances.
        """
        self.ensure_one()
        if self.state != "invited":
            raise UserError(self.env._("This invitation is not open any more."))
        pool, card = self.pool_id, self.card_id
        ledger = self.env["loyalty.ledger"]
        ledger._lock_cards({card.id, pool.account_id.id})
        pool._check_may_join(card)
        self._move(ledger._get_parts(card), card, pool.account_id)
        card.account_id = pool.account_id
        self.write(
            {
                "state": "joined",
                "channel": channel,
                "joined_on": pool.program_id._get_local_date(),
            }
        )
        pool._choose_owner()

    def _decline(self):
        """Turn the invitation down."""
        self.filtered(lambda member: member.state == "invited").state = "declined"

    def _leave(self):
        """End the sharing. What the member takes along says the pool; the last all.

        Locks the pool's balance.
        """
        for member in self.filtered(lambda member: member.state == "joined"):
            pool, card = member.pool_id, member.card_id
            ledger = self.env["loyalty.ledger"]
            ledger._lock_cards({pool.account_id.id})
            parts = member._get_parts_to_take(ledger)
            card.account_id = False
            member._move(parts, pool.account_id, card)
            member.write(
                {"state": "left", "left_on": pool.program_id._get_local_date()}
            )
            if not pool._get_joined():
                pool.heir_id = card
            pool._choose_owner()

    def _bring_strays(self):
        """Move points into the pool that were posted to the own card meanwhile."""
        self.ensure_one()
        card, account = self.card_id, self.pool_id.account_id
        if parts := self.env["loyalty.ledger"]._get_parts(card):
            card.account_id = False
            self._move(parts, card, account)
            card.account_id = account

    def _get_parts_to_take(self, ledger):
        """Return (lot, points) of what leaves the pool with this member."""
        account = self.pool_id.account_id
        if self.pool_id._get_joined() == self:
            return ledger._get_parts(account)
        if self.pool_id.leaving == "stay":
            return []
        own = [("entry_id.member_card_id", "=", self.card_id.id), ("remaining", ">", 0)]
        return ledger._get_parts(account, own)

    def _move(self, parts, source, target):
        """Move parts of lots from one account to another, in the member's name."""
        ledger = self.env["loyalty.ledger"]
        verb = "join" if target == self.pool_id.account_id else "leave"
        postings = []
        for lot, points in parts:
            key = f"{self._name}:{self.id}:{verb}:{lot.id}"
            for side, account, amount in (
                ("out", source, -points),
                ("in", target, points),
            ):
                posting = ledger._prepare_move(
                    lot, self.card_id, amount, f"{key}:{side}"
                )
                postings.append(
                    replace(
                        posting, account_id=account.id, origin=(self._name, self.id)
                    )
                )
        ledger._post(postings, notify=False)

    def action_accept(self):
        """Let an invited member share who has agreed at the desk."""
        self._check_may_change()._join("backoffice")

    def action_remove(self):
        """Take a member out of the pool, or an invitation back."""
        members = self._check_may_change()
        members._decline()
        members._leave()

    def _check_may_change(self):
        """Return the records in sudo, once the user's right is certain."""
        self.check_access("read")
        if not self.env.user.has_group("loyalty_program.group_loyalty_user"):
            raise AccessError(self.env._("Only loyalty users may change pools."))
        # sudo: pools are changed by the suite's own methods; the right was checked.
        return self.sudo()
