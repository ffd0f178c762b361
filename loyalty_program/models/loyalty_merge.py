from odoo import api, fields, models
from odoo.exceptions import UserError

from .loyalty_card import CURRENT_STATES


class LoyaltyMerge(models.Model):
    """Two cards that became one: what moved.

    ``loyalty_merge_pot.py`` says what of it is whose, ``loyalty_merge_split.py`` how
    it is taken apart again; what else follows the points has a file of its own.
    """

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
    has_frozen_target = fields.Boolean(
        string="Frozen by the merge",
        help="The card that stayed was free and is frozen as the merged card was.",
        readonly=True,
    )

    @api.depends("source_card_id", "target_card_id")
    def _compute_display_name(self):
        for merge in self:
            merge.display_name = self.env._(
                "Merge of %(number)s into %(target)s",
                number=merge.member_number or merge.source_card_id.code,
                target=merge.target_card_id.display_name,
            )

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
        merges = self.union(*(self._merge_card(card, kept) for card in rest))
        merges._freeze_target()

    def _freeze_target(self):
        """Keep a card frozen whose points are another card's now."""
        merges = self.filtered(lambda m: m.source_card_id.member_state == "frozen")
        if merges and merges.target_card_id.member_state == "joined":
            merges.target_card_id._freeze(merges[0].source_card_id.freeze_reason)
            merges.has_frozen_target = True

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
        merge.points = float(self._sum_spendable(parts))
        ledger._move_points(parts, kept, merge)
        members = card.account_member_ids
        members.account_id = kept._get_account()
        return merge


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _check_not_merged(self):
        """Refuse to change the points of cards that stand for nobody any more.

        :raise UserError: another card has the points
        """
        for card in self:
            if card._get_successor() != card:
                raise UserError(
                    self.env._(
                        "%(card)s was merged into another card, which has the points "
                        "now.",
                        card=card.display_name,
                    )
                )
