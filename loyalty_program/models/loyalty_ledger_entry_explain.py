from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date

from ..engine.rounding import to_decimal


class LoyaltyLedgerEntry(models.Model):
    """Why so many points: the breakdown in sentences for cashier and customer."""

    _inherit = "loyalty.ledger.entry"

    breakdown_text = fields.Char(string="Why", compute="_compute_breakdown_text")

    @api.depends("breakdown", "points")
    @api.depends_context("lang")
    def _compute_breakdown_text(self):
        for entry in self:
            entry.breakdown_text = " ".join(entry._explain())

    def _explain(self):
        """Return the sentences that explain this entry, in the order of computing."""
        facts = self.breakdown or {}
        sentences = [self._explain_rule(step, facts) for step in facts.get("rules", [])]
        if sentences:
            sentences += self._explain_sum(facts)
            sentences += self._explain_rounding(facts)
        sentences += [self._explain_cap(trace) for trace in facts.get("caps", [])]
        if facts.get("reward"):
            sentences.append(self.env._("Reward: %(reward)s.", reward=facts["reward"]))
        if facts.get("period"):
            sentences.append(self._explain_period(facts["period"]))
        return sentences

    def _explain_period(self, period):
        """Return why the entry's date is not, or is, that of the event."""
        days = {
            "day": format_date(self.env, period["happened_on"]),
            "closed": format_date(self.env, period["locked_until"]),
        }
        if period.get("kept"):
            return self.env._(
                "Dated in a closed period (until %(closed)s), as it happened.",
                **days,
            )
        return self.env._(
            "Happened on %(day)s; dated after the period that closed on %(closed)s.",
            **days,
        )

    def _explain_rule(self, step, facts):
        """Return one sentence for one rule of the breakdown."""
        values = {
            name: self._format_number(step[name]) for name in ("rate", "base", "points")
        }
        if step["mode"] == "unit":
            return self.env._("%(rate)s for each of %(base)s = %(points)s.", **values)
        if step["mode"] != "money":
            return self.env._("%(points)s for the order.", **values)
        values["base"] = self._format_money(step["base"])
        values["currency"] = self.currency_id.name
        if facts.get("untaxed"):
            return self.env._(
                "%(rate)s per %(currency)s on %(base)s without tax = %(points)s.",
                **values,
            )
        return self.env._(
            "%(rate)s per %(currency)s on %(base)s = %(points)s.", **values
        )

    def _explain_sum(self, facts):
        """Return what was done to the sum of the rules before it was rounded."""
        sentences = []
        if facts.get("vouchers"):
            sentences.append(
                self.env._(
                    "%(amount)s paid by gift card or eWallet earn nothing.",
                    amount=self._format_money(facts["vouchers"]),
                )
            )
        if facts.get("multiplier"):
            total = sum(Decimal(step["points"]) for step in facts["rules"])
            sentences.append(
                self.env._(
                    "Times %(multiplier)s = %(points)s.",
                    multiplier=self._format_number(facts["multiplier"]),
                    points=self._format_number(total * Decimal(facts["multiplier"])),
                )
            )
        if facts.get("partial") or facts.get("before"):
            sentences.append(
                self.env._(
                    "For what was delivered now: %(points)s.",
                    points=self._format_number(facts["exact"]),
                )
            )
        return sentences

    def _explain_rounding(self, facts):
        caps = facts.get("caps")
        rounded = Decimal(caps[0]["before"]) if caps else to_decimal(self.points)
        # Shares are cut after twelve decimals, which is no rounding.
        if round(Decimal(facts["exact"]), 9) == rounded:
            return []
        points = self._format_number(rounded)
        rounding, per_line = facts.get("rounding"), facts.get("per_line")
        if rounding == "up":
            text = self.env._("Rounded up to %(points)s.", points=points)
            each = self.env._("Each line rounded up: %(points)s.", points=points)
        elif rounding == "half_up":
            text = self.env._("Rounded to %(points)s.", points=points)
            each = self.env._("Each line rounded: %(points)s.", points=points)
        else:
            text = self.env._("Rounded down to %(points)s.", points=points)
            each = self.env._("Each line rounded down: %(points)s.", points=points)
        return [each if per_line else text]

    def _explain_cap(self, trace):
        """Return the sentence of one limit that cut the points."""
        limit = self._format_number(trace["limit"])
        used = self._format_number(trace.get("used", "0"))
        texts = {
            "order": self.env._("At most %(limit)s an order.", limit=limit),
            "day": self.env._(
                "At most %(limit)s a day, %(used)s before.", limit=limit, used=used
            ),
            "week": self.env._(
                "At most %(limit)s a week, %(used)s before.", limit=limit, used=used
            ),
            "month": self.env._(
                "At most %(limit)s a month, %(used)s before.", limit=limit, used=used
            ),
            "year": self.env._(
                "At most %(limit)s a year, %(used)s before.", limit=limit, used=used
            ),
        }
        return texts[trace["per"]]

    def _format_number(self, number):
        """Return a number as the reader writes it, with six decimals at most."""
        return self.env["loyalty.program"]._format_count(float(number))

    def _format_money(self, amount):
        return self.currency_id.format(float(amount))
