from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LoyaltyProgram(models.Model):
    """eWallets with a ledger: what goes in and out are entries, as with points.

    Nothing else changes for them: Odoo's own rules fill and empty a wallet, the ledger
    records it.
    """

    _inherit = "loyalty.program"

    keeps_ledger = fields.Boolean(
        string="Wallets have a ledger",
        help="Every change of a wallet is an entry of the ledger. Rewards that pay "
        "points out to a wallet need it; it is for good.",
        readonly=True,
        copy=False,
    )

    @api.depends("keeps_ledger")
    def _compute_is_managed(self):
        result = super()._compute_is_managed()
        for program in self:
            if program.program_type == "ewallet" and program.keeps_ledger:
                program.is_managed = True
        return result

    @api.constrains("keeps_ledger")
    def _check_keeps_ledger(self):
        return self._check_type_keeps_ledger()

    @api.constrains("ledger_policy", "program_type")
    def _check_wallet_is_recorded(self):
        for program in self.filtered(lambda own: own.ledger_policy == "strict"):
            if program.program_type == "ewallet":
                raise ValidationError(
                    self.env._("An eWallet is no membership: its ledger records.")
                )

    def _open_wallets(self):
        """Let wallets have a ledger from now on, beginning with what they hold."""
        for program in self.filtered(lambda own: not own.is_managed):
            program.keeps_ledger = True
            program.flush_recordset(["is_managed"])
            self.env["loyalty.ledger"]._open(program)
            program._let_wallets_pay_cents()

    def _let_wallets_pay_cents(self):
        """Let the last cents of a wallet pay: Odoo asks for a whole unit of money.

        A top-up is a round sum, cashback is not: what is below one unit would stay for
        ever. Whoever asks for another least amount than Odoo's keeps it.
        """
        rewards = self.reward_ids.filtered(
            lambda reward: (
                reward.discount_mode == "per_point" and reward.required_points == 1
            )
        )
        rewards.required_points = self.currency_id.rounding
