import logging

from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: Sentences about rewards on a receipt: paper is long enough as it is.
RECEIPT_WORDS = 3


class PosOrder(models.Model):
    _inherit = "pos.order"

    loyalty_result = fields.Json(
        string="Loyalty figures",
        help="What the order earned and spent, and where the member stands now.",
        compute="_compute_loyalty_result",
    )

    def _compute_loyalty_result(self):
        # sudo: till users have no access to the ledger. The figures are those of the
        # customer whose order they may read.
        entries = (
            self.env["loyalty.ledger.entry"]
            .sudo()
            .search(
                [
                    ("origin_model", "=", self._name),
                    ("origin_id", "in", self.ids),
                    ("program_id.ledger_policy", "=", "strict"),
                ]
            )
        )
        by_order = entries.grouped("origin_id")
        for order in self:
            own = by_order.get(order.id, entries.browse())
            order.loyalty_result = [
                order._prepare_loyalty_figures(card, card_entries)
                for card, card_entries in sorted(
                    own.grouped("member_card_id").items(),
                    # The order in which the till lists them.
                    key=lambda item: (item[0].program_id.sequence, item[0].id),
                )
            ]

    def _prepare_loyalty_figures(self, card, entries):
        """Return one membership's figures as the till shows them."""
        program = card.program_id
        earned = entries.filtered(lambda entry: entry.entry_type in ("earn", "bonus"))
        spent = entries.filtered(lambda entry: entry.entry_type == "redeem")
        undone = {
            kind: abs(
                sum(e.points for e in entries if e.entry_type == f"{kind}_reversal")
            )
            for kind in ("earn", "redeem")
        }
        available_on = max(earned.mapped("available_on"), default=False)
        is_held = available_on and available_on > program._get_local_date()
        return {
            "id": card.id,
            "program": program.name,
            "pointName": program.portal_point_name or self.env._("Points"),
            "scale": program.points_scale,
            "number": card.member_number or "",
            "tier": card.tier_id.name or "",
            "tierColor": card.tier_id.color,
            "tierId": card.tier_id.id,
            "earned": sum(earned.mapped("points")),
            "spent": -sum(spent.mapped("points")),
            "takenBack": undone["earn"],
            "givenBack": undone["redeem"],
            "balance": card.points,
            "pending": card.points_pending,
            "earnFactor": card.earn_factor,
            "stampsNeeded": program.stamps_needed,
            "words": self._list_receipt_words(card),
            "availableOn": fields.Date.to_string(available_on) if is_held else "",
        }

    def _list_receipt_words(self, card):
        """Return what points are good for, in the language of who takes the receipt."""
        card = card.with_context(lang=card.partner_id.lang or self.env.lang)
        return card.program_id._list_reward_words(card)[:RECEIPT_WORDS]

    @api.model
    def _load_pos_data_fields(self, config):
        # An empty list means every field, this one included: it stays empty.
        names = super()._load_pos_data_fields(config)
        return names + ["loyalty_result"] if names else names

    # === Booking ===

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        self._post_loyalty()
        return result

    def action_pos_order_cancel(self):
        result = super().action_pos_order_cancel()
        if undone := self.filtered(lambda order: order.state == "cancel"):
            # sudo: the ledger is closed to everybody but the service; whoever may
            # cancel the order undoes its points.
            self.env["loyalty.ledger"].sudo()._reverse_documents(undone)
        return result

    # === What the till says ===

    def _check_at_till(self):
        """Refuse everybody who has no till.

        Asked before anything is read in sudo: what is read then lies in the cache, and
        is handed to whoever asks next.

        :raise AccessError: no till user
        """
        self.browse().check_access("create")

    def validate_coupon_programs(self, point_changes, new_codes):
        self._check_at_till()
        cards = self.env["loyalty.card"].browse(int(key) for key in point_changes)
        cards.exists().check_access("read")
        # Somebody who spends nothing may always buy, in debt or not.
        strict = self._get_strict_card_ids(point_changes)
        checked = {
            card_id: change
            for card_id, change in point_changes.items()
            if change < 0 or int(card_id) not in strict
        }
        if refusal := self._refuse_spending(
            card_id for card_id, change in checked.items() if change < 0
        ):
            return refusal
        return super().validate_coupon_programs(checked, new_codes)

    def _refuse_spending(self, card_ids):
        """Return why a membership may spend nothing now, as the till expects it."""
        # sudo: what a membership may do is no secret; the till named its card.
        cards = self.env["loyalty.card"].sudo().browse(int(key) for key in card_ids)
        closed = cards.exists().filtered(lambda card: not card._may_spend())
        if not closed:
            return None
        return {
            "successful": False,
            "payload": {
                "message": closed[0]._explain_no_spending(),
                "updated_points": {card.id: 0 for card in closed},
            },
        }

    def confirm_coupon_programs(self, coupon_data):
        self._check_at_till()
        self._check_sold()
        strict = self._get_strict_card_ids(coupon_data)
        wishes = {
            int(card_id): values
            for card_id, values in coupon_data.items()
            if int(card_id) in strict
            or self._get_loyalty_program(values.get("program_id"))._is_strict()
        }
        rest = {
            card_id: values
            for card_id, values in coupon_data.items()
            if int(card_id) not in wishes
        }
        # sudo: only the service may open a claim; the writes below it stay the
        # user's own.
        ledger = self.env["loyalty.ledger"].sudo()
        # What Odoo answers where it has nothing to confirm.
        result = {
            "coupon_updates": [],
            "program_updates": [],
            "new_coupon_info": [],
            "coupon_report": {},
        }
        if rest:
            self._take_turn()
        if rest or not wishes:
            with ledger._claim(self, channel="pos", gain="earn", loss="redeem"):
                result = super().confirm_coupon_programs(rest)
        result["coupon_updates"] += self._get_strict_updates(wishes)
        return result

    def _take_turn(self):
        """Let one server after the other book the cards of this sale.

        New cards meet nothing that would make the second one try again and see what
        the first has booked.
        """
        # SQL: nothing changes; that the row is written makes the transactions queue.
        self.env.execute_query(
            SQL(
                "UPDATE pos_order SET write_date = write_date WHERE id = ANY(%s) "
                "RETURNING id",
                self.ids,
            )
        )

    def _check_sold(self):
        """Refuse to make or charge cards for anything but one sale that was paid.

        :raise UserError: no order, or one that nobody has paid yet
        """
        if self.env.su:
            return
        self.check_access("write")
        if len(self) != 1 or self.state == "cancel" or not self._is_sold():
            raise UserError(
                self.env._("Coupons and cards are booked for a sale that is paid.")
            )

    def _is_sold(self):
        """Tell whether the money is there; Odoo asks for no more in its own tests."""
        owed = self.amount_total - self.amount_paid
        return self.state != "draft" or self.currency_id.compare_amounts(owed, 0) <= 0

    def _get_loyalty_program(self, program_id):
        """Return the programme that a till names, empty if there is none."""
        # sudo: which programmes are strict is no secret, and decides about trust.
        program = self.env["loyalty.program"].sudo().browse(program_id)
        try:
            # Asked for with each wish: what was read once is there.
            return program if program.program_type else program.browse()
        except MissingError:
            return program.browse()

    def _get_strict_card_ids(self, card_ids):
        """Return which of the cards that the till names belong to strict programmes."""
        # sudo: see above; nothing of the cards leaves this method but their ids.
        cards = self.env["loyalty.card"].sudo().with_context(active_test=False)
        domain = [
            ("id", "in", [int(key) for key in card_ids]),
            ("program_id.is_managed", "=", True),
            ("program_id.ledger_policy", "=", "strict"),
        ]
        return set(cards.search(domain).ids)

    def _get_strict_updates(self, wishes):
        """Return the true balances of the strict cards that the till named.

        Only cards of the order's own customer: a till may not ask for others.
        """
        # No more than is asked for: these tables have many columns.
        self.fetch(["partner_id"])
        cards = self.env["loyalty.card"].with_context(active_test=False)
        own = cards.search_fetch(
            [
                ("id", "in", [key for key in wishes if key > 0]),
                # Of a sale without a customer there is none.
                ("partner_id", "=", self.partner_id.id or 0),
            ],
            ["code", "partner_id", "points", "points_pending", "program_id"],
        )
        for key in wishes.keys() - set(own.ids):
            _logger.info("%s: the till named card %s: ignored", self.name, key)
        if not own:
            return []
        booked = self._get_booked_points()
        for card in own:
            wish = wishes[card.id].get("points") or 0
            if wish != booked.get(card.id, 0):
                _logger.info(
                    "%s: the till expected %s points for card %s, booked are %s",
                    self.name,
                    wish,
                    card.id,
                    booked.get(card.id, 0),
                )
        return [
            {
                "old_id": card.id,
                "id": card.id,
                "points": card.points,
                "points_pending": card.points_pending,
                "code": card.code,
                "program_id": card.program_id.id,
                "partner_id": card.partner_id.id,
            }
            for card in own
        ]

    def _get_booked_points(self):
        """Return {card id: points} that this order earned and spent itself."""
        # SQL: entries wait for no flush, and till users have no access to the ledger.
        # The sums are those of an order that they may read.
        rows = self.env.execute_query(
            SQL(
                """SELECT member_card_id, SUM(points)::float FROM loyalty_ledger_entry
                   WHERE origin_model = %s AND origin_id = %s
                     AND entry_type IN ('earn', 'redeem')
                   GROUP BY member_card_id""",
                self._name,
                self.id,
            )
        )
        return dict(rows)
