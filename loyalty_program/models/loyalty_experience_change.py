from odoo import models

from .loyalty_reward_experience import OPEN_STATES


class LoyaltyExperienceDate(models.Model):
    """A date that is moved or called off: everybody who is on it is told."""

    _inherit = "loyalty.experience.date"

    def write(self, vals):
        before = {date.id: (date.starts_at, date.place) for date in self}
        result = super().write(vals)
        moved = self.filtered(
            lambda date: (date.starts_at, date.place) != before[date.id]
        )
        moved._tell_moved()
        return result

    def _get_open_claims(self):
        """Return the requests that hold a place of these dates."""
        # sudo: who may change a date may not see every company's members.
        claims = self.env["loyalty.reward.claim"].sudo()
        return claims.search(
            [("experience_date_id", "in", self.ids), ("state", "in", OPEN_STATES)]
        )

    def _tell_moved(self):
        # What is over is corrected in silence.
        self.filtered(
            lambda date: date.active and date._is_open()
        )._get_open_claims()._write_to_members(
            "loyalty_program.mail_template_experience_moved"
        )

    def action_call_off(self):
        """Take a date off the offer, and ask what those who are on it are told.

        :raise AccessError: the user may not change dates
        """
        self.ensure_one()
        self.check_access("write")
        claims = self._get_open_claims()
        if not claims:
            self.active = False
            return None
        action = claims.with_env(self.env).action_decline()
        action["context"]["default_called_off_id"] = self.id
        return action
