from odoo import models

from .loyalty_card import CURRENT_STATES


class LoyaltyCard(models.Model):
    """What a member may do now: the one place that everybody asks."""

    _inherit = "loyalty.card"

    def _may_earn(self, day=None):
        """Tell whether the card may collect points.

        :param date day: the programme's day of the purchase; None means today
        """
        self.ensure_one()
        program = self.program_id
        if program.ledger_policy != "strict":
            return True
        if self.member_state not in CURRENT_STATES or program._is_over("earn", day):
            return False
        return self.member_state == "joined" or program.frozen_earns

    def _may_spend(self, day=None):
        """Tell whether the card's points may be spent, see :meth:`_may_earn`."""
        self.ensure_one()
        program = self.program_id
        if program.ledger_policy != "strict":
            return True
        return self.member_state == "joined" and not program._is_over("spend", day)

    def _explain_no_earning(self):
        """Return why the card collects nothing now, as a sentence."""
        self.ensure_one()
        return self._explain_closed("earn") or self.env._(
            "The membership is frozen and collects no points."
        )

    def _explain_no_spending(self):
        """Return why the card's points cannot be spent now, as a sentence."""
        self.ensure_one()
        return self._explain_closed("spend") or self.env._(
            "The membership is frozen: its points cannot be spent now."
        )

    def _explain_closed(self, what):
        program = self.program_id
        if self.member_state not in CURRENT_STATES:
            return self.env._(
                "The customer is no member of “%(name)s”.", name=program.name
            )
        if program._is_over(what):
            return self.env._("“%(name)s” has ended.", name=program.name)
        return None
