from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine import stamps
from ..engine.rounding import to_decimal

#: A card with more fields cannot be read at a glance, nor printed on a receipt.
MOST_STAMPS = 30


class LoyaltyProgram(models.Model):
    """A stamp card is a programme for members whose points are stamps.

    Everything that holds for points holds for stamps: one ledger, returns, expiry,
    pools. New are only how the balance is shown and what becomes of the surplus.
    """

    _inherit = "loyalty.program"

    shows_stamps = fields.Boolean(
        string="Stamp card",
        help="Customers see their balance as a card with filled and empty stamps.",
    )
    stamp_surplus = fields.Selection(
        selection=[("kept", "goes on the next card"), ("dropped", "is dropped")],
        string="What a full card cannot take",
        help="Dropped: a full card takes no stamp before its reward is claimed.",
        default="kept",
        required=True,
    )
    stamps_needed = fields.Integer(
        string="Stamps of a full card",
        compute="_compute_stamps_needed",
    )

    @api.depends("shows_stamps", "reward_ids.required_points", "reward_ids.active")
    def _compute_stamps_needed(self):
        for program in self:
            needed = min(program.reward_ids.mapped("required_points"), default=0)
            is_card = program.shows_stamps and needed in range(1, MOST_STAMPS + 1)
            program.stamps_needed = int(needed) if is_card else 0

    @api.constrains("shows_stamps", "ledger_policy", "points_scale", "reward_ids")
    def _check_stamp_card(self):
        for program in self.filtered("shows_stamps"):
            if program.ledger_policy != "strict" or program.points_scale:
                raise ValidationError(
                    self.env._(
                        "A stamp card is for members, and its stamps are whole: "
                        "“%(name)s” cannot be one.",
                        name=program.name,
                    )
                )
            program._check_stamp_rewards()

    def _check_stamp_rewards(self):
        """Refuse rewards that no stamp card shows, of programmes that are one."""
        for program in self.filtered("shows_stamps"):
            if (
                not program.stamps_needed
                or len(set(program.reward_ids.mapped("required_points"))) != 1
            ):
                raise ValidationError(
                    self.env._(
                        "All rewards of the stamp card “%(name)s” take one full card, "
                        "of 1 to %(most)s stamps.",
                        name=program.name,
                        most=MOST_STAMPS,
                    )
                )

    def _drops_surplus(self):
        """Tell whether a full card of this programme takes no more stamps."""
        self.ensure_one()
        return self.stamp_surplus == "dropped" and bool(self.stamps_needed)

    def _lay_out_stamps(self, points, pending=0):
        """Return the stamp card of a balance, or None where it is shown as a number.

        :rtype: engine.stamps.StampCard | None
        """
        self.ensure_one()
        if not self.stamps_needed:
            return None
        return stamps.lay_out(
            to_decimal(points), to_decimal(pending), self.stamps_needed
        )

    def _get_stamp_room(self, held, spent=0):
        """Return how many stamps a purchase may add, see ``engine.stamps``.

        :rtype: Decimal
        """
        self.ensure_one()
        return stamps.room(to_decimal(held), self.stamps_needed, Decimal(spent))


class LoyaltyReward(models.Model):
    _inherit = "loyalty.reward"

    @api.constrains("required_points", "active")
    def _check_takes_a_full_card(self):
        self.program_id._check_stamp_rewards()
