from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Members who get a card in one go; more would hold too many records at once.
BATCH = 500


class LoyaltyProgram(models.Model):
    """A programme that comes with the membership of another one.

    A stamp card asks nobody for a second consent: who joins the house's programme has
    its cards as well, and an older member takes one up with one tap.
    """

    _inherit = "loyalty.program"

    house_program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Comes with",
        help="Who joins that programme gets a card of this one, under its terms. "
        "Older members take it up with one tap.",
        domain="[('ledger_policy', '=', 'strict'), ('id', '!=', id), "
        "('house_program_id', '=', False)]",
        index="btree_not_null",
        ondelete="restrict",
    )
    guest_program_ids = fields.One2many(
        comodel_name="loyalty.program",
        inverse_name="house_program_id",
        string="Cards that come with it",
    )
    house_waiting_count = fields.Integer(
        string="Members without a card",
        compute="_compute_house_waiting_count",
    )

    @api.constrains("house_program_id", "ledger_policy", "company_id")
    def _check_house_program(self):
        for program in self.filtered("house_program_id"):
            house = program.house_program_id
            is_sound = (
                program.ledger_policy == house.ledger_policy == "strict"
                and not house.house_program_id
                and not program.guest_program_ids
                and program.company_id == house.company_id
            )
            if not is_sound:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” can come with a programme for members of the same "
                        "company, which does not come with another one itself.",
                        name=program.name,
                    )
                )

    @api.depends("house_program_id", "member_count")
    def _compute_house_waiting_count(self):
        for program in self:
            house = program.house_program_id
            program.house_waiting_count = house and self.env[
                "loyalty.card"
            ].search_count(program._get_waiting_domain())

    def _get_waiting_domain(self):
        """Return the memberships of the house whose customers have no card here."""
        own = self.env["loyalty.card"]._search(
            [("program_id", "=", self.id), ("member_state", "!=", "none")]
        )
        return [
            ("program_id", "=", self.house_program_id.id),
            ("member_state", "=", "joined"),
            ("partner_id.active", "=", True),
            ("partner_id", "not in", own.subselect("partner_id")),
        ]

    def _is_covered_for(self, partners):
        """Tell whether these customers' consent to the house's terms is enough here."""
        self.ensure_one()
        house = self.house_program_id
        return bool(house) and len(house._get_member_cards(partners)) == len(partners)

    def _check_may_enrol(self, partners, consent):
        people = self.env["res.partner"].union(*partners)
        covered = not consent and people and self._is_covered_for(people)
        return super()._check_may_enrol(partners, consent or covered)

    def _enrol_batch(self, members, channel, consent):
        cards = super()._enrol_batch(members, channel, consent)
        for guest in self.guest_program_ids.filtered("active"):
            if not guest._is_over("earn") and guest._is_running():
                guest._enrol_batch(members, channel, consent)
        return cards

    def _is_running(self):
        today = self._get_local_date()
        return not self.date_to or today <= self.date_to

    def action_enrol_house(self):
        """Give a card to all members of the house who have none and never left."""
        self.ensure_one()
        self.check_access("write")
        # sudo: a manager of programmes may enrol; consent was given to the house.
        program = self.sudo()
        waiting = program.env["loyalty.card"].search(program._get_waiting_domain())
        for start in range(0, len(waiting), BATCH):
            partners = waiting[start : start + BATCH].partner_id
            program._enrol_batch([(p, None) for p in partners], "backoffice", False)
            self.env.flush_all()
            self.env.invalidate_all()
        return self.action_view_members()
