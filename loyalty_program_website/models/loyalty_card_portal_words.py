from odoo import models
from odoo.tools import format_date


class LoyaltyCard(models.Model):
    """Sentences of the member's own pages about balance and sharing."""

    _inherit = "loyalty.card"

    def _describe_portal_joining(self):
        return self.env._("since %(day)s", day=format_date(self.env, self.joined_on))

    def _describe_portal_pending(self, signed=False):
        """Return the points that cannot be used yet.

        :param bool signed: put a plus before them
        """
        points = self.program_id._format_portal_points(
            self.points_pending, signed=signed
        )
        return self.env._("%(points)s pending", points=points)

    def _describe_portal_balance(self):
        """Return all points of the member, those that wait told apart."""
        points = self.program_id._format_portal_points(self.points)
        if not self.points_pending:
            return points
        return self.env._(
            "%(points)s and %(pending)s",
            points=points,
            pending=self._describe_portal_pending(),
        )

    def _describe_portal_invitation(self, pool):
        """Return what it means to share the points of a pool, in sentences."""
        if self.points <= 0:
            return self.env._("“%(pool)s” invites you to share points.", pool=pool.name)
        return self.env._(
            "“%(pool)s” invites you to share points. Your %(points)s move into the "
            "common balance.",
            pool=pool.name,
            points=self.program_id._format_portal_points(self.points),
        )


class LoyaltyLedgerEntry(models.Model):
    _inherit = "loyalty.ledger.entry"

    def _describe_portal_wait(self, lot):
        """Return until when the points of an entry wait.

        :param lot: of the entry
        """
        return self.env._(
            "pending until %(day)s", day=format_date(self.env, lot.available_on)
        )

    def _describe_portal_why(self):
        points = self.program_id._format_portal_points(abs(self.points))
        return self.env._("Why %(points)s?", points=points)
