from odoo import api, fields, models


class RepairOrder(models.Model):
    """A repair that a care plan pays for says so, and tells its claim how it ends."""

    _inherit = "repair.order"

    care_claim_ids = fields.One2many(
        comodel_name="loyalty.care.claim",
        inverse_name="repair_id",
        groups="loyalty_program.group_loyalty_user",
    )
    care_words = fields.Char(
        string="Care plan",
        compute="_compute_care_words",
        compute_sudo=True,
    )

    @api.depends("care_claim_ids.plan_id.name")
    def _compute_care_words(self):
        for repair in self:
            claim = repair.care_claim_ids[:1]
            repair.care_words = claim and self.env._(
                "%(claim)s of the care plan %(plan)s",
                claim=claim.name,
                plan=claim.plan_id.name,
            )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in ("done", "cancel"):
            self._tell_care_claims(vals["state"])
        return result

    def _tell_care_claims(self, state):
        """Close the claims of what was repaired; a cancelled repair is told only."""
        # sudo: who repairs need not see claims.
        claims = self.sudo().care_claim_ids.filtered(
            lambda claim: claim.state == "accepted"
        )
        if state == "done":
            claims.action_done()
            return
        for claim in claims:
            claim.message_post(
                body=self.env._(
                    "The repair order %(repair)s was cancelled.",
                    repair=claim.repair_id.name,
                )
            )
