from datetime import timedelta

from markupsafe import Markup

from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_loyalty_channel(self):
        """Override of ``loyalty_program``: orders of a website are the webshop's."""
        return "website" if self.website_id else super()._get_loyalty_channel()

    def _get_loyalty_previews(self):
        """Return what each strict programme has to say about this webshop order.

        Members read what the order earns and what they own; others what members
        would collect. A confirmed order is answered by the ledger, not by a guess.

        :return: one dict per programme with ``program``, ``card`` (empty for a
            customer who is no member), ``points`` [points], ``spendable_on``
            (date, or False when the points are spendable at once), ``spent`` (points
            that its rewards take), and in words ``gain`` and ``later``
        :rtype: list[dict]
        """
        self.ensure_one()
        if self.state == "cancel":
            return []
        # sudo: a customer has no access to programmes and cards; what is shown is
        # the programme's offer and the card of the order's own customer.
        order_sudo = self.sudo()
        previews = []
        for program_sudo in order_sudo._get_loyalty_website_programs():
            card_sudo = program_sudo._get_member_card(order_sudo.partner_id)
            points, spendable_on = order_sudo._get_loyalty_gain(program_sudo, card_sudo)
            spent = order_sudo._get_loyalty_spending(card_sudo)
            # A stamp card that this order does not touch has nothing to say.
            is_idle = points <= 0 and not spent and program_sudo.shows_stamps
            if points > 0 or (card_sudo and not is_idle):
                previews.append(
                    {
                        "program": program_sudo,
                        "card": card_sudo,
                        "points": points,
                        "spendable_on": spendable_on,
                        "spent": spent,
                        "gain": self._describe_loyalty_gain(
                            program_sudo, card_sudo, points
                        ),
                        "later": spendable_on
                        and self.env._(
                            "You can use them from %(day)s on.",
                            day=format_date(self.env, spendable_on),
                        ),
                    }
                )
        return previews

    def _describe_loyalty_gain(self, program, card, points):
        """Return what the order earns, as a sentence; nothing of no points."""
        if points <= 0:
            return ""
        # The text of a sentence is escaped around what is marked up.
        shown = Markup("<strong>%s</strong>") % program._format_portal_points(points)
        if not card:
            return self.env._(
                "Members collect %(points)s with this order.", points=shown
            )
        if self.state == "sale":
            return self.env._("You earned %(points)s with this order.", points=shown)
        return self.env._("You earn %(points)s with this order.", points=shown)

    def _get_loyalty_spending(self, card):
        """Return the points of the card that the rewards take, or took."""
        if not card:
            return 0.0
        if self.state == "sale":
            entries = card._search_portal_entries(
                Domain("origin_model", "=", self._name)
                & Domain("origin_id", "=", self.id)
                & Domain("entry_type", "in", ("redeem", "redeem_reversal"))
            )
            return max(-sum(entries.mapped("points")), 0.0)
        lines = self.order_line.filtered(lambda line: line.coupon_id == card)
        return sum(lines.mapped("points_cost"))

    def _get_loyalty_website_programs(self):
        """Return the strict programmes that apply to this order on its website."""
        return self.env["loyalty.program"].search(
            Domain.AND(
                [
                    self._get_program_domain(),
                    Domain("is_managed", "=", True),
                    Domain("ledger_policy", "=", "strict"),
                ]
            )
        )

    def _get_loyalty_gain(self, program, card):
        """Return the points that the order gives and the first day to spend them.

        :return: points, and a day or False when they are spendable at once
        :rtype: tuple[float, date | bool]
        """
        today = program._get_local_date()
        if self.state != "sale":
            spendable_on = today + timedelta(days=program.hold_days)
            points = self._preview_loyalty_points(program, card)
        elif card:
            entries = card._search_portal_entries(
                Domain("origin_model", "=", self._name)
                & Domain("origin_id", "=", self.id)
                & Domain("entry_type", "in", ("earn", "bonus", "earn_reversal"))
            )
            spendable_on = max(entries.mapped("available_on"), default=today)
            points = sum(entries.mapped("points"))
        else:
            # What was bought before joining earns nothing: promise nothing.
            return 0.0, False
        return points, spendable_on if spendable_on > today else False

    def _preview_loyalty_points(self, program, card):
        """Return what a cart will earn: a member's limits and stamp card are heeded."""
        if not card:
            return float(self._evaluate_loyalty_whole(program, card).points)
        status = self._program_check_compute_points(program)[program]
        return sum(status.get("points", []))

    def _get_loyalty_reward_title(self, coupon):
        """Return what stands above the claimable rewards of a card in the cart."""
        program = coupon.program_id
        is_strict = program.ledger_policy == "strict"
        return program.name if is_strict else coupon.point_name

    def _get_loyalty_reward_balance(self, coupon):
        """Return the points that the order may still spend, as the cart shows them."""
        points = self._get_real_points_for_coupon(coupon)
        program = coupon.program_id
        if program.ledger_policy != "strict":
            return points
        return program._format_portal_points(points)

    def _get_loyalty_reward_price(self, reward, coupon):
        """Return in words what a reward takes of a card, at the price of its tier."""
        if coupon.program_id.ledger_policy != "strict":
            return coupon._format_points(reward.required_points)
        price = float(reward._get_price(coupon))
        return coupon.program_id._format_portal_points(price)
