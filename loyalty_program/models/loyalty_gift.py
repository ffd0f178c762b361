import json
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.values import Posting

OCCASIONS = [
    ("tier_entry", "Reached a tier"),
    ("tier_year", "A year in a tier"),
    ("birthday", "Birthday"),
]

#: Of these a member gets each once, also with another card: of a merge, or of before.
PERSONAL = ("tier_entry", "tier_year", "birthday")

#: Members of one step of the nightly work.
BATCH = 500


class LoyaltyGift(models.Model):
    """A gift that a member got for an occasion, once: points, a coupon, or both.

    The row is the promise not to give it again. Its key names the occasion, so that
    neither a second worker nor a second night gives anything twice.
    """

    _name = "loyalty.gift"
    _description = "Loyalty Gift"
    _order = "id desc"
    _log_access = False

    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Membership",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    program_id = fields.Many2one(related="card_id.program_id")
    partner_id = fields.Many2one(related="card_id.partner_id")
    company_id = fields.Many2one(related="card_id.company_id")
    occasion = fields.Selection(selection=OCCASIONS, required=True, readonly=True)
    tier_id = fields.Many2one(
        comodel_name="loyalty.tier", readonly=True, ondelete="set null"
    )
    key = fields.Char(required=True, readonly=True)
    given_on = fields.Date(required=True, readonly=True)
    points = fields.Float(digits=0, readonly=True)
    coupon_id = fields.Many2one(
        comodel_name="loyalty.card",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    _once = models.UniqueIndex("(key)", "A gift is given once for an occasion.")

    @api.depends_context("lang")
    @api.depends("occasion", "tier_id")
    def _compute_display_name(self):
        """Name the occasion: members read it beside the points."""
        labels = dict(self._fields["occasion"]._description_selection(self.env))
        for gift in self:
            parts = (labels.get(gift.occasion), gift.tier_id.name)
            gift.display_name = ": ".join(filter(None, parts))

    @api.model
    def _give(self, cards, occasion, gift, *, keys, tier=None):
        """Give every card what the occasion brings, who has it already excepted.

        The caller has found out who gets it, and calls this in sudo.

        :param cards: members of one programme
        :param gift: (points, a Decimal; coupon programme, maybe empty)
        :param dict keys: {card id: key of the occasion}
        :param tier: the tier that gives it, if any
        :return: the new gifts
        """
        points, coupons = gift
        cards = cards.filtered(lambda card: card.partner_id and card._may_earn())
        if not cards or not (points or coupons):
            return self.browse()
        rows = self.env.execute_query(
            self._query_give(cards, occasion, points, keys=keys, tier=tier)
        )
        gifts = self.browse(row[0] for row in rows)
        if points:
            self.env["loyalty.ledger"]._post([g._prepare_posting() for g in gifts])
        if coupons and gifts:
            gifts._make_coupons(coupons)
        return gifts

    def _query_give(self, cards, occasion, points, *, keys, tier):
        # SQL: who has the gift already is left out without an error; so is who had it
        # with a merged card. The fourth part of a key is the year, if it names one.
        wanted = [{"card_id": card.id, "key": keys[card.id]} for card in cards]
        return SQL(
            """
            INSERT INTO loyalty_gift
                (card_id, occasion, tier_id, key, given_on, points)
            SELECT w.card_id, %(occasion)s, %(tier)s, w.key, %(day)s, %(points)s
            FROM jsonb_to_recordset(%(wanted)s::jsonb) AS w(card_id int, key varchar)
            WHERE NOT %(personal)s OR NOT EXISTS (
                SELECT FROM loyalty_card c
                CROSS JOIN LATERAL (%(own)s) k
                JOIN loyalty_gift g ON g.card_id = k.id
                WHERE c.id = w.card_id AND k.id <> c.id
                    AND g.occasion = %(occasion)s
                    AND g.tier_id IS NOT DISTINCT FROM %(tier)s
                    AND split_part(g.key, ':', 4) = split_part(w.key, ':', 4))
            ON CONFLICT (key) DO NOTHING RETURNING id
            """,
            occasion=occasion,
            tier=SQL("%s::int", tier.id if tier else None),
            day=cards.program_id._get_local_date(),
            points=points,
            wanted=json.dumps(wanted),
            personal=occasion in PERSONAL,
            own=cards._sql_cards_of(SQL("c")),
        )

    def _prepare_posting(self):
        """Return the posting of the points: gifts lift no tier."""
        return Posting(
            card_id=self.card_id.id,
            entry_type="bonus",
            points=Decimal(repr(self.points)).normalize() + 0,
            key=f"gift:{self.key}",
            origin=(self._name, self.id),
            breakdown={"gift": self.occasion, "tier_id": self.tier_id.id or None},
        )

    def _make_coupons(self, program):
        """Make a personal coupon for each of the gifts; its programme mails it."""
        needed = program._get_coupon_points()
        coupons = self.env["loyalty.card"].create(
            [
                {
                    "program_id": program.id,
                    "partner_id": gift.card_id.partner_id.id,
                    "points": needed,
                }
                for gift in self
            ]
        )
        for gift, coupon in zip(self, coupons, strict=True):
            gift.coupon_id = coupon


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    def _run_gifts(self):
        """Yield after each batch of members who got a gift. Override to: give more."""
        self.ensure_one()
        yield from ()

    def _run_gift(self, query, give):
        """Yield after each batch of cards that a query finds and a function serves.

        :param query: function of the card id after which the batch begins; it locks
            the cards, and leaves alone those that another worker holds
        :param give: function of the cards
        """
        after = 0
        # The statements below read customers, cards and moves between tiers.
        self.env.flush_all()
        while rows := self.env.execute_query(query(after)):
            after = rows[-1][0]
            cards = self.env["loyalty.card"].browse(row[0] for row in rows)
            left_out = self.env["loyalty.ledger"]._do_apart("gifts", cards, give)
            yield cards - left_out
