from decimal import Decimal
from fractions import Fraction

from odoo import models

from ..engine.rounding import round_points, to_decimal
from ..engine.values import Basket, BasketLine, Posting
from .loyalty_card import CURRENT_STATES


class SaleOrder(models.Model):
    """Adapter: a sales order becomes a basket and postings. No rule lives here."""

    _inherit = "sale.order"

    def _get_loyalty_channel(self):
        """Return the ledger's channel of this order. Override to: name another."""
        return "sale"

    # === Preview: what stock asks while the order is a draft ===

    def _program_check_compute_points(self, programs):
        strict = programs.filtered(lambda p: p.ledger_policy == "strict")
        result = super()._program_check_compute_points(programs - strict)
        for program in strict:
            member = self._get_loyalty_member_card(program)
            if member and not member._may_earn():
                result[program] = {"error": member._explain_no_earning()}
            elif member:
                earned = self._evaluate_loyalty_whole(program, member)
                points = member._get_room_for(earned)
                result[program] = {"points": [float(points)]}
            else:
                result[program] = {
                    "error": self.env._(
                        "“%(name)s” is for members. The customer has not joined yet.",
                        name=program.name,
                    )
                }
        return result

    def _get_real_points_for_coupon(self, coupon, post_confirm=False):
        program = coupon.program_id
        if program.ledger_policy != "strict":
            return super()._get_real_points_for_coupon(coupon, post_confirm)
        self.ensure_one()
        if not coupon._may_spend():
            return 0.0
        points = coupon._get_points_to_spend()
        if self.state != "sale":
            cost = self._get_loyalty_cost(coupon)
            if not cost and points < 0:
                # Who owes points and spends none may still buy.
                return 0.0
            points += self._get_own_spendable_points(coupon) - cost
            if points < 0 and self._is_loyalty_paid():
                return 0.0
        return float(round_points(points, program.points_scale))

    def _get_own_spendable_points(self, coupon):
        """Return what this order earns if it may be spent on this very order."""
        program = coupon.program_id
        late = program.hold_days or program.earn_moment != "confirmation"
        if late or program.applies_on == "future":
            return Decimal(0)
        own = self.coupon_point_ids.filtered(lambda point: point.coupon_id == coupon)
        return to_decimal(sum(own.mapped("points")))

    def _get_loyalty_cost(self, coupon):
        lines = self.order_line.filtered(lambda line: line.coupon_id == coupon)
        return sum((to_decimal(line.points_cost) for line in lines), Decimal(0))

    def _get_loyalty_member_card(self, program):
        # sudo: whether the customer is a member is a fact of the sale, whoever sells.
        known = self.sudo().coupon_point_ids.coupon_id.filtered(
            lambda card: (
                card.program_id == program
                and card.active
                and card.partner_id == self.partner_id
                and card.member_state in CURRENT_STATES
            )
        )
        # sudo: see above.
        return known[:1] or program.sudo()._get_member_card(self.partner_id)

    def _get_point_changes(self):
        """Leave managed cards to the ledger: stock writes nothing for them."""
        changes = super()._get_point_changes()
        # sudo: the programme of a card decides, whoever confirms.
        cards = self.env["loyalty.card"].sudo().browse(card.id for card in changes)
        # sudo: the service reads less of them than Odoo would.
        self.env["loyalty.ledger"].sudo()._fetch_facts(cards)
        for card in cards.filtered("is_managed"):
            del changes[card]
        return changes

    def _update_programs_and_rewards(self):
        """Leave what is paid for as it was paid; drop what is not the customer's."""
        self.ensure_one()
        if self.state in ("draft", "sent"):
            lines = self._get_strict_reward_lines()
            if lines and self._is_loyalty_paid():
                return None
            self._drop_foreign_memberships(self.order_line.filtered("coupon_id"))
        return super()._update_programs_and_rewards()

    def _get_strict_reward_lines(self):
        return self.order_line.filtered(
            lambda line: line.coupon_id.program_id.ledger_policy == "strict"
        )

    def _drop_foreign_memberships(self, reward_lines):
        """Drop the points and rewards of cards that are not the customer's.

        Stock keeps them when the customer of a quotation changes, and would make a
        card for nobody.
        """
        # sudo: the points of the order are the system's own record.
        points = self.coupon_point_ids.sudo()
        points.filtered(lambda point: self._is_foreign(point.coupon_id)).unlink()
        if foreign := self.applied_coupon_ids.filtered(self._is_foreign):
            self.applied_coupon_ids -= foreign
        reward_lines.filtered(lambda line: self._is_foreign(line.coupon_id)).unlink()

    def _is_foreign(self, card):
        """Tell whether the card is a membership that this order must not touch."""
        return card.program_id.ledger_policy == "strict" and (
            card.member_state not in CURRENT_STATES
            or card.partner_id != self.partner_id
        )

    def _add_points_for_coupon(self, coupon_points):
        if self.state == "sale":
            # Members earn when an order is confirmed, by the rules of their programme;
            # a look at the rewards afterwards gives nothing.
            coupon_points = {
                card: points
                for card, points in coupon_points.items()
                if card.program_id.ledger_policy != "strict"
            }
        with self.env["loyalty.ledger"]._claim(
            self,
            channel=self._get_loyalty_channel(),
            gain="earn",
            loss="earn_reversal",
        ):
            return super()._add_points_for_coupon(coupon_points)

    # === Basket ===

    def _evaluate_loyalty(self, program, delivered=False):
        """Return what this order earns under ``program``: an engine ``Earned``.

        :param bool delivered: only for what was delivered by now
        """
        # sudo: rules are read to compute, not to show.
        program = program.sudo()
        return program._evaluate(self._get_loyalty_basket(program, delivered))

    def _get_loyalty_basket(self, program, delivered=False):
        """Return the order as the engine sees it, in the programme's currency."""
        self.ensure_one()
        lines = self.order_line - self._get_loyalty_silent_lines(program)
        counting = lines.filtered(self._counts_for_loyalty)
        parts = self._get_delivered_parts(counting) if delivered else {}
        due, vouchers = self._get_loyalty_dues(program)
        read_money = self._get_money_reader(program)
        return Basket(
            lines=tuple(
                self._prepare_basket_line(
                    line, read_money, delivered=parts.get(line, Fraction(1))
                )
                for line in counting
            ),
            code_rule_ids=self._get_entered_rule_ids(program),
            due=due,
            vouchers=vouchers,
        )

    def _get_entered_rule_ids(self, program):
        """Return the ids of the rules whose code was entered, as a frozenset."""
        if not program._has_code_rule():
            return frozenset()
        return frozenset(self.code_enabled_rule_ids.ids)

    def _counts_for_loyalty(self, line):
        """Tell whether a line is goods or a discount; payments and notes are not."""
        if line.display_type or line.combo_item_id or not line.product_id:
            return False
        reward = line.reward_id
        return not reward or (
            reward.reward_type == "discount"
            and not reward.program_id.is_payment_program
        )

    def _prepare_basket_line(self, line, read_money, **values):
        priced = line._get_lines_with_price()
        return BasketLine(
            product_id=line.product_id.id,
            quantity=to_decimal(line.product_uom_qty),
            total=read_money(sum(each.price_total for each in priced)),
            untaxed=read_money(sum(each.price_subtotal for each in priced)),
            is_discount=line._is_discount_line(),
            ref=line.id or None,
            **values,
        )

    def _get_loyalty_day(self):
        """Return the order's day, where its company is."""
        return self.company_id._get_loyalty_day(self.date_order)

    def _to_program_currency(self, amount, program):
        return self._get_money_reader(program)(amount)

    def _get_money_reader(self, program):
        """Return what makes an exact number of the programme's currency of an amount.

        An order has many amounts, nearly always in that currency already.
        """
        if self.currency_id == program.currency_id:
            return _read_money
        return lambda amount: _read_money(self._convert_for(program, amount))

    def _convert_for(self, program, amount):
        """Return an amount of the order in the programme's currency, as a float."""
        return self.currency_id._convert(
            amount, program.currency_id, self.company_id, self._get_loyalty_day()
        )

    # === Postings ===

    def action_confirm(self):
        drafts = self.filtered(lambda order: order.state != "sale")
        result = super().action_confirm()
        drafts.filtered(lambda order: order.state == "sale")._post_loyalty()
        return result

    def _action_cancel(self):
        confirmed = self.filtered(lambda order: order.state == "sale")
        # sudo: which documents belong to the order is a fact, whoever cancels.
        settled = confirmed.sudo()._get_settling_moves()
        result = super()._action_cancel()
        undone = confirmed.filtered(lambda order: order.state == "cancel")
        if undone:
            # sudo: the ledger is closed to everybody but the service.
            undone.sudo()._cancel_loyalty(settled)
        return result

    def _post_loyalty(self):
        """Post what the confirmed orders earn and spend, in one call to the ledger."""
        # sudo: the ledger is closed to everybody but the service.
        ledger = self.env["loyalty.ledger"].sudo()
        # An order that neither earns nor spends asks the ledger nothing.
        concerned = self.filtered(
            lambda order: order.coupon_point_ids or order.order_line.coupon_id
        )
        paid, unpaid = [], []
        for order in concerned:
            postings = order._prepare_loyalty_postings(order.loyalty_round)
            (paid if order._is_loyalty_paid() else unpaid).extend(postings)
        if unpaid:
            ledger._post(unpaid, allow_debt=False)
        if paid:
            # What the customer has paid for is never refused for its points.
            ledger._post(paid, allow_debt=True)

    def _is_loyalty_paid(self):
        # sudo: payments are read to decide, not to show.
        transactions = self.sudo().transaction_ids
        return any(tx.state in ("done", "authorized") for tx in transactions)

    def _prepare_loyalty_postings(self, number):
        """Return the postings of this order: what it spends, what it earns.

        :param int number: tells one confirmation from the next after a cancellation
        """
        self.ensure_one()
        postings = self._prepare_redeem_postings(number)
        # sudo: the points of the order are the system's own record.
        for point in self.coupon_point_ids.sudo():
            if point.coupon_id.is_managed and point.coupon_id._may_earn():
                postings += self._prepare_earn_postings(point, number)
        # Money below the first point counts for the tier all the same.
        return [p for p in postings if p.points or p.base_amount]

    def _prepare_redeem_postings(self, number):
        # sudo: the card's programme decides, whoever confirms.
        lines = self.order_line.filtered(
            lambda line: line.reward_id and line.sudo().coupon_id.is_managed
        )
        claims = lines.grouped(lambda line: (line.coupon_id, line.reward_id))
        return [
            self._prepare_redeem_posting(claim, own, own._get_points_cost(), number)
            for claim, own in claims.items()
        ]

    def _prepare_redeem_posting(self, claim, lines, cost, suffix):
        """Return the posting of a reward that the order takes.

        :param claim: (card, reward)
        :param lines: the reward's lines, as a later return shall find them
        """
        card, reward = claim
        return Posting(
            card_id=card.id,
            entry_type="redeem",
            points=-cost,
            key=f"sale.order:{self.id}:redeem:{card.id}:{reward.id}:{suffix}",
            channel=self._get_loyalty_channel(),
            origin=(self._name, self.id),
            breakdown={
                "reward": reward.description or reward.display_name,
                "reward_id": reward.id,
                "times": reward._count_times(cost, card),
                "goods": lines._get_reward_goods(),
            },
        )

    def _prepare_earn_posting(self, point, number, earned=None):
        """Return the posting of what the order earns.

        :param Earned earned: what it earns now; all that it is worth without it
        """
        card = point.coupon_id
        program = card.program_id
        earned = earned or self._evaluate_loyalty(program)
        strict = program.ledger_policy == "strict"
        return Posting(
            card_id=card.id,
            entry_type="earn",
            points=earned.points if strict else to_decimal(point.points),
            key=f"sale.order:{self.id}:earn:{card.id}:{number}",
            base_amount=earned.base if strict or point.points else Decimal(0),
            hold_days=program.hold_days if strict else 0,
            channel=self._get_loyalty_channel(),
            origin=(self._name, self.id),
            counts_for_tier=True,
            breakdown=earned.breakdown if strict else {"recorded": True},
        )


def _read_money(amount):
    return to_decimal(round(amount, 6))
