from odoo import fields, models
from odoo.exceptions import AccessError, UserError

FREEZE_REASONS = [
    ("lost_phone", "Phone or card lost"),
    ("chargeback", "Payment charged back"),
    ("misuse", "Suspected misuse"),
    ("other", "Other"),
]


class LoyaltyCard(models.Model):
    """A membership that is held still for a while."""

    _inherit = "loyalty.card"

    freeze_reason = fields.Selection(
        selection=FREEZE_REASONS,
        readonly=True,
        copy=False,
    )
    frozen_on = fields.Date(readonly=True, copy=False)
    merged_card_ids = fields.One2many(
        comodel_name="loyalty.merge",
        inverse_name="target_card_id",
        string="Merged cards",
        readonly=True,
        groups="loyalty_program.group_loyalty_user",
    )

    def action_freeze(self):
        """Ask why the membership is frozen."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_freeze_action"
        ) | {"context": {"default_card_id": self.id}}

    def action_unfreeze(self):
        """Let frozen members spend again."""
        self._check_loyalty_user()
        self._unfreeze()

    def _check_loyalty_user(self):
        """Refuse changes of a membership by who only sells.

        :raise AccessError: no loyalty user, or a card out of reach
        """
        self.check_access("write")
        if not self.env.user.has_group("loyalty_program.group_loyalty_user"):
            raise AccessError(self.env._("Only loyalty users may change a membership."))

    def _freeze(self, reason):
        """Freeze members; who is frozen already keeps the first reason.

        :param str reason: a key of ``FREEZE_REASONS``
        :raise UserError: somebody is no member
        """
        if any(card.member_state not in ("joined", "frozen") for card in self):
            raise UserError(self.env._("Only members can be frozen."))
        for card in self.filtered(lambda card: card.member_state == "joined"):
            # sudo: membership facts are written by the suite only; callers checked.
            card.sudo().write(
                {
                    "member_state": "frozen",
                    "freeze_reason": reason or "other",
                    "frozen_on": card.program_id._get_local_date(),
                }
            )

    def _unfreeze(self):
        # sudo: membership facts are written by the suite only; callers checked.
        self.filtered(lambda card: card.member_state == "frozen").sudo().write(
            {"member_state": "joined", "freeze_reason": False, "frozen_on": False}
        )

    def _leave(self):
        result = super()._leave()
        # sudo: see above.
        self.sudo().write({"freeze_reason": False, "frozen_on": False})
        return result
