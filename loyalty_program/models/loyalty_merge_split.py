from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..engine.splitting import take_parts
from ..engine.values import Posting

#: So long the cards of a merge can be split again.
SPLIT_DAYS = 30


class LoyaltyMerge(models.Model):
    """Merged cards become two again: each with what is its own."""

    _inherit = "loyalty.merge"

    split_at = fields.Datetime(string="Split on", readonly=True)
    split_by_id = fields.Many2one(
        comodel_name="res.users",
        readonly=True,
        ondelete="restrict",
    )
    may_split = fields.Boolean(compute="_compute_may_split")

    @api.depends("merged_at", "split_at")
    def _compute_may_split(self):
        for merge in self:
            merge.may_split = not merge.split_at and merge._is_recent()

    def _is_recent(self):
        last = self.merged_at + timedelta(days=SPLIT_DAYS)
        return last >= fields.Datetime.now()

    def action_split(self):
        """Ask for the contact that takes the merged card."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_split_action"
        ) | {"context": {"default_merge_id": self.id}}

    def _split(self, partner):
        """Give the merged card back to a contact, with what it had.

        :param partner: the contact that becomes the card's
        :raise UserError: too late, or not possible as things are now
        """
        self.ensure_one()
        self._check_may_split(partner)
        # sudo: the rights were checked; cards and entries are the suite's own.
        merge = self.sudo()
        source, target = merge.source_card_id, merge.target_card_id
        ledger = merge.env["loyalty.ledger"]
        ledger._lock_cards({source.id, target.id})
        source.write({"partner_id": partner.id, "active": True})
        merge._move_back(ledger, source)
        merge.write(
            {"split_at": fields.Datetime.now(), "split_by_id": self.env.uid},
        )
        merge._thaw_target()
        (source | target)._refresh_tiers(allow_down=True)

    def _check_may_split(self, partner):
        if not self.env.user.has_group("loyalty_program.group_loyalty_manager"):
            raise AccessError(self.env._("Only loyalty managers may split a merge."))
        self.check_access("read")
        if self.split_at:
            raise UserError(self.env._("These cards have been split already."))
        if not self._is_recent():
            raise UserError(
                self.env._(
                    "Cards can be split for %(days)s days after the merge. These were "
                    "merged on %(date)s.",
                    days=SPLIT_DAYS,
                    date=format_date(
                        self.env, self.program_id._get_local_date(self.merged_at)
                    ),
                )
            )
        # sudo: the cards' facts decide, whoever splits.
        merge = self.sudo()
        source, target = merge.source_card_id, merge.target_card_id
        if "erased" in (source | target).mapped("member_state"):
            raise UserError(self.env._("An erased member cannot be split off."))
        if merge.search_count(
            [("source_card_id", "=", target.id), ("split_at", "=", False)], limit=1
        ):
            raise UserError(
                self.env._(
                    "%(card)s was merged itself since. Split that merge first.",
                    card=target.display_name,
                )
            )
        self._check_contact(partner)

    def _check_contact(self, partner):
        # sudo: a member of any company must not be there twice.
        program = self.sudo().program_id
        # sudo: see above.
        cards = self.env["loyalty.card"].sudo()
        domain = [
            ("active", "=", True),
            ("program_id", "=", program.id),
            ("partner_id", "=", partner.id),
        ]
        if not partner.active or cards.search_count(domain, limit=1):
            raise UserError(
                self.env._(
                    "%(name)s cannot take the card: choose an active contact without "
                    "a card of “%(program)s”.",
                    name=partner.display_name,
                    program=program.name,
                )
            )

    def _thaw_target(self):
        """Let the other card be free again, unless another merged card froze it."""
        target = self.target_card_id
        others = self.search(
            [("target_card_id", "=", target.id), ("split_at", "=", False)]
        )
        if self.has_frozen_target and not any(others.mapped("has_frozen_target")):
            target._unfreeze()

    def _move_back(self, ledger, source):
        """Post what goes back to the card that is split off."""
        # The points that the card brought go back first, with their own expiry.
        share, pot, held = self._count_share()
        parts = take_parts([part for part in pot if part[1] > 0], share)
        ledger._move_points(parts + held, source, self, "split")
        moved = sum((points for _lot, points in parts), Decimal(0))
        self._post_difference(ledger, share - moved)

    def _post_difference(self, ledger, points):
        """Post what no lot of the pot covers: a debt that goes back to its owner."""
        if not points:
            return
        source, target = self.source_card_id, self.target_card_id
        sides = (("out", target, -points), ("in", source, points))
        ledger._post(
            [
                Posting(
                    card_id=card.id,
                    entry_type="transfer",
                    points=amount,
                    key=f"{self._name}:{self.id}:split:{side}",
                    origin=(self._name, self.id),
                )
                for side, card, amount in sides
            ],
            notify=False,
        )
