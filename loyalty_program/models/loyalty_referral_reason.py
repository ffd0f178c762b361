from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..engine import referral as engine
from ..engine.dates import days_of_period
from .loyalty_adjustment import ADJUST_GROUP

#: Days within which friends from one internet address are counted together.
NETWORK_DAYS = 30


class LoyaltyReferral(models.Model):
    """The queue: why a referral is looked at by a person, and what they decide."""

    _inherit = "loyalty.referral"

    # === Reasons ===

    def _find_reasons(self, document=None, is_new=False):
        """Return why somebody should look at this, see ``engine.referral``.

        :param document: the friend's order, whose addresses are looked at as well
        :param bool is_new: the friend was named just now
        :return: tuple of reasons, empty for none
        """
        self.ensure_one()
        friend = self._get_person(self.friend_id)
        if document is not None:
            friend = self._get_person(self.friend_id | document._get_referral_people())
        found = engine.compare(self._get_person(self.referrer_id), friend)
        if engine.SELF in found:
            return found
        found += self._find_reasons_of_earlier()
        if is_new and self._is_known_customer(friend, document):
            found += (engine.CUSTOMER,)
        return tuple(sorted(found, key=engine.REASONS.index))

    def _find_open_reasons(self, document):
        """Return the reasons of now, and those of before that nobody has cleared.

        What was blocked and came back is not cleared by the return of its return.
        """
        found = self._find_reasons(document)
        kept = self._get_reasons() if self.state == "reversed" else ()
        return tuple(reason for reason in engine.REASONS if reason in {*found, *kept})

    def _find_reasons_of_earlier(self):
        """Return what speaks against this because of friends who were named before.

        Looked at again later: two who are named at once do not see one another.
        """
        found = []
        earlier = Domain("program_id", "=", self.program_id.id)
        earlier &= Domain("id", "<", self.id)
        if self.mailbox and self.search_count(
            earlier & Domain("mailbox", "=", self.mailbox), limit=1
        ):
            found.append(engine.AGAIN)
        since = self.claimed_on - timedelta(days=NETWORK_DAYS)
        if self.network and engine.is_too_many(
            self.search_count(
                earlier
                & Domain("network", "=", self.network)
                & Domain("claimed_on", ">", since)
            ),
            self.program_id.referral_network_limit,
        ):
            found.append(engine.NETWORK)
        return tuple(found)

    def _is_known_customer(self, person, document):
        """Tell whether the friend was with us before being brought.

        :param engine.referral.Person person: the friend, with the order's addresses
        :param document: the order with which the friend came: it does not count
        """
        people = self._get_customers(person)
        fresh = self.claimed_on - timedelta(days=engine.FRESH_DAYS)
        cards = self.env["loyalty.card"].search(
            [("partner_id", "in", people.ids), ("joined_on", "!=", False)]
        )
        cards = cards.filtered(lambda card: card.program_id == self.program_id)
        return any(card.joined_on < fresh for card in cards) or self._has_bought(
            people, document
        )

    def _get_customers(self, person):
        """Return the contacts that are the friend: of guest orders, older accounts.

        Whoever is like the member is no customer of old, but the member.
        """
        partners = self.env["res.partner"].with_context(active_test=False)
        same = partners.search(
            [("commercial_partner_id", "=", self.friend_id.commercial_partner_id.id)]
        )
        same |= partners._find_loyalty_doubles(person)
        member = self.referrer_id.commercial_partner_id
        return same.filtered(lambda one: one.commercial_partner_id != member)

    def _has_bought(self, people, document):
        """Tell whether one of these contacts bought anything, ``document`` apart.

        Override to: look at orders of another kind.
        """
        orders = Domain("partner_id", "in", people.ids) & Domain("state", "=", "sale")
        earned = Domain("member_card_id.partner_id", "in", people.ids)
        earned &= Domain("entry_type", "=", "earn")
        if document is not None:
            orders &= ~self._get_own_domain(document, "sale.order")
            own = Domain("origin_model", "=", document._name)
            earned &= ~(own & Domain("origin_id", "=", document.id))
        return bool(
            self.env["sale.order"].search_count(orders, limit=1)
            or self.env["loyalty.ledger.entry"].search_count(earned, limit=1)
        )

    def _get_own_domain(self, document, model):
        """Return the domain of ``document`` itself among the records of a model."""
        if document is None or document._name != model:
            return Domain.FALSE
        return Domain("id", "=", document.id)

    @api.model
    def _get_person(self, partners):
        """Return contacts as the engine compares them, with their other addresses."""
        family = partners | partners.child_ids.filtered(
            lambda child: child.type in ("delivery", "invoice", "other")
        )
        return engine.Person(
            ids=frozenset((partners | partners.commercial_partner_id).ids),
            emails=_keys(
                engine.email_key(partner.email_normalized or partner.email)
                for partner in family
            ),
            phones=_keys(engine.phone_key(partner.phone) for partner in family),
            addresses=_keys(
                engine.read_address(
                    partner.street,
                    partner.street2,
                    partner.zip,
                    partner.city,
                    partner.country_id.code,
                )
                for partner in family
            ),
        )

    def _find_reasons_to_wait(self, card):
        """Return why the member is not rewarded now, likeness apart.

        :param card: the member's, locked
        """
        found = []
        if not (card.partner_id and card._may_earn()):
            found.append(engine.MEMBER)
        first, last = days_of_period(self.program_id._get_local_date(), "month")
        rewarded = self.search_count(
            [
                ("card_id", "=", self.card_id.id),
                ("state", "=", "rewarded"),
                ("rewarded_on", ">=", first),
                ("rewarded_on", "<=", last),
            ]
        )
        limit = self.program_id.referral_month_limit
        if not self.is_cleared and engine.is_too_many(rewarded, limit):
            found.append(engine.CAP)
        return tuple(found)

    # === The queue ===

    def _block(self, reasons):
        """Put the referral into the queue."""
        self.write(
            {"state": "blocked", "reasons": ",".join(reasons), "is_cleared": False}
        )
        self._message_log(
            body=self.env._("Blocked: %(reasons)s", reasons=self.reason_text)
        )

    def action_decide(self):
        """Ask for the reason of unblocking or rejecting."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_referral_decide_action"
        ) | {
            "context": {
                "default_referral_ids": self.ids,
                "default_verdict": self.env.context.get("loyalty_verdict", "unblock"),
            }
        }

    def _decide(self, verdict, reason):
        """Unblock or reject referrals of the queue, and note who did and why.

        :param str verdict: ``unblock`` or ``reject``
        :param str reason: in the words of whoever decides
        :raise AccessError: not a right of the user's
        :raise UserError: no reason, or not in the queue
        """
        self.check_access("read")
        if not self.env.user.has_group(ADJUST_GROUP):
            raise AccessError(
                self.env._("Deciding about referrals is a right that you do not have.")
            )
        if not (reason or "").strip():
            raise UserError(self.env._("Say why."))
        # sudo: the right was checked; the row is the suite's own to write.
        referrals = self.sudo()
        referrals._check_not_own()
        referrals._lock()
        if any(referral.state != "blocked" for referral in referrals):
            raise UserError(self.env._("Only what is blocked can be decided."))
        for referral in referrals:
            referral.write(
                {
                    "state": "invited" if verdict == "unblock" else "rejected",
                    "is_cleared": verdict == "unblock",
                    "decided_by_id": self.env.uid,
                    "decided_on": fields.Datetime.now(),
                    "decision": reason.strip(),
                }
            )
            text = self.env._("Unblocked: %(reason)s", reason=reason)
            if verdict != "unblock":
                text = self.env._("Rejected: %(reason)s", reason=reason)
            referral.message_post(body=text, author_id=self.env.user.partner_id.id)
            referral._refresh()

    def _check_not_own(self):
        """Refuse that somebody decides about points of their own."""
        for referral in self:
            holders = referral.card_id._get_holders() | referral.friend_id
            if self.env.user.partner_id in holders:
                raise AccessError(
                    self.env._("Somebody else decides about your own referrals.")
                )


def _keys(keys):
    return frozenset(key for key in keys if key)
