import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.rounding import to_decimal
from ..engine.schema import is_storable_text
from ..engine.values import Posting
from .loyalty_card import CURRENT_STATES

#: A clock may be a little ahead; an event may not lie in the future.
CLOCK_TOLERANCE = timedelta(minutes=5)

#: No event of a shop is older.
EARLIEST = datetime(1970, 1, 2)

MAX_KEY = 200

#: What may be said about an event besides type, member and key.
FACTS = {"channel", "occurred_at", "payload", "source", "value"}


class LoyaltyEvent(models.Model):
    """How events come in, once each, and what they earn."""

    _inherit = "loyalty.event"

    @api.model
    def record(self, event_type, key, **facts):
        """Record what a member did, for other systems, and give the points for it.

        The same key again answers the same and gives nothing. Only for users of the
        group that posts events, who need no other right.

        :param str event_type: the code of a type of event
        :param str key: names the event in the caller's system
        :param facts: ``partner_id`` or ``member_number``; ``occurred_at`` (ISO 8601,
            UTC without an offset), ``value``, ``payload`` (dict), ``source``
        :return: {"event_id": int, "key": str, "points": float, "awards": [
            {"program": str, "member_number": str, "points": float}]}
        :rtype: dict
        :raise AccessError: the user may not post events
        :raise ValidationError: says what is wrong; nothing is recorded then
        """
        if not self.env.user.has_group("loyalty_program.group_loyalty_event_poster"):
            raise AccessError(self.env._("You may not post loyalty events."))
        if "channel" in facts:
            raise ValidationError(self._explain_unknown_facts({"channel"}))
        company = self.env.company
        # Of the caller's context only the language counts.
        context = {"lang": self.env.context.get("lang")}
        # sudo: the poster reads and writes nothing but through this method.
        events = self.with_env(self.env(context=context, su=True)).with_company(company)
        partner = events._find_member(
            facts.pop("partner_id", None), facts.pop("member_number", None)
        )
        facts.setdefault("source", "api")
        event = events._record(event_type, partner, key, channel="api", **facts)
        return event._get_answer()

    @api.model
    def _record(self, event_type, partner, key, **facts):
        """Record what a member did and give the points for it, once.

        :param str event_type: the code of a type of event
        :param partner: the member's contact
        :param str key: names the event; unique within its source
        :param facts: ``occurred_at`` (naive UTC datetime or ISO 8601), ``value``,
            ``payload`` (dict of the type's fields), ``source`` and ``channel``
        :return: the event, new or known
        :raise ValidationError: says what is wrong; nothing is recorded then
        Called by: other addons, in sudo or with rights of their own.
        """
        # sudo: events are closed to everybody but this method; callers checked who
        # asks, and everything they say is checked here.
        events = self.sudo()
        values = events._prepare_event(event_type, partner, key, facts)
        # Whoever goes on after a refusal leaves no event without its points.
        with self.env.cr.savepoint():
            rows = self.env.execute_query(events._query_insert(values))
            if not rows:
                return events._get_known(values, facts.get("occurred_at") is not None)
            event = events.browse(rows[0][0])
            event._reward()
        return event

    # === What comes in ===

    def _prepare_event(self, event_type, partner, key, facts):
        """Return the checked values of an event."""
        if unknown := set(facts) - FACTS:
            raise ValidationError(self._explain_unknown_facts(unknown))
        kind = self._find_type(event_type)
        if not self._find_memberships(partner):
            self._refuse_unknown_member()
        return {
            "event_type_id": kind.id,
            "partner_id": partner.id,
            "company_id": self.env.company.id,
            "occurred_at": self._parse_moment(facts.get("occurred_at")),
            "recorded_at": fields.Datetime.now(),
            "recorded_by_id": self.env.uid,
            "key": self._check_name(key),
            "source": self._check_name(facts.get("source", "odoo")),
            "channel": facts.get("channel", "backoffice"),
            "value": self._parse_value(kind, facts.get("value")),
            "payload": kind._check_details(facts.get("payload")),
        }

    def _explain_unknown_facts(self, names):
        return self.env._(
            "An event has no “%(names)s”.", names="”, “".join(sorted(names))
        )

    def _find_type(self, code):
        kind = self.env["loyalty.event.type"]
        if is_storable_text(code):
            kind = kind.search([("code", "=", code)])
        if not kind:
            raise ValidationError(
                self.env._("There is no type of event “%(code)s”.", code=repr(code))
            )
        return kind

    def _find_member(self, partner_id, member_number):
        """Return the contact of the member that another system names.

        :raise ValidationError: no member, or not exactly one way to name it
        """
        if (partner_id is None) == (member_number is None):
            raise ValidationError(
                self.env._("Name the member by partner_id or by member_number.")
            )
        if member_number is not None:
            domain = Domain("member_number", "=", member_number)
            is_sound = is_storable_text(member_number) and bool(member_number)
        else:
            domain = Domain("partner_id", "=", partner_id)
            is_sound = type(partner_id) is int and 0 < partner_id < 2**31
        if not is_sound:
            self._refuse_unknown_member()
        cards = self.env["loyalty.card"]
        card = cards.search(domain & self._get_membership_domain(), limit=1)
        if not card:
            # The number of a card that was merged goes on working.
            domain &= Domain("active", "=", False) & self._get_company_domain()
            card = self._find_memberships(cards.search(domain, limit=1).partner_id)[:1]
        return card.partner_id or self._refuse_unknown_member()

    def _find_memberships(self, partner):
        domain = Domain("partner_id", "in", partner.ids)
        return self.env["loyalty.card"].search(
            domain & self._get_membership_domain(), order="id"
        )

    def _get_membership_domain(self):
        """Return the domain of the members that this company knows."""
        joined = Domain("member_state", "in", CURRENT_STATES)
        return joined & self._get_company_domain()

    def _get_company_domain(self):
        programs = self.env["loyalty.program"]
        domain = programs._check_company_domain(self.env.company)
        return Domain("program_id", "any", domain)

    def _refuse_unknown_member(self):
        raise ValidationError(
            self.env._(
                "There is no such member in %(company)s.", company=self.env.company.name
            )
        )

    def _check_name(self, text):
        """Return a key or source; the empty, the endless and the odd are refused."""
        is_sound = is_storable_text(text) and text.strip() == text
        if not is_sound or not 0 < len(text) <= MAX_KEY:
            raise ValidationError(
                self.env._(
                    "Key and source are texts of 1 to %(length)s characters.",
                    length=MAX_KEY,
                )
            )
        return text

    def _parse_moment(self, moment):
        """Return a naive UTC datetime; None means now.

        :raise ValidationError: no date, or one that lies in the future
        """
        now = fields.Datetime.now()
        if moment is None:
            return now
        if isinstance(moment, str):
            try:
                moment = datetime.fromisoformat(moment)
            except ValueError:
                moment = None
        if not isinstance(moment, datetime):
            raise ValidationError(
                self.env._("The date of an event is written like 2026-06-30T10:00:00Z.")
            )
        try:
            moment = moment.astimezone(UTC) if moment.tzinfo else moment
        except OverflowError:
            moment = EARLIEST - timedelta(days=1)
        moment = moment.replace(tzinfo=None, microsecond=0)
        if not EARLIEST <= moment <= now + CLOCK_TOLERANCE:
            raise ValidationError(
                self.env._(
                    "%(date)s is not a date on which this can have happened.",
                    date=moment,
                )
            )
        return moment

    def _parse_value(self, kind, value):
        """Return the event's value as Decimal, 0 without one."""
        if value is None:
            return Decimal(0)
        if not kind.takes_value:
            raise ValidationError(
                self.env._(
                    "Events of the type “%(type)s” have no value.", type=kind.code
                )
            )
        try:
            number = None if isinstance(value, bool) else to_decimal(value)
        except ValueError:
            number = None
        if number is None or number < 0:
            raise ValidationError(
                self.env._("%(value)s is no value of an event.", value=repr(value))
            )
        return number

    # === Once ===

    def _query_insert(self, values):
        # SQL: the unique key decides who records; whoever comes second waits, finds
        # the event and returns it.
        facts = {**values, "payload": json.dumps(values["payload"])}
        return SQL(
            "INSERT INTO loyalty_event (%s) VALUES (%s) "
            "ON CONFLICT (source, key, (channel = 'api')) DO NOTHING RETURNING id",
            SQL(", ").join(SQL.identifier(name) for name in facts),
            SQL(", ").join(SQL("%s", value) for value in facts.values()),
        )

    def _get_known(self, values, with_moment):
        """Return the event that has this key, if it tells the same.

        :param bool with_moment: whether the caller said when it happened
        :raise ValidationError: the key was used for something else
        """
        event = self._find_by_key(
            values["source"], values["key"], values["channel"] == "api"
        )
        same = (
            event.event_type_id.id == values["event_type_id"]
            and event.partner_id.id == values["partner_id"]
            and event.company_id.id == values["company_id"]
            # As the field tells it, which holds no more digits.
            and event.value == float(values["value"])
            and (event.payload or {}) == values["payload"]
            and (not with_moment or event.occurred_at == values["occurred_at"])
        )
        if not same:
            raise ValidationError(
                self.env._(
                    "The key “%(key)s” was used before for another event. Use a new "
                    "key for a new event.",
                    key=values["key"],
                )
            )
        return event

    def _find_by_key(self, source, key, is_foreign=False):
        """Return the event that has this key.

        :param bool is_foreign: whether another system named it so
        """
        return self.search(
            [
                ("source", "=", source),
                ("key", "=", key),
                ("channel", "=" if is_foreign else "!=", "api"),
            ]
        )

    def _get_answer(self):
        """Return what the caller learns about the event, the same every time."""
        self.ensure_one()
        return {
            "event_id": self.id,
            "key": self.key,
            "points": self.points,
            "awards": [
                {
                    "program": award.program_id.name,
                    "member_number": award.card_id.member_number,
                    "points": award.points,
                }
                for award in self.award_ids.sorted("id")
            ],
        }

    # === Points ===

    def _reward(self):
        """Give the points that the rules of the member's programmes say."""
        self.ensure_one()
        cards = self._find_memberships(self.partner_id).filtered(self._may_reward)
        rules = self.env["loyalty.event.rule"].search(
            [
                ("event_type_id", "=", self.event_type_id.id),
                ("program_id", "in", cards.program_id.ids),
            ],
            order="id",
        )
        for rule in rules:
            card = cards.filtered(lambda card, r=rule: card.program_id == r.program_id)
            award = rule._evaluate(self, card)
            if award.points:
                # At once: the next rule sees what this one gave.
                self.env["loyalty.ledger"]._post([self._award(rule, card, award)])
        self.invalidate_recordset(["award_ids", "points"])

    def _may_reward(self, card):
        """Tell whether the event earns for this member at all."""
        program = card.program_id
        day = program._get_local_date(self.occurred_at)
        return (
            program.active
            and card._may_earn(day)
            and (not card.joined_on or card.joined_on <= day)
            and (not program.date_from or program.date_from <= day)
            and (not program.date_to or day <= program.date_to)
        )

    def _award(self, rule, card, award):
        """Write down the award and return its posting."""
        awards = self.env["loyalty.event.award"]
        self.env.execute_query(awards._query_insert(self, rule, card, award.points))
        return Posting(
            card_id=card.id,
            entry_type="bonus",
            points=award.points,
            key=f"{self._name}:{self.id}:{rule.id}",
            occurred_at=self.occurred_at,
            hold_days=rule.hold_days,
            channel=self.channel,
            origin=(self._name, self.id),
            counts_for_tier=rule.counts_for_tier,
            breakdown=award.breakdown,
        )
