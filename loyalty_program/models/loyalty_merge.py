from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..engine.rounding import to_decimal
from ..engine.splitting import share_to_return, take_parts
from ..engine.values import Posting
from .loyalty_card import CURRENT_STATES

#: So long the cards of a merge can be split again.
SPLIT_DAYS = 30


class LoyaltyMerge(models.Model):
    """Two cards that became one: what moved, and how it is taken apart again."""

    _name = "loyalty.merge"
    _description = "Merged Membership"
    _order = "id desc"

    source_card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Merged card",
        help="The archived card, which keeps its number, its tier and its entries.",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    target_card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Merged into",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    program_id = fields.Many2one(related="source_card_id.program_id", store=True)
    company_id = fields.Many2one(related="source_card_id.company_id", store=True)
    member_number = fields.Char(related="source_card_id.member_number")
    merged_at = fields.Datetime(string="Merged on", required=True, readonly=True)
    merged_by_id = fields.Many2one(
        comodel_name="res.users",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    points = fields.Float(
        string="Points moved",
        help="Spendable points that moved; negative: a debt.",
        digits=0,
        readonly=True,
    )
    pot = fields.Float(
        string="Points together",
        help="What both cards had together right after the merge, spendable.",
        digits=0,
        readonly=True,
    )
    last_lot_id = fields.Many2one(
        comodel_name="loyalty.lot",
        help="Later lots belong to the card that stayed.",
        readonly=True,
        ondelete="restrict",
    )
    split_at = fields.Datetime(string="Split on", readonly=True)
    split_by_id = fields.Many2one(
        comodel_name="res.users",
        readonly=True,
        ondelete="restrict",
    )
    may_split = fields.Boolean(compute="_compute_may_split")

    @api.depends("source_card_id", "target_card_id")
    def _compute_display_name(self):
        for merge in self:
            merge.display_name = self.env._(
                "Merge of %(number)s into %(target)s",
                number=merge.member_number or merge.source_card_id.code,
                target=merge.target_card_id.display_name,
            )

    @api.depends("merged_at", "split_at")
    def _compute_may_split(self):
        for merge in self:
            merge.may_split = not merge.split_at and merge._is_recent()

    def _is_recent(self):
        last = self.merged_at + timedelta(days=SPLIT_DAYS)
        return last >= fields.Datetime.now()

    # === Merging ===

    @api.model
    def _merge_contacts(self, sources, target):
        """Make the cards of merged contacts one active card per programme.

        :param sources: the contacts that will be gone
        :param target: the contact that stays
        """
        # sudo: the merge concerns every card of the contacts, whoever merges.
        cards = (
            self.env["loyalty.card"]
            .sudo()
            .search([("partner_id", "in", (sources | target).ids)], order="id")
            .filtered(lambda c: c.is_managed and c.program_id.is_nominative)
        )
        for group in cards.grouped("program_id").values():
            if group.partner_id - target:
                # sudo: the merge concerns every card of the contacts, whoever merges.
                self.sudo()._merge_cards(group, target)

    def _merge_cards(self, cards, partner):
        kept = cards.sorted(
            lambda card: (
                card.member_state not in CURRENT_STATES,
                card.member_state == "none",
                card.partner_id != partner,
                card.id,
            )
        )[0]
        rest = cards - kept
        # First the others leave: a contact has one active membership only.
        rest.write({"active": False})
        kept.write({"partner_id": partner.id})
        for card in rest:
            self._merge_card(card, kept)
        if frozen := rest.filtered(lambda card: card.member_state == "frozen")[:1]:
            kept._freeze(frozen.freeze_reason)

    def _merge_card(self, card, kept):
        """Move all that ``card`` holds to ``kept``; return the record of it."""
        ledger = self.env["loyalty.ledger"]
        ledger._lock_cards({card.id, kept.id})
        if kept.account_id == card:
            kept.account_id = False
        merge = self.create(
            {
                "source_card_id": card.id,
                "target_card_id": kept.id,
                "merged_at": fields.Datetime.now(),
                "merged_by_id": self.env.uid,
            }
        )
        parts = ledger._get_parts(card)
        ledger._move_points(parts, kept, merge)
        members = card.account_member_ids
        members.account_id = kept._get_account()
        spendable = [points for lot, points in parts if lot.state == "open"]
        merge.write(
            {
                "points": float(sum(spendable)),
                "pot": kept.points,
                "last_lot_id": self.env["loyalty.lot"].search(
                    [("card_id", "=", kept._get_account().id)],
                    order="id desc",
                    limit=1,
                ),
            }
        )
        return merge

    # === Splitting ===

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
        merge._move_back(ledger, source, target)
        merge.write(
            {"split_at": fields.Datetime.now(), "split_by_id": self.env.uid},
        )
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
        source, target = self.sudo().source_card_id, self.sudo().target_card_id
        if "erased" in (source | target).mapped("member_state"):
            raise UserError(self.env._("An erased member cannot be split off."))
        if not target.active:
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
        domain = [("program_id", "=", program.id), ("partner_id", "=", partner.id)]
        if not partner.active or cards.search_count(domain, limit=1):
            raise UserError(
                self.env._(
                    "%(name)s cannot take the card: choose an active contact without "
                    "a card of “%(program)s”.",
                    name=partner.display_name,
                    program=program.name,
                )
            )

    def _move_back(self, ledger, source, target):
        """Post what goes back to the card that is split off."""
        account = target._get_account()
        scale = self.program_id.points_scale
        if self.program_id.ledger_policy != "strict":
            scale = 6
        mark = self.last_lot_id.id or 0
        merged_on = self.program_id._get_local_date(self.merged_at)
        old = ledger._get_parts(
            account,
            [("id", "<=", mark), ("available_on", "<=", merged_on)],
        )
        wanted = share_to_return(
            to_decimal(self.points),
            to_decimal(self.pot),
            sum((points for _lot, points in old), Decimal(0)),
            scale,
        )
        own = self.env["loyalty.ledger.entry"].search(
            [
                ("origin_model", "=", self._name),
                ("origin_id", "=", self.id),
                ("points", ">", 0),
            ]
        )
        held = [
            part
            for part in ledger._get_parts(account, [("entry_id", "in", own.ids)])
            if part[0].available_on > merged_on
        ]
        # The points that the card brought go back first, with their own expiry.
        old.sort(key=lambda part: (part[0].entry_id not in own, part[0].id))
        parts = take_parts([part for part in old if part[1] > 0], wanted)
        ledger._move_points(parts + held, source, self, "split")
        self._post_difference(
            ledger, wanted - sum((points for _lot, points in parts), Decimal(0))
        )

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
