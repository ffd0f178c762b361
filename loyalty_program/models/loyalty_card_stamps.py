from odoo import api, fields, models


class LoyaltyCard(models.Model):
    """The balance as a customer of a stamp card sees it."""

    _inherit = "loyalty.card"

    stamp_words = fields.Char(string="Stamps", compute="_compute_stamps")
    stamp_card = fields.Html(
        string="Stamp card", compute="_compute_stamps", sanitize=False
    )

    @api.depends("points", "points_pending", "account_id.points", "program_id")
    @api.depends_context("lang")
    def _compute_stamps(self):
        for card in self:
            layout = card._lay_out_stamps()
            card.stamp_words = self._describe_stamps(layout) if layout else False
            card.stamp_card = layout and self.env["ir.qweb"]._render(
                "loyalty_program.stamp_card",
                {"stamps": layout, "words": card.stamp_words},
            )

    def _lay_out_stamps(self):
        """Return the stamp card to show, or None where the balance is a number.

        :rtype: engine.stamps.StampCard | None
        """
        self.ensure_one()
        # sudo: how a balance is shown is the programme's word, whoever looks.
        card = self.sudo()
        account = card._get_account()
        return card.program_id._lay_out_stamps(account.points, account.points_pending)

    @api.model
    def _describe_stamps(self, layout):
        """Return what the drawing of a stamp card shows, in one or two sentences."""
        facts = {"filled": layout.filled, "needed": layout.needed}
        if layout.owed:
            return self.env._(
                "%(filled)s of %(needed)s stamps. Stamps that were taken back after "
                "the reward was had: %(owed)s.",
                owed=layout.owed,
                **facts,
            )
        if layout.ready > 1:
            return self.env._(
                "%(filled)s of %(needed)s stamps. %(ready)s full cards are waiting for "
                "their rewards.",
                ready=layout.ready,
                **facts,
            )
        if layout.ready:
            return self.env._(
                "%(filled)s of %(needed)s stamps. A full card is waiting for its "
                "reward.",
                **facts,
            )
        return self.env._("%(filled)s of %(needed)s stamps", **facts)
