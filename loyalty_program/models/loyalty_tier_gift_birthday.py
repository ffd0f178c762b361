import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..engine.birthdays import birthdays_around
from ..engine.rounding import fits_scale, to_decimal
from .loyalty_gift import BATCH

#: Nobody has two birthdays within so many days, whatever date was entered meanwhile.
APART_DAYS = 300


class LoyaltyProgram(models.Model):
    """A gift for the birthday of every member who told it and agreed."""

    _inherit = "loyalty.program"

    birthday_points = fields.Float(
        string="Points for a birthday",
        help="Points that do not count for the tier. 0: none.",
        digits=0,
    )
    birthday_program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Coupon for a birthday",
        help="A personal coupon of this programme, mailed as the programme says.",
        domain="[('program_type', '=', 'coupons')]",
        ondelete="restrict",
        index="btree_not_null",
    )
    birthday_days_before = fields.Integer(
        string="Given so many days before",
        help="So that the gift is there on the day.",
        default=0,
    )
    birthday_member_days = fields.Integer(
        string="Members for at least (days)",
        help="Who joined later than so many days ago gets none yet.",
        default=0,
    )

    _birthday_sane = models.Constraint(
        """CHECK (birthday_points BETWEEN 0 AND 1e12
            AND birthday_days_before BETWEEN 0 AND 90
            AND birthday_member_days BETWEEN 0 AND 3650)""",
        "A birthday gift has no fewer than 0 points and comes up to 90 days before the "
        "day, to members of up to 3650 days.",
    )

    @api.constrains("birthday_points", "birthday_program_id", "points_scale")
    def _check_birthday(self):
        for program in self:
            points = to_decimal(program.birthday_points or 0)
            if not fits_scale(points, program.points_scale):
                raise ValidationError(
                    self.env._("The birthday gift has more decimals than the points.")
                )
            if program.birthday_program_id.filtered(
                lambda coupons: coupons.program_type != "coupons"
            ):
                raise ValidationError(
                    self.env._("A gift is a coupon of a programme of coupons.")
                )

    def _has_birthday_gift(self):
        """Tell whether anybody's birthday brings anything here."""
        extra = self.tier_ids.benefit_ids.filtered(lambda b: b.kind == "birthday_gift")
        return bool(self.birthday_points or self.birthday_program_id or extra)

    # === The nightly work ===

    def _run_gifts(self):
        yield from super()._run_gifts()
        if not self._has_birthday_gift():
            return
        feasts = birthdays_around(self._get_local_date(), self.birthday_days_before)

        def query(after):
            return self._query_birthdays(feasts, after)

        yield from self._run_gift(query, self._give_birthdays)

    def _give_birthdays(self, cards):
        """Give each member what programme and tier have for the birthday."""
        gifts = self.env["loyalty.gift"]
        feasts = birthdays_around(self._get_local_date(), self.birthday_days_before)
        years = {(month, day): year for month, day, year in feasts}
        keys = {
            card.id: (
                f"birthday:{self.id}:{card.partner_id.id}:{years[born.month, born.day]}"
            )
            for card in cards
            for born in [card.partner_id.loyalty_birth_date]
        }
        gift = (to_decimal(self.birthday_points or 0), self.birthday_program_id)
        gifts._give(cards, "birthday", gift, keys=keys)
        for tier, members in cards.grouped("tier_id").items():
            for benefit in tier.benefit_ids.filtered(
                lambda benefit: benefit.kind == "birthday_gift"
            ):
                extra = {card.id: f"{keys[card.id]}:tier" for card in members}
                gifts._give(
                    members, "birthday", benefit._get_gift(), keys=extra, tier=tier
                )

    def _query_birthdays(self, feasts, after):
        today = self._get_local_date()
        # SQL: the members whose birthday is near and who got nothing for it yet. A
        # changed date finds the gift of the other one, in the same year or the next.
        return SQL(
            """
            SELECT c.id FROM loyalty_card c
            JOIN res_partner p ON p.id = c.partner_id
            JOIN jsonb_to_recordset(%(feasts)s::jsonb)
                AS f(month int, day int, year int)
                ON EXTRACT(month FROM p.loyalty_birth_date) = f.month
                AND EXTRACT(day FROM p.loyalty_birth_date) = f.day
            WHERE c.program_id = %(program)s AND c.member_state = 'joined'
                AND c.id > %(after)s AND p.active AND p.loyalty_birth_consent
                AND c.joined_on <= %(joined)s
                AND NOT EXISTS (
                    SELECT FROM loyalty_gift g JOIN loyalty_card k ON k.id = g.card_id
                    WHERE k.partner_id = c.partner_id AND k.program_id = c.program_id
                        AND g.occasion = 'birthday' AND g.given_on > %(apart)s)
            ORDER BY c.id LIMIT %(batch)s
            FOR NO KEY UPDATE OF c SKIP LOCKED
            """,
            feasts=json.dumps(
                [dict(zip(("month", "day", "year"), f, strict=True)) for f in feasts]
            ),
            program=self.id,
            after=after,
            joined=today - timedelta(days=self.birthday_member_days),
            apart=today - timedelta(days=APART_DAYS),
            batch=BATCH,
        )
