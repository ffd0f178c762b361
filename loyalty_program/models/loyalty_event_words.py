from odoo import models

#: What a condition of yes or no is compared with, for a yes.
YES = {"1", "true", "yes"}


class LoyaltyEventRule(models.Model):
    """What an event earns, in sentences."""

    _inherit = "loyalty.event.rule"

    def _list_words(self):
        """Return the sentences of this rule: what earns, when, and how often."""
        self.ensure_one()
        facts = {
            "points": self.program_id._format_points(self.points),
            "event": self.event_type_id.name,
        }
        if self.mode == "value":
            text = self.env._(
                "Collect %(points)s for each unit of: %(event)s.", **facts
            )
        else:
            text = self.env._("Collect %(points)s for: %(event)s.", **facts)
        sentences = [text, *self._list_limit_words()]
        if self.hold_days:
            sentences.append(self._describe_hold())
        return sentences

    def _list_limit_words(self):
        """Return which events count, and how often, as sentences."""
        sentences = []
        if self.condition_field_id:
            sentences.append(self._describe_condition())
        if self.cap_times:
            sentences.append(self._describe_times())
        if self.cap_points:
            sentences.append(self._describe_most())
        return sentences

    def _describe_condition(self):
        """Return which events of the kind count, as one sentence."""
        # sudo: the names of an event's details are told to every member.
        detail = self.sudo().condition_field_id
        facts = {
            "detail": detail.name.replace("_", " "),
            "value": self.condition_value or "",
        }
        if detail.kind == "boolean":
            is_said = (self.condition_value or "").strip().lower() in YES
            if is_said == (self.condition_operator != "!="):
                return self.env._("Only where it is “%(detail)s”.", **facts)
            return self.env._("Only where it is not “%(detail)s”.", **facts)
        texts = {
            "=": self.env._("Only where “%(detail)s” is %(value)s.", **facts),
            "!=": self.env._("Only where “%(detail)s” is not %(value)s.", **facts),
            ">=": self.env._("Only where “%(detail)s” is %(value)s or more.", **facts),
            "<=": self.env._("Only where “%(detail)s” is %(value)s or less.", **facts),
            ">": self.env._("Only where “%(detail)s” is more than %(value)s.", **facts),
            "<": self.env._("Only where “%(detail)s” is less than %(value)s.", **facts),
        }
        # Nothing is chosen yet in a form that is being filled in.
        return texts[self.condition_operator or "="]

    def _describe_hold(self):
        points = self.program_id._get_point_name()
        if self.hold_days == 1:
            return self.env._(
                "You can use these %(points)s the day after.", points=points
            )
        return self.env._(
            "You can use these %(points)s after %(days)s days.",
            points=points,
            days=self.hold_days,
        )

    def _describe_times(self):
        count = self.cap_times
        if count == 1:
            return {
                "day": self.env._("Once a day."),
                "week": self.env._("Once a week."),
                "month": self.env._("Once a month."),
                "year": self.env._("Once a year."),
                "lifetime": self.env._("Once only."),
            }[self.cap_period]
        return {
            "day": self.env._("At most %(count)s times a day.", count=count),
            "week": self.env._("At most %(count)s times a week.", count=count),
            "month": self.env._("At most %(count)s times a month.", count=count),
            "year": self.env._("At most %(count)s times a year.", count=count),
            "lifetime": self.env._("At most %(count)s times in all.", count=count),
        }[self.cap_period]

    def _describe_most(self):
        points = self.program_id._format_points(self.cap_points)
        return {
            "day": self.env._("At most %(points)s a day.", points=points),
            "week": self.env._("At most %(points)s a week.", points=points),
            "month": self.env._("At most %(points)s a month.", points=points),
            "year": self.env._("At most %(points)s a year.", points=points),
            "lifetime": self.env._("At most %(points)s in all.", points=points),
        }[self.cap_period]
