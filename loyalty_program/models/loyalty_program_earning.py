from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine import earning
from ..engine.dates import days_of_period
from ..engine.values import EarnTerms

#: Largest limit that a programme may set, in points.
MAX_CAP = 10**12


class LoyaltyProgram(models.Model):
    """When a purchase earns, on which money, and how the points are rounded."""

    _inherit = "loyalty.program"

    earn_moment = fields.Selection(
        selection=[
            ("confirmation", "confirmed"),
            ("payment", "paid"),
            ("delivery", "delivered"),
        ],
        string="Orders earn when",
        help="Confirmed: at once. Paid: when the payment has arrived or all invoices "
        "are paid. Delivered: line by line, as the delivered quantities grow. "
        "The return window starts at that moment. A sale at the till is all three "
        "at once.",
        default="confirmation",
        required=True,
    )
    earn_basis = fields.Selection(
        selection=[("total", "with tax"), ("untaxed", "without tax")],
        string="Points rest on prices",
        help="Whether the tax earns points too. Minimum amounts of the rules have a "
        "setting of their own.",
        default="total",
        required=True,
    )
    earn_on_shipping = fields.Boolean(
        string="Delivery charges earn",
        help="Whether the customer collects points on the costs of delivery.",
    )
    earn_on_gift_cards = fields.Boolean(
        string="Gift cards earn",
        help="Whether money from a gift card or an eWallet earns points when it is "
        "spent. Switch it off if buying the gift card has earned already, or if "
        "cashback shall not earn again: points that became money on an eWallet are "
        "such money. What is paid with points never earns.",
        default=True,
    )
    points_rounding = fields.Selection(
        selection=[("down", "down"), ("half_up", "to the nearest"), ("up", "up")],
        string="Points are rounded",
        help="37.5 points become 37 (down) or 38 (to the nearest, up).",
        default="down",
        required=True,
    )
    rounding_scope = fields.Selection(
        selection=[("order", "once per order"), ("line", "line by line")],
        string="Rounding happens",
        help="Line by line, two lines of 1.5 points make 2 points (rounded down); once "
        "per order they make 3.",
        default="order",
        required=True,
    )
    order_cap = fields.Float(
        string="Limit per order",
        help="An order earns no more than this. 0: no limit.",
        digits=0,
    )
    member_cap = fields.Float(
        string="Limit per member",
        help="A member's purchases earn no more than this in a period. What is "
        "returned makes room again. 0: no limit.",
        digits=0,
    )
    member_cap_period = fields.Selection(
        selection=[
            ("day", "a day"),
            ("week", "a week"),
            ("month", "a month"),
            ("year", "a year"),
        ],
        string="Period of the limit",
        help="Days begin at midnight, weeks on Monday, in the company's time zone.",
        default="month",
        required=True,
    )

    _caps_sane = models.Constraint(
        "CHECK (order_cap BETWEEN 0 AND 1e12 AND member_cap BETWEEN 0 AND 1e12)",
        "A limit is a number of points, 0 for no limit.",
    )

    @api.constrains("company_id", "currency_id")
    def _check_currency_stays(self):
        """Refuse another currency once money was counted: tiers sum it up."""
        # sudo: the entries decide, whether or not the user may see them.
        counted = self.env["loyalty.ledger.entry"].sudo()
        for program in self.filtered("is_managed"):
            other = counted.search(
                [
                    ("program_id", "=", program.id),
                    ("currency_id", "!=", program.currency_id.id),
                    ("base_amount", "!=", 0),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” has counted purchases in %(currency)s and stays "
                        "in that currency.",
                        name=program.name,
                        currency=other.currency_id.name,
                    )
                )

    # === Evaluation ===

    def _evaluate(self, basket, multiplier=Decimal(1)):
        """Return what ``basket`` earns under this programme's rules.

        :param Basket basket: see ``engine.values``
        :param Decimal multiplier: what the points are multiplied with
        :rtype: Earned
        """
        self.ensure_one()
        return earning.evaluate(
            basket,
            self._prepare_earn_rules(basket),
            self._prepare_earn_terms(multiplier),
        )

    def _prepare_earn_terms(self, multiplier=Decimal(1)):
        """Return what holds for all the rules of this programme together."""
        return EarnTerms(
            scale=self.points_scale,
            rounding=self.points_rounding,
            per_line=self.rounding_scope == "line",
            untaxed=self.earn_basis == "untaxed",
            multiplier=multiplier,
            order_cap=Decimal(repr(self.order_cap)) if self.order_cap else None,
        )

    def _prepare_earn_rules(self, basket):
        """Return the rules as frozen values, their products narrowed to the basket."""
        ids = {line.product_id for line in basket.lines if line.product_id}
        products = self.env["product.product"].browse(sorted(ids))
        rules = []
        for facts in self._get_rule_facts():
            rule = facts.rule
            if facts.domain:
                matching = products.filtered_domain(facts.domain)
                rule = replace(rule, product_ids=frozenset(matching.ids))
            rules.append(rule)
        return rules

    # === The limit of a member ===

    def _get_cap_period(self, moment=None):
        """Return (first day, last day) of the limit's period around ``moment``.

        :param datetime moment: naive UTC; None means now
        """
        return days_of_period(self._get_local_date(moment), self.member_cap_period)

    def _cap_for_member(self, earned, used):
        """Cut ``earned`` to what the member's limit leaves.

        :param Earned earned: what the purchase alone would earn
        :param Decimal used: points earned in the period before
        """
        if not self.member_cap:
            return earned
        limit = Decimal(repr(self.member_cap))
        facts = {"per": self.member_cap_period}
        return earning.cap(earned, limit, facts, self.points_scale, used)
