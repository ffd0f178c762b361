from decimal import Decimal

from odoo import fields, models


class LoyaltyCard(models.Model):
    """How much a member's purchases may still earn in the current period."""

    _inherit = "loyalty.card"

    cap_turn = fields.Integer(readonly=True, copy=False)
    cap_room = fields.Float(
        string="May earn",
        help="What purchases may still earn in the period of the programme's limit. "
        "Below zero: there is no limit.",
        digits=0,
        compute="_compute_cap_room",
    )

    def _compute_cap_room(self):
        # sudo: how much a member has earned decides, whoever looks.
        cards = self._origin.sudo().filtered(
            lambda card: (
                card.program_id.ledger_policy == "strict" and card.program_id.member_cap
            )
        )
        slots = {
            card.id: (card.id, *card.program_id._get_cap_period()) for card in cards
        }
        used = cards.env["loyalty.ledger"]._get_cap_used(slots.values())
        limits = {card.id: card.program_id.member_cap for card in cards}
        for card in self:
            slot = slots.get(card._origin.id)
            room = Decimal(repr(limits.get(card._origin.id, 0))) - used[slot]
            card.cap_room = max(float(room), 0.0) if slot else -1.0

    def _get_room_for(self, earned):
        """Return the points of ``earned`` that the member's limit leaves now.

        :param Earned earned: what a purchase would earn
        :rtype: Decimal
        """
        self.ensure_one()
        program = self.program_id
        if not program.member_cap:
            return earned.points
        slot = (self.id, *program._get_cap_period())
        # sudo: how much a member has earned decides, whoever looks.
        used = self.env["loyalty.ledger"].sudo()._get_cap_used([slot])
        return program._cap_for_member(earned, used[slot]).points
