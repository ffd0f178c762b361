import re

from odoo import api, fields, models
from odoo.tools import format_amount, format_date, formatLang

from ..engine.expiry import EARNING, FIXED, INACTIVITY, expiry_date

#: An end that is there for more than one, as in "point(s)".
OPEN_END = re.compile(r"\((\w{1,3})\)")

#: How many of a kind a customer can keep in mind.
EASY = {"rules": 3, "rewards": 6, "tiers": 5}


class LoyaltyProgram(models.Model):
    """A programme tells its own rules, in the reader's language.

    Every sentence stands for itself: rules, rewards, tiers and benefits each write
    their own in ``_describe`` or ``_list_words``; here they come together.
    """

    _inherit = "loyalty.program"

    point_name_one = fields.Char(
        string="Name of one point",
        help="As in “1 point”. Empty: the name of the points.",
        translate=True,
    )
    words = fields.Text(string="The customer reads", compute="_compute_words")
    complexity_hint = fields.Char(compute="_compute_complexity_hint")

    @api.depends_context("lang")
    @api.depends(
        "applies_on",
        "date_from",
        "date_to",
        "earn_moment",
        "expiry_mode",
        "hold_days",
        "limit_usage",
        "max_usage",
        "member_cap",
        "order_cap",
        "point_name_one",
        "portal_point_name",
        "program_type",
        "reward_ids",
        "rule_ids",
        "tier_ids",
    )
    def _compute_words(self):
        for program in self:
            program.words = "\n".join(program._list_words())

    @api.depends("rule_ids", "reward_ids", "tier_ids")
    def _compute_complexity_hint(self):
        for program in self:
            program.complexity_hint = program._explain_complexity()

    # === All of it ===

    def _list_words(self):
        """Return the sentences that tell a customer how the programme works."""
        self.ensure_one()
        whom = [self._explain_audience()] if self.has_audience else []
        return [
            *whom,
            *self._list_earning_words(),
            *self._list_reward_words(),
            *self._list_life_words(),
            *self._list_tier_words(),
        ]

    def _list_earning_words(self):
        """Return how points are collected. Override to: add another way."""
        sentences = [text for rule in self.rule_ids for text in rule._list_words()]
        # sudo: what an event is worth is told to everybody who may read the programme.
        events = self.env["loyalty.event.rule"].sudo()
        for rule in events.search([("program_id", "in", self._origin.ids)]):
            sentences += rule._list_words()
        return sentences + self._list_limit_words()

    def _list_reward_words(self, card=None):
        """Return what points are good for, and for whom.

        :param card: of the member who reads it: what is not for them is left out, and
            what their tier makes cheaper has its price
        """
        rewards = self.reward_ids
        if card and card.partner_id:
            rewards = rewards._filter_for(card.partner_id)
        return [
            " ".join(
                [
                    reward._add_audience(reward._describe(card)),
                    *reward._list_limit_words(),
                ]
            )
            for reward in rewards
        ]

    def _list_tier_words(self):
        """Return what the tiers take and give."""
        if len(self.tier_ids) < 2:
            return []
        tiers = self.tier_ids.sorted("threshold")
        return [text for tier in tiers for text in tier._list_words()]

    # === Limits and life ===

    def _list_limit_words(self):
        sentences = []
        if self.order_cap:
            sentences.append(
                self.env._(
                    "A purchase brings %(points)s at most.",
                    points=self._format_points(self.order_cap),
                )
            )
        if self.member_cap:
            sentences.append(self._describe_member_cap())
        if self._drops_surplus():
            sentences.append(
                self.env._(
                    "A full card takes no more stamps: claim its reward, and the next "
                    "card begins."
                )
            )
        return sentences

    def _describe_member_cap(self):
        points = self._format_points(self.member_cap)
        texts = {
            "day": self.env._(
                "Your purchases of a day bring %(points)s at most.", points=points
            ),
            "week": self.env._(
                "Your purchases of a week bring %(points)s at most.", points=points
            ),
            "month": self.env._(
                "Your purchases of a month bring %(points)s at most.", points=points
            ),
            "year": self.env._(
                "Your purchases of a year bring %(points)s at most.", points=points
            ),
        }
        return texts[self.member_cap_period]

    def _list_life_words(self):
        """Return when points come, how long they last and when all of it ends."""
        names = {"points": self._get_point_name()}
        sentences = []
        if self.earn_moment == "payment":
            sentences.append(
                self.env._("You get your %(points)s when the order is paid.", **names)
            )
        elif self.earn_moment == "delivery":
            sentences.append(
                self.env._(
                    "You get your %(points)s when the goods are delivered.", **names
                )
            )
        if self.hold_days == 1:
            sentences.append(
                self.env._("You can use your %(points)s the day after.", **names)
            )
        elif self.hold_days:
            sentences.append(
                self.env._(
                    "You can use your %(points)s after %(days)s days.",
                    days=self.hold_days,
                    **names,
                )
            )
        if expiry := self._describe_expiry():
            sentences.append(expiry)
        if self.spend_until:
            sentences.append(
                self.env._(
                    "The programme ends: use your %(points)s by %(day)s.",
                    day=format_date(self.env, self.spend_until),
                    **names,
                )
            )
        return sentences

    def _describe_expiry(self):
        """Return how long points last, or None where they never expire."""
        points = self._get_point_name()
        span = self._format_span(self.validity_count, self.validity_unit)
        if self.expiry_mode == EARNING:
            return self.env._(
                "Your %(points)s are valid for %(span)s.", points=points, span=span
            )
        if self.expiry_mode == INACTIVITY:
            return self.env._(
                "Your %(points)s stay valid as long as you come back within %(span)s.",
                points=points,
                span=span,
            )
        if self.expiry_mode == FIXED:
            last = expiry_date(self._get_local_date(), self._get_expiry_rule())
            return self.env._(
                "The %(points)s of today are valid until %(day)s.",
                points=points,
                day=format_date(self.env, last),
            )
        return None

    def _format_span(self, count, unit):
        if unit == "month":
            one, many = (
                self.env._("1 month"),
                self.env._("%(count)s months", count=count),
            )
        else:
            one, many = self.env._("1 day"), self.env._("%(count)s days", count=count)
        return one if count == 1 else many

    # === Too much of it ===

    def _explain_complexity(self):
        """Return why members may not understand the programme, or False."""
        self.ensure_one()
        rules = len(self.rule_ids) + self.env["loyalty.event.rule"].search_count(
            [("program_id", "in", self._origin.ids)]
        )
        if rules > EASY["rules"] and self.program_type != "loyalty":
            return self.env._(
                "Customers come to it in %(count)s ways. Nobody remembers more than "
                "%(easy)s: two offers with a name each are easier to tell.",
                count=rules,
                easy=EASY["rules"],
            )
        if rules > EASY["rules"]:
            return self.env._(
                "Members can collect in %(count)s ways. Nobody remembers more than "
                "%(easy)s: fewer rules are used more.",
                count=rules,
                easy=EASY["rules"],
            )
        if len(self.reward_ids) > EASY["rewards"]:
            return self.env._(
                "Members choose among %(count)s rewards. More than %(easy)s put the "
                "choice off: archive those that nobody claims.",
                count=len(self.reward_ids),
                easy=EASY["rewards"],
            )
        if len(self.tier_ids) > EASY["tiers"]:
            return self.env._(
                "%(count)s tiers are more than members can tell apart. %(easy)s are "
                "enough.",
                count=len(self.tier_ids),
                easy=EASY["tiers"],
            )
        return False

    # === Numbers and names ===

    def _get_point_name(self):
        # Odoo's own names leave open how many there are: "Loyalty point(s)".
        name = self.portal_point_name or self.env._("points")
        return OPEN_END.sub(r"\1", name)

    def _format_points(self, points):
        """Return "1 point" or "1,240 points" in the reader's language."""
        self.ensure_one()
        number = self._format_count(points)
        one = points == 1 and self._get_name_of_one()
        return f"{number} {one or self._get_point_name()}"

    def _get_name_of_one(self):
        name = self.portal_point_name or ""
        one = OPEN_END.sub("", name)
        return self.point_name_one or (one != name and one)

    def _format_count(self, number):
        """Return a number without idle decimals, in the reader's format."""
        digits = next(d for d in range(7) if d == 6 or round(number, d) == number)
        return formatLang(self.env, number, digits=digits)

    def _format_money(self, amount):
        return format_amount(self.env, amount, self.currency_id)
