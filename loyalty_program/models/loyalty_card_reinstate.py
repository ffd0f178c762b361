from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..engine.rounding import to_decimal
from ..engine.values import Posting
from .loyalty_adjustment import ADJUST_GROUP, SPLIT_WINDOW


class LoyaltyCard(models.Model):
    """Points that expired come back: a favour, once, with a reason."""

    _inherit = "loyalty.card"

    def action_reinstate(self):
        """Ask which expired points shall come back, and why."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_reinstate_action"
        )
        action["context"] = {"default_card_id": self.id}
        return action

    def _get_reinstatable_entries(self):
        """Return the expiries of this card that may still be undone."""
        self.ensure_one()
        entries = self.env["loyalty.ledger.entry"]
        days = self.program_id.reinstate_days
        if not days:
            return entries
        first = self.program_id._get_local_date() - timedelta(days=days)
        expired = entries.search(
            [
                ("card_id", "in", self._get_balance_ids()),
                ("entry_type", "=", "expire"),
                ("available_on", ">=", first - timedelta(days=1)),
            ]
        )
        return expired - expired._get_reinstated()

    def _get_balance_ids(self):
        """Return the ids of the balances that the member has and had.

        The own ones before the member joined a pool, and of merged cards, as well.
        """
        own = [row[0] for row in self.env.execute_query(self._sql_own_cards())]
        return [*own, self._get_account().id]

    def _reinstate(self, expired, reason):
        """Post what expired anew, once for each entry, with a new expiry.

        :param expired: ``expire`` entries of this card's account
        :param reason: loyalty.adjustment.reason
        :return: the new entries
        :raise AccessError: the user lacks the right, or it is their own card
        :raise UserError: too late, done before, too much, or no expiry of this card
        """
        self.ensure_one()
        self._check_may_reinstate(expired)
        if not reason:
            raise UserError(self.env._("Say why the points come back."))
        postings = [
            Posting(
                card_id=self.id,
                entry_type="reinstate",
                points=-to_decimal(entry.points),
                key=f"reinstate:{entry.id}",
                origin=(entry._name, entry.id),
                breakdown={"reinstates": entry.id, "reason_id": reason.id},
            )
            for entry in expired
        ]
        # sudo: the ledger is closed to everybody but the service.
        return self.env["loyalty.ledger"].sudo()._post(postings)

    def _check_may_reinstate(self, expired):
        user = self.env.user
        if not user.has_group(ADJUST_GROUP) or user.partner_id in self._get_holders():
            raise AccessError(
                self.env._(
                    "Giving back expired points is a right that you do not have, or "
                    "not for your own card."
                )
            )
        self.check_access("read")
        self._check_not_merged()
        if not self._may_spend():
            raise UserError(self._explain_no_spending())
        if not expired or expired - self._get_reinstatable_entries():
            raise UserError(
                self.env._(
                    "These points cannot be given back: they did not expire on this "
                    "card, it is too long ago, or it was done before."
                )
            )
        limit = self.program_id.adjust_limit
        is_manager = user.has_group("loyalty_program.group_loyalty_manager")
        given = sum(self._get_just_reinstated().mapped("points"))
        if limit and given - sum(expired.mapped("points")) > limit and not is_manager:
            raise AccessError(
                self.env._(
                    "More than %(limit)s points are given back by a loyalty manager.",
                    limit=self.program_id._format_count(limit),
                )
            )

    def _get_just_reinstated(self):
        """Return what the user gave back here lately: small parts count together."""
        # sudo: what was given counts, whether or not the user may see it.
        return (
            self.env["loyalty.ledger.entry"]
            .sudo()
            .search(
                [
                    ("card_id", "in", self._get_balance_ids()),
                    ("entry_type", "=", "reinstate"),
                    ("posted_by_id", "=", self.env.uid),
                    ("posted_at", ">", fields.Datetime.now() - SPLIT_WINDOW),
                ]
            )
        )
