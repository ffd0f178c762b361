from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError

_UPDATING = "loyalty_program.updating_benefits"

#: What changes a quotation so that the discount of the customer's tier changes.
TRIGGERS = {"order_line", "partner_id", "pricelist_id"}


class SaleOrder(models.Model):
    """The percentage of the customer's tier claims itself.

    In quotations as in carts, whenever they change; Odoo's engine then keeps the best
    discount on the order. What is agreed, and what a machine brings in with its
    prices, is left as it is.
    """

    _inherit = "sale.order"

    has_no_benefits = fields.Boolean(
        string="Without the tier's discount",
        help="Somebody took it off this quotation. “Reward” brings it back.",
        readonly=True,
        copy=False,
    )

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._refresh_benefits()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals:
            refusing = self.filtered("has_no_benefits")
            if refusing:
                refusing.has_no_benefits = False
        if TRIGGERS & vals.keys():
            self._refresh_benefits()
        return result

    def copy(self, default=None):
        with self._updating_benefits():
            orders = super().copy(default)
        orders._refresh_benefits()
        return orders

    def action_open_reward_wizard(self):
        if self.has_no_benefits:
            self.has_no_benefits = False
        return super().action_open_reward_wizard()

    def _refresh_benefits(self):
        """Claim, change or drop the discount of the tier in quotations."""
        programs = self.env["loyalty.program"]._get_tier_discount_ids()
        if not programs or self._is_updating_benefits():
            return
        for order in self.filtered(lambda order: order.state in ("draft", "sent")):
            if order._get_benefit_lines() or order._has_open_benefits(programs):
                order._update_programs_and_rewards()

    def _has_open_benefits(self, program_ids):
        """Tell whether the order has goods and its customer a percentage off them."""
        if not self._get_not_rewarded_order_lines():
            return False
        open_ids = set(program_ids).difference(self._get_closed_program_ids())
        # sudo: promotions are read to decide, not to show.
        programs = self.env["loyalty.program"].sudo().browse(open_ids)
        return any(programs.mapped("active"))

    # === Which ===

    def _get_closed_program_ids(self):
        """Override: nothing new is claimed where nothing claims itself."""
        closed = super()._get_closed_program_ids()
        programs = self.env["loyalty.program"]._get_tier_discount_ids()
        if programs and not self._may_claim_benefits():
            kept = self._get_benefit_lines().reward_id.program_id.ids
            closed = [*closed, *(set(programs) - set(kept) - set(closed))]
        return closed

    def _may_claim_benefits(self):
        return not (
            self.has_no_benefits or self._is_made_by_machine() or self._is_agreed()
        )

    def _is_made_by_machine(self):
        """Tell whether no person is at work: an import brings its own prices.

        Override to: name what people do by themselves, without being users.
        """
        return self.env.su

    def _get_benefit_lines(self):
        # sudo: whose promotion it is decides, whoever sells.
        return self.order_line.filtered(
            lambda line: line.sudo().reward_id.program_id.is_tier_discount
        )

    # === Claiming ===

    def _update_programs_and_rewards(self):
        self.ensure_one()
        if not self.env["loyalty.program"]._get_tier_discount_ids():
            return super()._update_programs_and_rewards()
        with self._updating_benefits():
            programs = self._open_benefits()
            result = super()._update_programs_and_rewards()
            if self._claim_benefits(programs):
                # Points and other rewards rest on what is left to pay.
                super()._update_programs_and_rewards()
            self._close_benefits()
        return result

    def _open_benefits(self):
        """Let the order hold the cards of the promotions that are for its customer.

        :return: the promotions
        """
        # sudo: promotions are read to compute, not to show.
        programs = self.env["loyalty.program"].sudo()
        programs = programs.browse(programs._get_tier_discount_ids()).filtered_domain(
            self._get_program_domain()
        )
        points = self._get_benefit_points()
        points.filtered(lambda p: p.coupon_id.program_id not in programs).unlink()
        missing = programs - points.exists().coupon_id.program_id
        if missing:
            self._add_points_for_coupon({p.shared_card_id: 1 for p in missing})
        return programs

    def _claim_benefits(self, programs):
        """Claim the best percentage; return whether the order has changed."""
        changed = False
        if not self._may_claim_benefits():
            return changed
        # sudo: what is on the order or refused is left out, whoever sells.
        done = (self.order_line.reward_id | self._get_refused_rewards()).sudo()
        rewards = (programs.reward_ids - done).sorted("discount", reverse=True)
        for reward in rewards:
            card = reward.program_id.shared_card_id.with_env(self.env)
            try:
                status = self._apply_program_reward(reward.with_env(self.env), card)
            except UserError:
                # So stock says that there is nothing to discount.
                continue
            changed = changed or "error" not in status
        return changed

    def _get_refused_rewards(self):
        """Return what claims itself no more. Override to: name it in a channel."""
        return self.env["loyalty.reward"]

    def _close_benefits(self):
        """Drop the cards of promotions that lost against a better discount."""
        kept = self._get_benefit_lines().coupon_id.program_id
        kept |= self._get_refused_rewards().program_id
        self._get_benefit_points().filtered(
            lambda points: points.coupon_id.program_id not in kept
        ).unlink()

    def _get_benefit_points(self):
        # sudo: the points of the order are the system's own record.
        points = self.coupon_point_ids.sudo()
        return points.filtered(lambda p: p.coupon_id.program_id.is_tier_discount)

    @contextmanager
    def _updating_benefits(self):
        """Mark on the server that the changes are those of rewards, not a person's."""
        cache = self.env.cr.cache
        cache[_UPDATING] = cache.get(_UPDATING, 0) + 1
        try:
            yield
        finally:
            cache[_UPDATING] -= 1

    def _is_updating_benefits(self):
        return bool(self.env.cr.cache.get(_UPDATING))

    # === What stock asks and does ===

    def _write_vals_from_reward_vals(self, reward_vals, old_lines, delete=True):
        with self._updating_benefits():
            return super()._write_vals_from_reward_vals(reward_vals, old_lines, delete)

    def _get_real_points_for_coupon(self, coupon, post_confirm=False):
        if not coupon._get_shared():
            return super()._get_real_points_for_coupon(coupon, post_confirm)
        # The card has no balance: the order's own point, as long as it is not taken.
        own = self.coupon_point_ids.filtered(lambda point: point.coupon_id == coupon)
        taken = self.order_line.filtered(lambda line: line.coupon_id == coupon)
        return sum(own.mapped("points")) - sum(taken.mapped("points_cost"))

    def _get_point_changes(self):
        changes = super()._get_point_changes()
        cards = self.env["loyalty.card"].union(*changes)
        for card in cards._get_shared():
            del changes[card]
        return changes

    def _get_discount_amount(self, reward, discountable):
        """Override: a discount is not worth more than its own limit."""
        amount = super()._get_discount_amount(reward, discountable)
        if not amount or not reward.discount_max_amount:
            return amount
        limit = reward.currency_id._convert(
            reward.discount_max_amount,
            self.currency_id,
            self.company_id,
            fields.Date.today(),
        )
        return min(amount, limit)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def unlink(self):
        orders = self._get_orders_of_taken_benefits()
        result = super().unlink()
        for order in orders:
            # Whoever empties a quotation refuses nothing for the next goods.
            if order._get_not_rewarded_order_lines():
                order.has_no_benefits = True
        return result

    def _get_orders_of_taken_benefits(self):
        """Return the quotations from which a person takes the tier's discount off."""
        if self.order_id._is_updating_benefits():
            return self.env["sale.order"]
        return self.order_id.filtered(
            lambda order: (
                order.state in ("draft", "sent") and order._get_benefit_lines() & self
            )
        )
