from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

#: Referrals that are paid in one step of the nightly work.
BATCH = 100


class LoyaltyReferral(models.Model):
    """From the friend's first order to both rewards, and back when it is returned.

    A document tells what it is now: paid or not, and how much of it the customer
    keeps. The referral goes to where that leads, whatever it was before, so that the
    order of events does not matter. Rewards are gifts: their keys name referral, side
    and round, and give nothing twice.
    """

    _inherit = "loyalty.referral"

    # === Documents ===

    @api.model
    def _follow(self, documents):
        """Bring the referrals of those who bought to what their orders are now.

        :param documents: of one model, with ``_is_referral_paid``,
            ``_get_referral_kept`` and ``_get_referral_people``
        """
        if not documents or not self.env["loyalty.program"]._has_referrals():
            return
        # sudo: referrals follow what happened, whoever sells, pays or returns.
        documents, referrals = documents.sudo(), self.sudo()
        found = referrals.search(referrals._get_followed_domain(documents), order="id")
        found._lock()
        for referral in found:
            for document in documents:
                referral._follow_document(document)

    def _get_followed_domain(self, documents):
        """Return the domain of the referrals that documents may concern."""
        own = Domain("origin_model", "=", documents._name)
        own &= Domain("origin_id", "in", documents.ids)
        new = Domain("origin_id", "=", False)
        new &= Domain("friend_id", "in", self._get_buyers(documents).ids)
        return own | new

    def _get_buyers(self, documents):
        """Return the contacts who may have bought: all of the same company.

        Found first, so that each part of the search that uses them has its index.
        """
        # sudo: referrals follow what happened, whoever sells.
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        companies = documents.partner_id.commercial_partner_id
        return partners.search([("commercial_partner_id", "in", companies.ids)])

    def _lock(self):
        """Wait for whoever else works on these; they are read anew."""
        self.flush_recordset()
        # SQL: rows are locked in the order of their ids.
        self.env.execute_query(
            SQL(
                "SELECT id FROM loyalty_referral WHERE id = ANY(%s) "
                "ORDER BY id FOR UPDATE",
                self.ids,
            )
        )
        self.invalidate_recordset()

    def _follow_document(self, document):
        if self.origin_id:
            if (self.origin_model, self.origin_id) != (document._name, document.id):
                return
            self.order_amount = document._get_referral_kept(self.program_id)
        elif not self._is_first_order(document):
            return
        else:
            self._note_order(document)
        self._refresh(document)

    def _is_first_order(self, document):
        friend = self.friend_id.commercial_partner_id
        if document.partner_id.commercial_partner_id != friend:
            return False
        return document._is_referral_paid() and self._is_enough(
            document._get_referral_kept(self.program_id)
        )

    def _is_enough(self, amount):
        """Tell whether the friend keeps enough of an order to count."""
        least = self.program_id.referral_min_amount
        return amount > 0 and amount >= least

    def _note_order(self, document):
        today = self.program_id._get_local_date()
        self.write(
            {
                "origin_model": document._name,
                "origin_id": document.id,
                "order_amount": document._get_referral_kept(self.program_id),
                "ordered_on": today,
                "due_on": self.program_id._get_hold_end(today),
            }
        )

    # === Where it stands ===

    def _refresh(self, document=None):
        """Bring referrals to where friend and first order are by now.

        :param document: the first order, where it is at hand
        """
        for referral in self:
            referral._note_membership()
            if referral.origin_id and not referral._is_enough(referral.order_amount):
                referral._take_back()
            elif referral.state not in ("blocked", "rejected"):
                referral._go_on(document)

    def _note_membership(self):
        card = self.program_id._get_member_card(self.friend_id)
        if card and self.friend_card_id != card:
            self.friend_card_id = card

    def _go_on(self, document):
        if self.origin_id and self.state != "rewarded":
            if reasons := () if self.is_cleared else self._find_open_reasons(document):
                self._block(reasons)
                return
            self.state = "bought"
        elif self.friend_card_id and self.state == "invited":
            self.state = "signed_up"
        self._give_friend()
        if self.state == "bought" and self.due_on <= self.program_id._get_local_date():
            self._pay()

    # === Rewards ===

    def _give_friend(self):
        """Give the friend what is due to them by now."""
        on_joining = self.program_id.referral_friend_on == "sign_up"
        states = ("bought", "rewarded") + ("signed_up",) * on_joining
        card = self.friend_card_id
        if self.friend_gift_id or self.state not in states or not card:
            return
        key = "friend" if on_joining else f"friend:{self.round}"
        self.friend_gift_id = self._give(card, "referral_friend", "friend", key)

    def _pay(self):
        """Give the member what a friend's kept first order brings."""
        card = self.card_id._get_successor()
        # sudo: the ledger is closed to everybody but the service.
        self.env["loyalty.ledger"].sudo()._lock_cards([card.id])
        reasons = () if self.is_cleared else self._find_reasons()
        reasons += self._find_reasons_to_wait(card)
        if reasons:
            self._block(reasons)
            return
        gift = self._give(card, "referral", "member", f"member:{self.round}")
        self.write(
            {
                "state": "rewarded",
                "rewarded_on": self.program_id._get_local_date(),
                "gift_id": gift.id,
                "reasons": False,
            }
        )
        self._count()

    def _give(self, card, occasion, side, key):
        """Give one side its reward, by what gifts already do; return the gift."""
        gifts = self.env["loyalty.gift"]
        gift = self.program_id._get_referral_gift(side)
        if not any(gift):
            return gifts
        if not card._may_earn():
            self._message_log(
                body=self.env._(
                    "%(member)s gets nothing: the card collects nothing now.",
                    member=card.display_name,
                )
            )
            return gifts
        keys = {card.id: f"referral:{self.id}:{key}"}
        return gifts._give(card, occasion, gift, keys=keys)

    def _count(self):
        """Write down on the card how many friends it brought.

        Two friends' rewards at once meet in this row: Odoo tries the second one again,
        which sees the first and keeps the limit of the month.
        """
        self._count_friends(self.card_id)

    @api.model
    def _count_friends(self, cards):
        for card in cards:
            card.referral_count = self.search_count(
                [("card_id", "=", card.id), ("state", "=", "rewarded")]
            )

    def _take_back(self):
        """Undo the rewards of an order that came back; a used coupon stays used."""
        gifts = self.gift_id
        if self.friend_gift_id.key != f"referral:{self.id}:friend":
            gifts |= self.friend_gift_id
        is_rejected = self.state == "rejected"
        if self.state == "reversed" or (is_rejected and not gifts):
            return
        # sudo: the ledger is closed to everybody but the service.
        self.env["loyalty.ledger"].sudo()._reverse_documents(gifts)
        coupons = gifts.coupon_id
        used = coupons - coupons._void() if coupons else coupons
        self.write(
            {
                "state": "rejected" if is_rejected else "reversed",
                "rewarded_on": False,
                "gift_id": False,
                "friend_gift_id": (self.friend_gift_id - gifts).id,
                "round": self.round + 1,
            }
        )
        self._count()
        text = self.env._("The first order came back: the rewards were taken back.")
        if used:
            text = self.env._(
                "The first order came back. Used already, and kept: %(coupons)s.",
                coupons=", ".join(used.mapped("code")),
            )
        self._message_log(body=text)

    # === Every night ===

    @api.model
    def _run_due(self, program):
        """Yield after each batch of referrals whose return window is over."""
        domain = [
            ("program_id", "=", program.id),
            ("state", "=", "bought"),
            ("due_on", "<=", program._get_local_date()),
        ]
        ledger, left_out = self.env["loyalty.ledger"], self.browse()
        while due := self.search(
            [*domain, ("id", "not in", left_out.ids)], limit=BATCH, order="due_on, id"
        ).try_lock_for_update():
            left_out |= ledger._do_apart("referrals", due, self._pay_all)
            yield due - left_out

    @api.model
    def _pay_all(self, referrals):
        for referral in referrals:
            referral._pay()


class LoyaltyLedger(models.AbstractModel):
    _inherit = "loyalty.ledger"

    @api.model
    def _run_daily(self):
        """Reward the members whose friends kept what they bought."""
        yield from super()._run_daily()
        if not self.env["loyalty.program"]._has_referrals():
            return
        programs = self.env["loyalty.program"].search(
            [("ledger_policy", "=", "strict")], order="id"
        )
        for program in programs:
            due = self.env["loyalty.referral"]._run_due(program)
            yield from self._run_apart("referrals", program, due)


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    def _get_hold_end(self, day):
        """Return the day on which the return window of a purchase is over."""
        return day + timedelta(days=self.hold_days)
