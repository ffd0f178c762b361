from odoo import api, models


class LoyaltyLedger(models.AbstractModel):
    """The nightly work gives the gifts that are due."""

    _inherit = "loyalty.ledger"

    @api.model
    def _run_daily(self):
        """Give the gifts that are due, after the tiers are what they are."""
        yield from super()._run_daily()
        programs = self.env["loyalty.program"].search(
            [("ledger_policy", "=", "strict")], order="id"
        )
        for program in programs:
            yield from self._run_apart("gifts", program, program._run_gifts())
