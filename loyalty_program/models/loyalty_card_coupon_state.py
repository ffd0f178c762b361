from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

COUPON_STATES = [
    ("issued", "Issued"),
    ("sent", "Sent"),
    ("used", "Used"),
    ("expired", "Expired"),
    ("void", "Void"),
]

#: A coupon in one of these states may be used, sent and voided.
USABLE_STATES = ("issued", "sent")


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    def _get_coupon_points(self):
        """Return the points of a whole coupon: what its smallest reward takes."""
        self.ensure_one()
        return min(self.reward_ids.mapped("required_points"), default=1)


class LoyaltyCard(models.Model):
    """Where a coupon stands: computed from facts, found and counted by them."""

    _inherit = "loyalty.card"

    coupon_state = fields.Selection(
        selection=COUPON_STATES,
        string="Status",
        compute="_compute_coupon_state",
        search="_search_coupon_state",
    )

    @api.depends("points", "expiration_date", "sent_on", "voided_on", "program_id")
    def _compute_coupon_state(self):
        needed = {}
        for card in self:
            program = card.program_id
            if program.program_type != "coupons":
                card.coupon_state = False
                continue
            if program not in needed:
                needed[program] = program._get_coupon_points()
            if card.voided_on:
                state = "void"
            elif card.points < needed[program]:
                state = "used"
            elif card._is_past_end():
                state = "expired"
            else:
                state = "sent" if card.sent_on else "issued"
            card.coupon_state = state

    def _is_past_end(self):
        today = self.program_id._get_local_date()
        return bool(self.expiration_date and self.expiration_date < today)

    def _search_coupon_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        states = [state or "" for state in value]

        def to_sql(model, alias, query):
            state = model._sql_coupon_state(alias, query)
            return SQL("COALESCE(%s, '') = ANY(%s)", state, states)

        return Domain.custom(to_sql=to_sql)

    def _sql_coupon_state(self, alias, query):
        """Return the state as SQL, NULL for cards that are no coupons."""
        coupons = query.make_alias(alias, "coupons")
        column = {
            name: self._field_to_sql(alias, name, query)
            for name in (
                "program_id",
                "points",
                "expiration_date",
                "sent_on",
                "voided_on",
            )
        }
        rewards = self.env["loyalty.reward"]
        query.add_join(
            "LEFT JOIN",
            coupons,
            # SQL: the least that a coupon of each programme is good for.
            SQL(
                """(SELECT o.id, o.company_id, COALESCE(MIN(%s), 1) AS needed
                    FROM loyalty_program o
                    LEFT JOIN loyalty_reward r ON %s = o.id AND %s
                    WHERE o.program_type = 'coupons' GROUP BY o.id)""",
                rewards._field_to_sql("r", "required_points"),
                rewards._field_to_sql("r", "program_id"),
                rewards._field_to_sql("r", "active"),
            ),
            SQL("%s = %s", column["program_id"], SQL.identifier(coupons, "id")),
        )
        return SQL(
            """CASE WHEN %(coupon)s IS NULL THEN NULL
                WHEN %(void)s IS NOT NULL THEN 'void'
                WHEN %(points)s < %(needed)s THEN 'used'
                WHEN %(end)s < %(today)s THEN 'expired'
                WHEN %(sent)s IS NOT NULL THEN 'sent' ELSE 'issued' END""",
            coupon=SQL.identifier(coupons, "id"),
            needed=SQL.identifier(coupons, "needed"),
            points=column["points"],
            void=column["voided_on"],
            sent=column["sent_on"],
            end=column["expiration_date"],
            today=self._sql_day_of_company(SQL.identifier(coupons, "company_id")),
        )

    def _sql_day_of_company(self, company):
        """Return the day of a company as SQL; without one, of the current company.

        :param SQL company: the id
        """
        own = self.env.company
        today = own._get_loyalty_day()
        # sudo: what day it is in a company is no secret.
        companies = self.env["res.company"].sudo().search([("id", "!=", own.id)])
        days = companies.grouped(lambda other: other._get_loyalty_day())
        days.pop(today, None)
        day = SQL("%s::date", today)
        # SQL: at one moment there are three different days on earth at most.
        for other, owners in days.items():
            day = SQL(
                "CASE WHEN %s = ANY(%s) THEN %s::date ELSE %s END",
                company,
                owners.ids,
                other,
                day,
            )
        return day

    def _read_group_groupby(self, alias, groupby_spec, query):
        if groupby_spec == "coupon_state":
            return self._sql_coupon_state(alias, query)
        return super()._read_group_groupby(alias, groupby_spec, query)
