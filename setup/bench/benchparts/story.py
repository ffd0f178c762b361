"""A purchase at random, told so that two databases can be compared."""

import logging
import random

from odoo.exceptions import UserError
from odoo.fields import Command

_logger = logging.getLogger(__name__)


class Buyer:
    """Buys with a cart, claims at random, and tells what the promotions made of it.

    :param shop: of ``random_shop``
    :param programs: that exist in it
    :param seed: of every turn of the purchase
    """

    def __init__(self, shop, programs, seed):
        self.shop = shop
        self.programs = programs
        self.draw = random.Random(seed)
        self.rewards = {
            reward: f"{program.name} / {number}"
            for program in programs
            for number, reward in enumerate(program.reward_ids)
        }
        self.story = []

    def buy(self, order):
        """Return the story of the purchase: a list of what can be written as JSON."""
        self._look(order)
        if self.draw.random() < 0.3:
            self._try(order._auto_apply_rewards)
            self._look(order)
        for _claim in range(3):
            self._claim(order)
        self._enter_codes(order)
        self._claim(order)
        self._change(order)
        self._confirm(order)
        return self.story

    # === Turns ===

    def _look(self, order):
        # A seller may not make all the cards that Odoo makes: then that is the story.
        self._try(order._update_programs_and_rewards)
        self.story.append(self.tell(order))

    def _claim(self, order):
        offered = self._sort(order._get_claimable_rewards())
        if not offered:
            return
        card, rewards = self.draw.choice(offered)
        reward = self.draw.choice(list(rewards))
        products = reward.reward_product_ids.sorted("name")
        product = self.draw.choice(list(products)) if products else None
        self.story.append(f"claims {self.rewards[reward]}")
        self._try(lambda: order._apply_program_reward(reward, card, product=product))
        self._look(order)

    def _enter_codes(self, order):
        codes = sorted(self.programs.rule_ids.filtered("code").mapped("code"))
        cards = self.shop.env["loyalty.card"].search(
            [("program_id", "in", self.programs.ids), ("code", "=like", "CARD-%")]
        )
        codes += sorted(cards.mapped("code"))
        for code in [*self.draw.sample(codes, min(3, len(codes))), "NO-SUCH-CODE"]:
            self.story.append(f"enters {code}")
            self._try(lambda code=code: order._try_apply_code(code))
            self.story.append(self.tell(order))

    def _change(self, order):
        """Change the cart: more of one thing, another one, and one thing less."""
        first = order.order_line.filtered(lambda line: not line.reward_id)[:1]
        new = Command.create(self.shop.draw_line(self.draw))
        order.order_line = [Command.update(first.id, {"product_uom_qty": 6}), new]
        self._look(order)
        order.order_line.filtered(lambda line: not line.reward_id)[-1:].unlink()
        self._look(order)

    def _confirm(self, order):
        if self._try(order.action_confirm):
            self.story.append(self.tell(order))
            self.story.append(self._tell_cards(order))
            if self.draw.random() < 0.2:
                self._try(order._action_cancel)
                self.story.append(self.tell(order))
                self.story.append(self._tell_balances())

    def _try(self, act):
        """Do it in a savepoint and note whether it was refused; return the opposite."""
        try:
            with self.shop.env.cr.savepoint():
                answer = act()
        except UserError as error:
            answer = {"error": str(error)}
        refused = isinstance(answer, dict) and "error" in answer
        if refused:
            # For the log alone: the suite says in words of its own why.
            _logger.info("refused after %s: %s", len(self.story), answer["error"])
        self.story.append("refused" if refused else "done")
        return not refused

    # === Told ===

    def tell(self, order):
        """Return all that the promotions left on the order, by names."""
        order.invalidate_recordset()
        seen = order.sudo()
        cards = seen.coupon_point_ids.coupon_id | seen.order_line.coupon_id
        return {
            "points": sorted(
                (row.coupon_id.program_id.name, row.points, self._owner(row.coupon_id))
                for row in seen.coupon_point_ids
            ),
            "cards": sorted(map(self._tell_card, cards)),
            "applied": sorted(seen.applied_coupon_ids.mapped(self._tell_card)),
            "rules": sorted(seen.code_enabled_rule_ids.mapped("code")),
            "lines": [self._tell_line(line) for line in seen.order_line],
            "claimable": [
                (
                    card.program_id.name,
                    sorted(self.rewards[reward] for reward in rewards),
                    order._get_real_points_for_coupon(card),
                )
                for card, rewards in self._sort(order._get_claimable_rewards())
            ],
            "totals": (seen.amount_untaxed, seen.amount_tax, seen.amount_total),
        }

    def _tell_line(self, line):
        return (
            line.product_id.name,
            line.name,
            self.rewards.get(line.reward_id, ""),
            line.points_cost,
            line.product_uom_qty,
            line.price_unit,
            sorted(line.tax_ids.mapped("name")),
            line.price_total,
        )

    def _owner(self, card):
        return card.partner_id.name or ""

    def _tell_card(self, card):
        days = card.expiration_date and (card.expiration_date - self.shop.today).days
        return (
            card.program_id.name,
            card.points,
            card.order_id.name or "",
            self._owner(card),
            card.active,
            str(days),
        )

    def _tell_cards(self, order):
        """Return the history of a confirmed order, and the cards that it left."""
        history = self.shop.env["loyalty.history"].search([("order_id", "=", order.id)])
        return sorted(
            (
                row.card_id.program_id.name,
                row.issued,
                row.used,
                self._owner(row.card_id),
            )
            for row in history
        )

    def _tell_balances(self):
        domain = [("program_id", "in", self.programs.ids)]
        cards = self.shop.env["loyalty.card"].search(domain)
        return sorted(map(self._tell_card, cards))

    def _sort(self, claimable):
        """Return (card, rewards) in an order that does not follow from ids."""
        return sorted(
            claimable.items(), key=lambda pair: (self._tell_card(pair[0]), len(pair[1]))
        )
