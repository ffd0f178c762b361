from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..engine.rounding import fits_scale, to_decimal
from .loyalty_gift import BATCH

#: Kinds of benefits that give something.
GIFTS = ("entry_gift", "yearly_gift", "birthday_gift")


class LoyaltyTierBenefit(models.Model):
    """Gifts: on reaching a tier, every year in it, and for the birthday."""

    _inherit = "loyalty.tier.benefit"

    kind = fields.Selection(
        selection_add=[
            ("entry_gift", "Gift on reaching the tier"),
            ("yearly_gift", "Gift every year"),
            ("birthday_gift", "Birthday gift"),
        ],
        ondelete=dict.fromkeys(GIFTS, "cascade"),
    )
    gift_points = fields.Float(
        string="Points given",
        help="Points that do not count for the tier.",
        digits=0,
    )
    gift_program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Coupon given",
        help="A personal coupon of this programme, mailed as the programme says.",
        domain="[('program_type', '=', 'coupons')]",
        ondelete="restrict",
        index="btree_not_null",
    )
    gift_again = fields.Selection(
        selection=[("once", "Once for each member"), ("year", "At most once a year")],
        string="When reached again",
        help="Whether a member who loses the tier and reaches it again, in a later "
        "year, gets the gift again.",
        default="once",
        required=True,
    )
    gift_by_hand = fields.Boolean(
        string="Also for a tier given by hand",
        help="Whether members get the gift whose tier a manager has given.",
    )

    def _get_single_kinds(self):
        return super()._get_single_kinds() | set(GIFTS)

    @api.constrains("kind", "gift_points", "gift_program_id", "tier_id")
    def _check_gift(self):
        for benefit in self.filtered(lambda benefit: benefit.kind in GIFTS):
            points, scale = benefit.gift_points, benefit.program_id.points_scale
            if points < 0 or not fits_scale(to_decimal(points), scale):
                raise ValidationError(
                    self.env._(
                        "A gift has no fewer than 0 points, and the decimals of the "
                        "programme."
                    )
                )
            if not points and not benefit.gift_program_id:
                raise ValidationError(
                    self.env._("Say what the gift is: points, or a coupon.")
                )
            # sudo: the programme of coupons decides, whoever sets up the tier.
            if benefit.sudo().gift_program_id.filtered(
                lambda program: program.program_type != "coupons"
            ):
                raise ValidationError(
                    self.env._("A gift is a coupon of a programme of coupons.")
                )

    @api.depends("gift_points", "gift_program_id.name", "gift_again")
    def _compute_description(self):
        return super()._compute_description()

    def _describe(self):
        if self.kind not in GIFTS:
            return super()._describe()
        gift = self._name_gift(*self._get_gift())
        if self.kind == "entry_gift":
            return self.env._("A gift when you reach it: %(gift)s.", gift=gift)
        if self.kind == "yearly_gift":
            return self.env._("A gift every year: %(gift)s.", gift=gift)
        return self.env._("A gift for your birthday: %(gift)s.", gift=gift)

    def _get_gift(self):
        """Return (points, coupon programme) that the benefit gives."""
        # sudo: what a tier gives is for everybody to read.
        benefit = self.sudo()
        return to_decimal(benefit.gift_points or 0), benefit.gift_program_id

    def _get_entry_key(self, card_id, year):
        """Return what names the gift of a member who reached the tier in a year."""
        suffix = f":{year}" if self.gift_again == "year" else ""
        return f"entry:{self.tier_id.id}:{card_id}{suffix}"

    def _name_gift(self, points, coupons):
        """Return what a gift is, as a part of a sentence."""
        values = {
            "points": self.program_id._format_points(float(points)),
            "coupon": coupons.name,
        }
        if points and coupons:
            return self.env._("%(points)s and “%(coupon)s”", **values)
        if points:
            return values["points"]
        return self.env._("“%(coupon)s”", **values)


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    def _write_tiers(self, moves, reviews, changes, today):
        """Give the gift of the tier that was reached, together with the move."""
        kinds = self.env["loyalty.tier.benefit"]._get_given_kinds()
        if "entry_gift" not in kinds:
            return super()._write_tiers(moves, reviews, changes, today)
        ids = [card_id for card_ids in moves.values() for card_id in card_ids]
        before = {
            card.id: card.tier_id.threshold
            for card in self.env["loyalty.card"].browse(ids)
            if card.tier_id
        }
        super()._write_tiers(moves, reviews, changes, today)
        found = {change["card_id"] for change in changes}
        for tier, card_ids in moves.items():
            reached = [i for i in card_ids if before.get(i, -1) < tier.threshold]
            # A tier given by hand has its row already.
            self._give_entry(tier, [i for i in reached if i in found], by_hand=False)
            self._give_entry(tier, [i for i in reached if i not in found], by_hand=True)
        return None

    def _give_entry(self, tier, card_ids, by_hand):
        # sudo: what the tier gives decides, whoever made the purchase.
        cards, tier = self.env["loyalty.card"].sudo().browse(card_ids), tier.sudo()
        for benefit in tier.benefit_ids.filtered(
            lambda b: b.kind == "entry_gift" and (b.gift_by_hand or not by_hand)
        ):
            year = self._get_local_date().year
            keys = {card.id: benefit._get_entry_key(card.id, year) for card in cards}
            cards.env["loyalty.gift"]._give(
                cards, "tier_entry", benefit._get_gift(), keys=keys, tier=tier
            )

    # === Every year ===

    def _run_gifts(self):
        yield from super()._run_gifts()
        for benefit in self.tier_ids.benefit_ids.filtered(
            lambda benefit: benefit.kind == "yearly_gift"
        ):
            yield from self._run_yearly_gift(benefit)

    def _run_yearly_gift(self, benefit):
        """Yield after each batch of members who hold the tier of the benefit.

        A year is the calendar's, also that in which the tier was reached.
        """
        tier, year = benefit.tier_id, self._get_local_date().year

        def give(cards):
            keys = {card.id: f"year:{tier.id}:{card.id}:{year}" for card in cards}
            gift = benefit._get_gift()
            self.env["loyalty.gift"]._give(
                cards, "tier_year", gift, keys=keys, tier=tier
            )

        def query(after):
            return self._query_yearly_gift(benefit, year, after)

        yield from self._run_gift(query, give)

    def _query_yearly_gift(self, benefit, year, after):
        # SQL: the members whom the tier owes this year's gift, whoever else works.
        return SQL(
            """
            SELECT c.id FROM loyalty_card c
            WHERE c.program_id = %(program)s AND c.tier_id = %(tier)s
                AND c.member_state = 'joined' AND c.id > %(after)s
                AND NOT EXISTS (
                    SELECT FROM loyalty_gift g
                    WHERE g.key = %(key)s || c.id || ':' || %(year)s)
                AND (%(by_hand)s OR (
                    SELECT t.cause FROM loyalty_tier_change t
                    WHERE t.card_id = c.id AND t.to_tier_id = c.tier_id
                        AND t.from_tier_id IS DISTINCT FROM t.to_tier_id
                    ORDER BY t.id DESC LIMIT 1) IS DISTINCT FROM 'manual')
            ORDER BY c.id LIMIT %(batch)s
            FOR NO KEY UPDATE OF c SKIP LOCKED
            """,
            program=self.id,
            tier=benefit.tier_id.id,
            after=after,
            key=f"year:{benefit.tier_id.id}:",
            year=str(year),
            by_hand=benefit.gift_by_hand,
            batch=BATCH,
        )
