from dataclasses import replace
from datetime import date, datetime, time

import pytz

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

#: No order is older, and days near the beginning of the calendar have no moment.
EARLIEST = date(1970, 1, 1)


class LoyaltyCard(models.Model):
    """What a member bought before joining."""

    _inherit = "loyalty.card"

    def _credit_past_purchases(self, since):
        """Post what the members bought before they joined, once, dated as it was.

        The caller has checked who may ask, and calls this in sudo.

        :param date since: the programme's first day that counts
        :return: the new entries
        :raise UserError: a day to come, or a card that earns nothing now
        """
        ledger = self.env["loyalty.ledger"]
        entries = self.env["loyalty.ledger.entry"]
        self._check_past_since(since)
        for card in self:
            if card.program_id.ledger_policy != "strict" or not card._may_earn():
                raise UserError(card._explain_no_earning())
            entries |= ledger._post(card._prepare_past_postings(since), notify=False)
        sold = entries.filtered(lambda entry: entry.origin_model == "sale.order")
        # What came back since takes its points along, as it would have.
        orders = self.env["sale.order"].browse(sold.mapped("origin_id"))
        orders._sync_loyalty(refuse_debt=False)
        return entries

    def _check_past_since(self, since):
        """Refuse a day that has not begun where the members' programmes are."""
        if any(since > program._get_local_date() for program in self.program_id):
            raise UserError(
                self.env._(
                    "Choose a day in the past: “%(day)s” is to come.",
                    day=format_date(self.env, since),
                )
            )

    def _prepare_past_postings(self, since):
        """Return the postings of purchases before joining. Override to: add others.

        :param date since: see :meth:`_credit_past_purchases`
        """
        self.ensure_one()
        orders = self._get_past_orders(since)
        points = self.env["sale.order.coupon.points"].create(
            [
                {"order_id": order.id, "coupon_id": self.id, "points": 0}
                for order in orders
            ]
        )
        postings = []
        for point in points:
            order = point.order_id
            postings += [
                replace(posting, occurred_at=order.date_order)
                for posting in order._prepare_earn_postings(point, order.loyalty_round)
                if posting.points or posting.base_amount
            ]
        return postings

    def _get_past_span(self, since):
        """Return the domain of the moments from ``since`` until the member joined."""
        zone = self.program_id._get_timezone()
        first = datetime.combine(max(since, EARLIEST), time.min)
        start = zone.localize(first).astimezone(pytz.utc)
        return [
            ("date_order", ">=", start.replace(tzinfo=None)),
            ("date_order", "<", self.terms_accepted_on),
        ]

    def _get_past_orders(self, since):
        """Return the confirmed orders before joining that earned nothing here."""
        program = self.program_id
        companies = program.company_id or self.env.companies
        orders = self.env["sale.order"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("state", "=", "sale"),
                ("company_id", "child_of", companies.ids),
                *self._get_past_span(since),
            ],
            order="date_order, id",
        )
        return orders.filtered(
            lambda order: (
                self not in order.coupon_point_ids.coupon_id
                and order._takes_part_in(program)
            )
        )
