from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: Quotations whose rewards may change with the policy.
OPEN_STATES = ("draft", "sent")


class LoyaltyProgram(models.Model):
    """From recorded to members only and back: what it changes, and what forbids it."""

    _inherit = "loyalty.program"

    def write(self, vals):
        result = super().write(vals)
        if "ledger_policy" in vals or "points_scale" in vals:
            for program in self.filtered(lambda p: p.ledger_policy == "strict"):
                program._check_points_fit()
        return result

    def action_switch_policy(self):
        """Open the preview of the other policy."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change the policy"),
            "res_model": "loyalty.policy.switch",
            "view_mode": "form",
            "target": "new",
            "context": {"default_program_id": self.id},
        }

    # === What forbids it ===

    def _check_points_fit(self):
        """Refuse a scale that what was posted does not fit: nobody could undo it.

        :raise UserError: says how many decimals are needed
        """
        needed = self._get_needed_scale()
        if needed > self.points_scale:
            raise UserError(
                self.env._(
                    "“%(name)s” has points with %(needed)s decimals. Members' points "
                    "need at least as many.",
                    name=self.name,
                    needed=needed,
                )
            )

    def _get_needed_scale(self):
        """Return how many decimals the points of this programme's ledger have."""
        self.ensure_one()
        query = SQL(
            """SELECT COALESCE(MAX(scale(trim_scale(points))), 0)
               FROM loyalty_ledger_entry WHERE program_id = %s""",
            self.id,
        )
        return self.env.execute_query(query)[0][0]

    # === What it changes ===

    def _get_enrollable_cards(self):
        """Return the cards that become memberships when all their customers join.

        One card a customer: the one with the most points.
        """
        self.ensure_one()
        cards = self.env["loyalty.card"].search(
            [
                ("program_id", "=", self.id),
                ("member_state", "=", "none"),
                ("partner_id.active", "=", True),
            ],
            order="points desc, id",
        )
        members = self.env["loyalty.card"].search(
            [("program_id", "=", self.id), ("member_state", "!=", "none")]
        )
        taken, chosen = set(members.partner_id.ids), []
        for card in cards:
            partner = card.partner_id
            if partner.id not in taken and not partner.is_public:
                taken.add(partner.id)
                chosen.append(card.id)
        return cards.browse(chosen)

    def _describe_policy_switch(self, target, enrol, scale):
        """Return sentences that say what the other policy changes.

        :param str target: ``strict`` or ``stock``
        :param bool enrol: whether the customers with a card become members at once
        :param int scale: the decimals of a point from then on
        """
        self.ensure_one()
        if target == "strict":
            return [
                *self._describe_strict_cards(enrol),
                *self._describe_strict_rules(scale),
            ]
        return self._describe_stock()

    def _describe_strict_cards(self, enrol):
        cards = self.env["loyalty.card"].search([("program_id", "=", self.id)])
        joining = self._get_enrollable_cards()
        members = cards.filtered(lambda card: card.member_state == "joined")
        members |= joining if enrol else self.env["loyalty.card"]
        others = cards - members
        texts = [
            self.env._(
                "Members then: %(members)s, with %(cards)s cards in all.",
                members=len(members),
                cards=len(cards),
            ),
            self.env._(
                "All balances stay as they are, %(points)s in all.",
                points=self._count_points(cards, "points"),
            ),
        ]
        if others:
            texts.append(
                self.env._(
                    "Cards that keep their points, but neither earn nor spend until "
                    "their customers join: %(count)s.",
                    count=len(others),
                )
            )
        if nameless := cards.filtered(lambda card: not card.partner_id):
            texts.append(
                self.env._(
                    "Cards without a customer, which cannot become members: %(count)s.",
                    count=len(nameless),
                )
            )
        doubles = others.filtered("partner_id") - joining
        if doubles and enrol:
            texts.append(
                self.env._(
                    "Second cards, and cards of customers who are archived or left, "
                    "which do not become members: %(count)s.",
                    count=len(doubles),
                )
            )
        if lines := self._get_open_reward_lines(others):
            texts.append(
                self.env._(
                    "Quotations that lose a reward of somebody who is no member: "
                    "%(count)s.",
                    count=len(lines.order_id),
                )
            )
        return texts

    def _count_points(self, cards, name):
        """Return the sum of the balances; members of a pool have one together."""
        accounts = cards.filtered(lambda card: not card.account_id)
        return self._format_points(sum(accounts.mapped(name)))

    def _get_open_reward_lines(self, cards):
        # sudo: only their number is told; a loyalty manager need not see orders.
        lines = self.env["sale.order.line"].sudo()
        return lines.search(
            [("coupon_id", "in", cards.ids), ("order_id.state", "in", OPEN_STATES)]
        )

    def _describe_strict_rules(self, scale):
        texts = []
        for number, rule in enumerate(self.rule_ids, 1):
            texts += [
                self.env._("Rule %(number)s: %(change)s", number=number, change=change)
                for change in self._describe_strict_rule(rule)
            ]
        texts += self._describe_strict_settings()
        texts.append(
            self.env._("Points are rounded. Decimals: %(scale)s.", scale=scale)
            if scale
            else self.env._("Points are rounded to whole numbers.")
        )
        texts.append(
            self.env._(
                "Amounts in other currencies are converted; a discount lowers the "
                "points of all goods alike."
            )
        )
        texts.append(
            self.env._(
                "Returns and credit notes take points back, and the server, not the "
                "till, computes what a sale earns."
            )
        )
        return texts

    def _describe_strict_settings(self):
        """Return what the settings do that only hold for members."""
        texts = []
        if self.earn_moment == "payment":
            texts.append(self.env._("Orders earn when they are paid."))
        elif self.earn_moment == "delivery":
            texts.append(self.env._("Orders earn line by line, as they are delivered."))
        if self.hold_days:
            texts.append(
                self.env._(
                    "What is earned is pending for %(span)s.",
                    span=self._format_span(self.hold_days, "day"),
                )
            )
        if self.earn_basis == "untaxed":
            texts.append(self.env._("The tax earns no points."))
        if not self.earn_on_shipping:
            texts.append(self.env._("Delivery charges earn no points."))
        if not self.earn_on_gift_cards:
            texts.append(
                self.env._("What gift cards and eWallets pay earns no points.")
            )
        return texts + self._list_limit_words()

    def _describe_strict_rule(self, rule):
        changes = []
        if rule.mode == "with_code":
            changes.append(
                self.env._(
                    "it counts where the code “%(code)s” was entered on the order, in "
                    "every channel, and the server checks it.",
                    code=rule.code,
                )
            )
        if rule.reward_point_mode == "unit":
            changes.append(
                self.env._("a unit that is given away or comes back earns nothing.")
            )
        if rule.reward_point_amount <= 0:
            changes.append(self.env._("it gives nothing: a rule cannot take points."))
        return changes

    def _describe_stock(self):
        cards = self.env["loyalty.card"].search([("program_id", "=", self.id)])
        members = cards.filtered(lambda card: card.member_state == "joined")
        texts = [
            self.env._(
                "Members: %(members)s. They keep number, tier and points, but "
                "everybody who buys gets a card and earns, member or not.",
                members=len(members),
            ),
            self.env._(
                "All balances stay as they are, %(points)s in all. Pending until their "
                "day: %(pending)s.",
                points=self._count_points(cards, "points"),
                pending=self._count_points(cards, "points_pending"),
            ),
            self.env._(
                "Return window, earn moment, rounding and limits no longer apply: "
                "Odoo's own rules decide, and at the till the browser."
            ),
            self.env._("Returns and credit notes no longer take points back."),
        ]
        if waiting := self._count_waiting_orders():
            texts.append(
                self.env._(
                    "Confirmed orders that wait for their payment or delivery, and "
                    "earn nothing any more then: %(count)s.",
                    count=waiting,
                )
            )
        closed = cards.filtered(
            lambda card: card.member_state not in ("none", "joined") and card.points
        )
        if closed:
            texts.append(
                self.env._(
                    "Customers who left or are frozen and can spend again: %(count)s.",
                    count=len(closed),
                )
            )
        return texts

    def _count_waiting_orders(self):
        """Return how many confirmed orders have not earned all that they will."""
        self.ensure_one()
        self.env.flush_all()
        has_delivery = "is_delivery" in self.env["sale.order.line"]._fields
        # SQL: counted among all orders of years, which nobody should read.
        query = SQL(
            """
            SELECT COUNT(DISTINCT p.order_id) FROM sale_order_coupon_points p
            JOIN loyalty_card c ON c.id = p.coupon_id AND c.program_id = %(program)s
            JOIN sale_order o ON o.id = p.order_id AND o.state = 'sale'
            WHERE COALESCE(p.earn_moment, %(moment)s) <> 'confirmation' AND (
                NOT EXISTS (
                    SELECT FROM loyalty_ledger_entry e
                    WHERE e.origin_model = 'sale.order' AND e.origin_id = o.id
                        AND e.program_id = c.program_id AND e.entry_type = 'earn')
                OR (COALESCE(p.earn_moment, %(moment)s) = 'delivery' AND EXISTS (
                    SELECT FROM sale_order_line l WHERE l.order_id = o.id
                        AND l.product_uom_qty > 0 AND l.reward_id IS NULL
                        AND l.price_unit >= 0 AND l.display_type IS NULL %(goods)s
                        AND l.qty_delivered < l.product_uom_qty)))
            """,
            program=self.id,
            moment=self.earn_moment,
            # Nobody delivers the delivery.
            goods=SQL("AND l.is_delivery IS NOT TRUE" if has_delivery else ""),
        )
        return self.env.execute_query(query)[0][0]
