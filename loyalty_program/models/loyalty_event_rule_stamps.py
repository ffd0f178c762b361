from dataclasses import replace

from odoo import models

from ..engine.rounding import to_decimal


class LoyaltyEventRule(models.Model):
    """An event gives no stamp that a full card will not take."""

    _inherit = "loyalty.event.rule"

    def _evaluate(self, event, card):
        award = super()._evaluate(event, card)
        program = self.program_id
        if not award.points or not program._drops_surplus():
            return award
        account = card._get_account()
        # A purchase that fills the same field at the same moment takes its turn.
        self.env.flush_all()
        self.env.execute_query(
            self.env["loyalty.ledger"]._query_take_turn({account.id})
        )
        held = to_decimal(account.points) + to_decimal(account.points_pending)
        room = program._get_stamp_room(held)
        return replace(award, points=min(award.points, room))
