from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import AccessError

from .forged_defaults import without_defaults

_COMPUTING = "loyalty_program.computing_rewards"

#: What says whose points a reward line took, and how many.
CLAIM_FIELDS = {"coupon_id", "points_cost", "reward_id"}


class SaleOrder(models.Model):
    """Who sells need not, and may not, write balances and their history."""

    _inherit = "sale.order"

    def _add_loyalty_history_lines(self):
        # sudo: the notes are the order's own record; people may not write them.
        return super(SaleOrder, self.sudo())._add_loyalty_history_lines()

    def _update_loyalty_history(self, coupon_id, points):
        # sudo: see above.
        return super(SaleOrder, self.sudo())._update_loyalty_history(coupon_id, points)

    def _write_vals_from_reward_vals(self, reward_vals, old_lines, delete=True):
        with self.order_line._computing_rewards():
            return super()._write_vals_from_reward_vals(reward_vals, old_lines, delete)


class SaleOrderLine(models.Model):
    """A claimed reward of a confirmed order costs what the server computed."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            order_id = vals.get("order_id") or self.env.context.get("default_order_id")
            if vals.get("coupon_id") and order_id:
                order = self.env["sale.order"].browse(order_id)
                self._check_claim_made(order, vals["coupon_id"])
        model = without_defaults(self, CLAIM_FIELDS)
        return super(SaleOrderLine, model).create(vals_list).with_env(self.env)

    def write(self, vals):
        if changed := CLAIM_FIELDS & vals.keys():
            self._check_claim_stays({name: vals[name] for name in changed})
        return super().write(vals)

    def _reset_loyalty(self, complete=False):
        with self._computing_rewards():
            return super()._reset_loyalty(complete)

    @contextmanager
    def _computing_rewards(self):
        """Mark on the server, where no client reaches, that rewards are computed."""
        cache = self.env.cr.cache
        cache[_COMPUTING] = cache.get(_COMPUTING, 0) + 1
        try:
            yield
        finally:
            cache[_COMPUTING] -= 1

    def _is_person(self):
        """Tell whether it is not the server that computes rewards."""
        return not (self.env.su or self.env.cr.cache.get(_COMPUTING))

    def _check_claim_made(self, order, card_id):
        """Refuse a reward line on a confirmed order that nobody computed.

        :raise AccessError: it would take points of any member whatsoever
        """
        # sudo: the card's programme decides, whoever sells.
        card = self.env["loyalty.card"].sudo().browse(card_id)
        strict = card.exists().program_id.ledger_policy == "strict"
        if strict and order.state == "sale" and self._is_person():
            raise AccessError(
                self.env._("Rewards are claimed with the “Reward” button of the order.")
            )

    def _check_claim_stays(self, vals):
        """Refuse to give points back, or to take another's, by hand.

        :raise AccessError: somebody writes to a confirmed reward of a strict programme
        """
        if not self._is_person():
            return
        # sudo: the card's programme decides, whoever sells.
        for line in self.sudo():
            cards = line.coupon_id
            if vals.get("coupon_id"):
                cards |= cards.browse(vals["coupon_id"])
            strict = any(card.program_id.ledger_policy == "strict" for card in cards)
            is_new = any(
                line._fields[name].convert_to_write(line[name], line) != value
                for name, value in vals.items()
            )
            if strict and is_new and line.state == "sale":
                raise AccessError(
                    self.env._(
                        "What a claimed reward costs is computed. Delete the line of "
                        "“%(reward)s” and claim another reward instead.",
                        reward=line.reward_id.display_name,
                    )
                )
