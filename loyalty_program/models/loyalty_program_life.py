from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class LoyaltyProgram(models.Model):
    """How a membership, and the programme itself, comes to its end."""

    _inherit = "loyalty.program"

    adjust_limit = fields.Float(
        string="Second person above (points)",
        help="Larger adjustments of a balance wait until somebody else approves them. "
        "0: one person is enough.",
        digits=0,
    )
    frozen_earns = fields.Boolean(
        string="Frozen members collect",
        help="A frozen member collects points on, but cannot spend any.",
        default=True,
    )
    earn_until = fields.Date(
        string="Last day to earn",
        help="From the day after nothing is earned and nobody joins.",
    )
    spend_until = fields.Date(
        string="Last day to spend",
        help="From the day after nothing is spent; what is left expires that night.",
    )

    sunset_notice_on = fields.Date(
        string="Tell members on",
        help="On this day every member gets a mail about the last days, once, and "
        "again if these days change.",
    )

    _adjust_limit_sane = models.Constraint(
        "CHECK (adjust_limit BETWEEN 0 AND 1e12)",
        "The limit of adjustments is a number of points, not below zero.",
    )
    _sunset_order = models.Constraint(
        """CHECK (earn_until <= spend_until
            AND sunset_notice_on <= COALESCE(spend_until, earn_until))""",
        "A programme's last day to spend comes after its last day to earn, and after "
        "the day on which members are told.",
    )

    def write(self, vals):
        if {"earn_until", "spend_until"}.isdisjoint(vals):
            return super().write(vals)
        before = {program: program._get_last_days() for program in self}
        result = super().write(vals)
        for program in self:
            if before[program] != program._get_last_days():
                program._forget_sunset_notice()
        return result

    def _get_last_days(self):
        return (self.earn_until, self.spend_until)

    def _forget_sunset_notice(self):
        """Let members be told anew who were told of other days."""
        self.env["loyalty.card"].flush_model(["sunset_noticed_on"])
        # SQL: one statement for all members, who may be a million.
        self.env.cr.execute(
            SQL(
                """UPDATE loyalty_card SET sunset_noticed_on = NULL
                   WHERE program_id = %s AND sunset_noticed_on IS NOT NULL""",
                self.id,
            )
        )
        self.env["loyalty.card"].invalidate_model(["sunset_noticed_on"])

    def _is_over(self, what, day=None):
        """Tell whether the last day to do ``what`` lies before ``day``.

        :param str what: ``earn`` or ``spend``
        :param date day: a day of the programme; None means today
        """
        self.ensure_one()
        last = self.spend_until
        if what == "earn":
            last = self.earn_until or last
        return bool(last) and (day or self._get_local_date()) > last

    def _check_may_enrol(self, partners, consent):
        if self._is_over("earn"):
            raise UserError(self.env._("“%(name)s” has ended.", name=self.name))
        return super()._check_may_enrol(partners, consent)
