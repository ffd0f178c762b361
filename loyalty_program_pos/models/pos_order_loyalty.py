import logging
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.loyalty_program.engine.rounding import to_decimal
from odoo.addons.loyalty_program.engine.shares import to_text
from odoo.addons.loyalty_program.engine.values import Basket, Posting
from odoo.addons.loyalty_program.models.loyalty_tier_multiplier import as_bonus

_logger = logging.getLogger(__name__)


class PosOrder(models.Model):
    """From a paid till order to the ledger."""

    _inherit = "pos.order"

    def _post_loyalty(self):
        """Post what the order earns, spends and gives back, once.

        The customer has paid: whatever the ledger objects to, the sale stays. The
        objection is written on the order for the manager.
        """
        for order in self.filtered(
            lambda o: o.partner_id or o.lines.refunded_orderline_id
        ):
            try:
                with self.env.cr.savepoint():
                    order._post_loyalty_entries()
            except UserError as error:
                _logger.warning("%s: no points were posted: %s", order.name, error)
                order.message_post(
                    body=self.env._(
                        "The points of this order were not posted: %(reason)s",
                        reason=error,
                    )
                )

    def _post_loyalty_entries(self):
        # sudo: the ledger is closed to till users. Everything posted is computed here
        # from the order's own lines.
        order = self.sudo()
        known = order.env["loyalty.ledger.entry"].search_count(
            [
                ("origin_model", "=", order._name),
                ("origin_id", "=", order.id),
                ("program_id.ledger_policy", "=", "strict"),
                ("reverses_id", "=", False),
            ],
            limit=1,
        )
        order._undo_loyalty()
        if not known:
            order._post_loyalty_gains()
        self.invalidate_recordset(["loyalty_result"])

    def _post_loyalty_gains(self):
        """Post what the order earns and spends by itself."""
        postings = []
        for program in self._get_strict_programs():
            card = program._get_member_card(self.partner_id)
            if card:
                postings += self._prepare_loyalty_postings(program, card)
        self.env["loyalty.ledger"]._post(postings)

    def _get_strict_programs(self):
        """Return the strict programmes that this order takes part in.

        Those that ran at this till on the day of the order, which may reach the server
        days later, and those whose rewards it holds.
        """
        # sudo: a branch takes part in the programmes of its company, as Odoo's tills
        # show them.
        company = self.company_id.sudo()
        day = company._get_loyalty_day(self.date_order)
        domain = Domain.AND(
            [
                [("is_managed", "=", True), ("ledger_policy", "=", "strict")],
                [("pos_ok", "=", True), ("currency_id", "=", self.currency_id.id)],
                [("company_id", "in", [False, *company.parent_ids.ids])],
                [("pos_config_ids", "in", [False, self.config_id.id])],
                [("pricelist_ids", "in", [False, self.pricelist_id.id])],
                ["|", ("date_from", "=", False), ("date_from", "<=", day)],
                ["|", ("date_to", "=", False), ("date_to", ">=", day)],
            ]
        )
        claimed = self.lines.reward_id.program_id.filtered(lambda p: p._is_strict())
        return self.env["loyalty.program"].search(domain) | claimed

    def _get_loyalty_channel(self):
        return "pos"

    def _get_loyalty_basket(self, program):
        """Return what the customer bought, as the engine sees it."""
        self.ensure_one()
        lines = self.lines.filtered(lambda line: line._counts_for_loyalty())
        lines -= self._get_points_value_lines()
        due, vouchers = self._get_loyalty_dues(program)
        return Basket(
            lines=tuple(line._get_loyalty_basket_line() for line in lines),
            code_rule_ids=self._get_entered_rule_ids(program),
            closed_rule_ids=frozenset(
                self.env["loyalty.rule"]._get_closed_ids(self.partner_id)
            ),
            due=due,
            vouchers=vouchers,
        )

    def _prepare_loyalty_postings(self, program, card):
        """Return the postings of one member's earning and spending."""
        basket = self._get_loyalty_basket(program)
        earned = program._evaluate(basket)
        postings = []
        day = program._get_local_date(min(self.date_order, fields.Datetime.now()))
        # Money below the first point counts for the tier all the same.
        # Only a claim brings a programme of another currency here, and money of this
        # one is no base for its points.
        is_base = self.currency_id == program.currency_id and card._may_earn(day)
        if (earned.points or earned.base) and is_base:
            postings.append(
                self._prepare_loyalty_posting(
                    card,
                    "earn",
                    earned.points,
                    base_amount=earned.base,
                    hold_days=program.hold_days,
                    counts_for_tier=True,
                    breakdown=earned.breakdown,
                )
            )
            factors = card._get_earn_factors(day)
            if bonus := program._evaluate_bonus(basket, earned, factors):
                postings.append(as_bonus(postings[-1], bonus))
        for (reward, code), lines in self._get_claims(program).items():
            suffix = f":{reward.id}:{code}"
            postings.append(self._prepare_loyalty_redemption(card, suffix, lines))
        return postings

    def _prepare_loyalty_posting(self, card, entry_type, points, **values):
        suffix = values.pop("suffix", "")
        return Posting(
            card_id=card.id,
            entry_type=entry_type,
            points=points,
            key=f"{self._name}:{self.id}:{entry_type}:{card.id}{suffix}",
            # A till's clock may be ahead; what is paid has happened.
            occurred_at=min(self.date_order, fields.Datetime.now()),
            channel=self._get_loyalty_channel(),
            origin=(self._name, self.id),
            **values,
        )

    def _to_program_currency(self, amount, program):
        """Return money of this order in the programme's currency, at the order's day.

        :param Decimal amount: money of the order
        :rtype: Decimal
        """
        return self._convert_money(amount, self.currency_id, program.currency_id)

    def _to_order_currency(self, amount, program):
        """Return money of the programme in this order's currency, see above."""
        return self._convert_money(amount, program.currency_id, self.currency_id)

    def _convert_money(self, amount, source, target):
        if source == target:
            return amount
        day = self.company_id._get_loyalty_day(self.date_order)
        money = source._convert(float(amount), target, self.company_id, day)
        return to_decimal(round(money, 6))

    # === Rewards ===

    def _get_claims(self, program):
        """Return {(reward, claim's code): its lines} of the programme's rewards."""
        lines = self.lines.filtered(
            lambda line: (
                line.reward_id.program_id == program and not line.refunded_orderline_id
            )
        )
        return lines.grouped(lambda line: (line.reward_id, line.reward_identifier_code))

    def _prepare_loyalty_redemption(self, card, suffix, lines):
        reward, program = lines.reward_id, card.program_id
        cost = reward._get_claim_cost(
            quantity=to_decimal(sum(lines.mapped("qty"))),
            amount=self._to_program_currency(
                -sum(
                    (
                        line._get_loyalty_amount(line._get_loyalty_money())
                        for line in lines
                    ),
                    Decimal(0),
                ),
                program,
            ),
            balance=to_decimal(card.points),
            card=card,
        )
        cost, excess = cost + lines._get_excess_cost(), lines._get_excess()
        self._report_claim(lines, card, cost, excess)
        return self._prepare_loyalty_posting(
            card,
            "redeem",
            -cost,
            suffix=suffix,
            breakdown={
                "reward": reward.description,
                "reward_id": reward.id,
                "times": reward._count_times(cost, card),
                "goods": lines._get_loyalty_goods(),
                **({"excess": to_text(excess)} if excess else {}),
            },
        )

    def _report_claim(self, lines, card, cost, excess):
        """Write down where the till charged something else than is booked.

        :param excess: money that the till gave beyond what the reward allows
        """
        reward = lines.reward_id
        wish = to_decimal(sum(lines.mapped("points_cost")))
        if wish != cost or lines.coupon_id - card:
            _logger.info(
                "%s: the till charged %s points to %s, booked are %s to card %s",
                self.name,
                wish,
                lines.coupon_id,
                cost,
                card.id,
            )
        if not reward._is_for(self.partner_id):
            self.message_post(
                body=self.env._(
                    "The till gave “%(reward)s” to somebody whom it is not for. "
                    "%(reason)s Please check.",
                    reward=reward.description,
                    reason=reward._explain_audience(),
                )
            )
        if excess:
            self.message_post(
                body=self.env._(
                    "The till gave %(money)s more for “%(reward)s” than the reward "
                    "allows. %(points)s points were taken for it. Please check.",
                    money=self.currency_id.format(float(excess)),
                    reward=lines.reward_id.description,
                    points=to_text(lines._get_excess_cost()),
                )
            )
