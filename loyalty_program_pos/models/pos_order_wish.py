import logging

from odoo import models

from ..till_call import till_call
from odoo.addons.loyalty_program.engine import shapes

_logger = logging.getLogger(__name__)


def _is_day_or_nothing(value):
    return not value or shapes.is_day(value)


#: What a till says of each card; how many points it says is looked at apart.
WISH = shapes.facts(
    program_id=shapes.is_id,
    barcode=shapes.optional(shapes.is_text),
    code=shapes.optional(shapes.is_text),
    coupon_id=shapes.optional(shapes.is_key),
    date_to=_is_day_or_nothing,
    expiration_date=_is_day_or_nothing,
    line_codes=shapes.optional(shapes.list_of(shapes.optional(shapes.is_text))),
    partner_id=shapes.optional(shapes.is_id),
)


class PosOrder(models.Model):
    """What a till says about cards is a wish, and for cards of the programme it names.

    Odoo looks at the programme that the till names, and changes the card that the till
    names, whatever programme that is of: a member's card could be sold as a gift card.
    """

    _inherit = "pos.order"

    @till_call(coupon_data=shapes.map_of(shapes.is_key, WISH))
    def confirm_coupon_programs(self, coupon_data):
        """Override: look at all that the till says before anything is done.

        :raise UserError: it makes no sense; nothing is booked then
        """
        self._check_at_till()
        self._check_sold()
        wishes = {
            int(key): {
                **values,
                "points": float(self._read_wish(values)),
                "line_codes": values.get("line_codes") or [],
            }
            for key, values in coupon_data.items()
        }
        return super().confirm_coupon_programs(self._drop_foreign_wishes(wishes))

    def _drop_foreign_wishes(self, wishes):
        """Return the wishes without those that name a card of another programme.

        :param dict wishes: {card id, below zero for a new card: what the till says}
        """
        names = {key: self._get_named_cards(key, own) for key, own in wishes.items()}
        ids = set().union(*(ids for ids, _code in names.values()))
        codes = [code for _ids, code in names.values() if code]
        # sudo: which programme a card is of decides; nothing else is looked at.
        cards = self.env["loyalty.card"].sudo().with_context(active_test=False)
        known = cards.search_fetch(
            ["|", ("id", "in", list(ids)), ("code", "in", codes)],
            ["program_id", "code"],
        )
        kept = {}
        for key, own in wishes.items():
            own_ids, code = names[key]
            meant = [card for card in known if card.id in own_ids or card.code == code]
            program_ids = {card.program_id.id for card in meant}
            if program_ids <= {own.get("program_id")}:
                kept[key] = own
                continue
            _logger.info(
                "%s: the till named cards %s as of programme %s: ignored",
                self.name,
                [card.id for card in meant],
                own.get("program_id"),
            )
        return kept

    def _get_named_cards(self, key, values):
        """Return (ids, code) of the cards that a wish means, as Odoo understands it."""
        ids = {
            card_id
            for card_id in (key, values.get("coupon_id"))
            if isinstance(card_id, int) and card_id > 0
        }
        code = values.get("code")
        return ids, code and (self.env["loyalty.card"]._read_code(code) or code)
