from odoo import models

from ..till_call import explain_misshapen
from odoo.addons.loyalty_program.engine import shapes
from odoo.addons.loyalty_program.engine.rounding import is_number, to_decimal
from odoo.addons.loyalty_program.engine.shares import to_text
from odoo.addons.loyalty_program.models.loyalty_reservation import KEPT_TYPES

#: What a till asks: how the points of each card change, and codes of new cards.
CHANGES = shapes.map_of(shapes.is_key, shapes.is_anything)
CODES = shapes.list_of(shapes.is_text)


class PosOrder(models.Model):
    """From the moment that a till asks until its sale is there, the points are kept.

    A till asks before it takes the sale. Two tills that ask for the same points at the
    same instant get one "yes"; see ADR 26.
    """

    _inherit = "pos.order"

    def validate_coupon_programs(self, point_changes, new_codes):
        if not (CHANGES(point_changes) and CODES(new_codes)):
            return self._refuse_points(explain_misshapen(self.env))
        for points in point_changes.values():
            if not is_number(points):
                return self._refuse_points(self._explain_no_number(points))
        changes = {int(key): to_decimal(x) for key, x in point_changes.items()}
        wishes = {key: float(points) for key, points in changes.items()}
        answer = super().validate_coupon_programs(wishes, new_codes)
        if answer["successful"]:
            answer = self._reserve_points(changes) or answer
        return answer

    def confirm_coupon_programs(self, coupon_data):
        """Override: from now on what was kept is used, and nothing is kept."""
        result = super().confirm_coupon_programs(coupon_data)
        # sudo: till users have no access to the ledger.
        ledger = self.env["loyalty.ledger"].sudo()
        for order in self if coupon_data else ():
            ledger._release(order.uuid)
        return result

    def _reserve_points(self, changes):
        """Keep what the members spend; return why not, as the till expects it.

        :param dict changes: {card id: points, Decimal, below zero is spent}
        """
        spent = {card_id: -points for card_id, points in changes.items() if points < 0}
        if not spent:
            return None
        strict = self._get_strict_card_ids(spent)
        # sudo: till users have no access to the ledger; it tells yes or no.
        ledger = self.env["loyalty.ledger"].sudo()
        cards = ledger.env["loyalty.card"].browse(sorted(spent)).exists()
        # A coupon, a gift card, an eWallet is kept too: of two tills one gets "yes".
        cards = cards.filtered(
            lambda card: card.id in strict or card.program_type in KEPT_TYPES
        )
        if not cards:
            return None
        missing = ledger._reserve(
            {card: ledger._quantize_stock(spent[card.id]) for card in cards},
            self._get_reservation_holder(),
        )
        if not missing:
            return None
        card = missing[0]
        if ledger._quantize_stock(card.points) < spent[card.id]:
            # Since the till has loaded the card, its points were spent or have lapsed.
            message = card.with_env(self.env)._explain_uncovered()
            return self._refuse_points(message, {card.id: card.points})
        return self._refuse_points(card.with_env(self.env)._explain_reserved())

    def _explain_no_number(self, points):
        return self.env._("%(value)s is no number of points.", value=repr(points)[:40])

    def _refuse_points(self, message, balances=None):
        """Return a refusal as the till expects it.

        :param dict balances: {card id: points} that the till shall show from now on
        """
        payload = {"message": message}
        if balances:
            payload["updated_points"] = balances
        return {"successful": False, "payload": payload}

    def _get_reservation_holder(self):
        """Return what names the sale that a till asks for.

        The till says the sale's own identifier; an older one that does not is told
        apart by its user.
        """
        uuid = self.env.context.get("loyalty_order")
        if isinstance(uuid, str) and 0 < len(uuid) <= 64:
            return uuid
        return f"user:{self.env.uid}"

    def _post_loyalty_gains(self):
        """Let go of the points that were kept; tell of those that were not there."""
        claims = self.lines.filtered(
            lambda line: line.reward_id.program_id._is_strict()
        )
        if not claims:
            return super()._post_loyalty_gains()
        self.env["loyalty.ledger"]._release(self.uuid)
        cards = self.env["loyalty.card"].union(
            *(
                program._get_member_card(self.partner_id)
                for program in claims.reward_id.program_id
            )
        )
        before = {card: card.points for card in cards}
        result = super()._post_loyalty_gains()
        for card, points in before.items():
            if card.points < min(points, 0):
                self._report_overspent(card)
        return result

    def _report_overspent(self, card):
        """Tell on the order that its points had been spent elsewhere meanwhile."""
        self.message_post(
            body=self.env._(
                "%(member)s paid with points that were not there any more: "
                "%(points)s points are owed now.",
                member=card.partner_id.display_name,
                points=to_text(to_decimal(-card.points)),
            )
        )
