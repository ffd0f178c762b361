from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

#: Customers who join in one step.
ENROL_BATCH = 1000


class LoyaltyPolicySwitch(models.TransientModel):
    """Say what the other policy changes, then change it."""

    _name = "loyalty.policy.switch"
    _description = "Change the Policy of a Loyalty Programme"

    program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Programme",
        required=True,
        readonly=True,
    )
    target = fields.Selection(
        selection=[
            ("stock", "Recorded: points follow Odoo's own rules"),
            ("strict", "Members only: the server computes"),
        ],
        string="New policy",
        compute="_compute_target",
    )
    points_scale = fields.Integer(
        string="Decimals",
        help="Decimals of a point from now on. At least as many as the points have "
        "that were given until now.",
        compute="_compute_points_scale",
        store=True,
        readonly=False,
    )
    enrol = fields.Boolean(
        string="Make the customers with a card members now",
        help="Otherwise they join one by one, at the till, in the portal or here, and "
        "find their points then.",
    )
    consent = fields.Boolean(
        string="These customers have agreed to the terms of the programme"
    )
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.depends("program_id")
    def _compute_target(self):
        for wizard in self:
            strict = wizard.program_id.ledger_policy == "strict"
            wizard.target = "stock" if strict else "strict"

    @api.depends("program_id")
    def _compute_points_scale(self):
        for wizard in self:
            program = wizard.program_id
            needed = program._get_needed_scale() if program else 0
            wizard.points_scale = max(program.points_scale, needed)

    @api.depends("program_id", "target", "enrol", "points_scale")
    def _compute_preview(self):
        for wizard in self:
            texts = wizard.program_id._describe_policy_switch(
                wizard.target, wizard.enrol, wizard.points_scale
            )
            items = Markup("").join(Markup("<li>%s</li>") % text for text in texts)
            wizard.preview = Markup("<ul>%s</ul>") % items

    def action_switch(self):
        """Change the policy, and let the customers join if so wanted.

        :raise UserError: no consent, or points that do not fit the decimals
        """
        self.ensure_one()
        program = self.program_id
        program.check_access("write")
        if self.target == "stock":
            program.ledger_policy = "stock"
            return {"type": "ir.actions.act_window_close"}
        if self.enrol and not self.consent:
            raise UserError(
                self.env._(
                    "A customer becomes a member by agreeing to the programme's terms."
                )
            )
        program.write({"ledger_policy": "strict", "points_scale": self.points_scale})
        if self.enrol:
            self._enrol_cards(program)
        return {"type": "ir.actions.act_window_close"}

    def _enrol_cards(self, program):
        # sudo: enrolling is what a manager may do, cards are closed to everybody.
        program = program.sudo()
        partners = program._get_enrollable_cards().partner_id
        for start in range(0, len(partners), ENROL_BATCH):
            batch = partners[start : start + ENROL_BATCH]
            program._enrol_batch(
                [(partner, None) for partner in batch], "backoffice", self.consent
            )
