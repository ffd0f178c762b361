from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..engine.paid_terms import PaidTerm, next_term
from .loyalty_card import CURRENT_STATES
from .loyalty_reminder_mixin import BATCH

#: Terms that give or will give their tier.
RUNNING = ("waiting", "active")


class LoyaltyPaidMembership(models.Model):
    """A tier that a customer paid for, for a term.

    The row belongs to the customer, not to a card: contacts merge, cards follow. It
    is made by a payment and by nothing else. ``engine.paid_terms`` says when a term
    begins and what tier follows from it.
    """

    _name = "loyalty.paid.membership"
    _description = "Paid Membership"
    _inherit = ["loyalty.reminder.mixin"]
    _reminder_template = "loyalty_program.mail_template_paid_membership_ends"
    _order = "starts_on desc, id desc"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    tier_id = fields.Many2one(
        comodel_name="loyalty.tier",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    program_id = fields.Many2one(
        related="tier_id.program_id", store=True, index=True, string="Programme"
    )
    company_id = fields.Many2one(related="tier_id.company_id", store=True)
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    months = fields.Integer(required=True, readonly=True)
    state = fields.Selection(
        selection=[
            ("waiting", "Waits for joining"),
            ("active", "Active"),
            ("ended", "Ended"),
            ("cancelled", "Cancelled"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    paid_on = fields.Date(required=True, readonly=True)
    starts_on = fields.Date(string="From", readonly=True)
    ends_on = fields.Date(string="To", help="The last day.", readonly=True, index=True)
    key = fields.Char(
        help="Names the sold unit: the same payment begins one term only.",
        required=True,
        readonly=True,
    )
    origin_model = fields.Char(readonly=True)
    origin_id = fields.Many2oneReference(model_field="origin_model", readonly=True)
    origin_line_id = fields.Integer(readonly=True)
    reminded_on = fields.Date(readonly=True)

    _key_unique = models.UniqueIndex("(key)", "This term was begun already.")

    @api.depends("partner_id", "tier_id")
    def _compute_display_name(self):
        for term in self:
            name, tier = term.partner_id.display_name, term.tier_id.name
            # An erased member has no name.
            term.display_name = f"{name} ({tier})" if name else tier

    @api.model_create_multi
    def create(self, vals_list):
        terms = super().create(vals_list)
        if not self._has_any():
            self.env.registry.clear_cache()
        return terms

    @api.model
    @tools.ormcache()
    def _has_any(self):
        """Tell whether any term was ever paid for: without one, nobody looks."""
        # sudo: one fact for all users.
        return bool(self.sudo().search_count([], limit=1))

    # === Begin ===

    @api.model
    def _begin(self, line, product, quantity, facts):
        """Begin the terms that a paid line of a document bought, once each.

        :param line: the line, of any model
        :param product: the membership's product
        :param int quantity: how many terms, one after the other
        :param dict facts: ``partner``, ``document``, ``moment`` (naive UTC)
        :return: the new terms
        """
        terms = self.browse()
        partner, program = facts["partner"], product.loyalty_tier_id.program_id
        document = facts["document"]
        if program.company_id and program.company_id not in (
            document.company_id | document.company_id.parent_ids
        ):
            # A product of all companies, sold where the programme does not exist.
            document.message_post(
                body=self.env._(
                    "“%(product)s” gives a tier of %(company)s and nothing here.",
                    product=product.display_name,
                    company=program.company_id.name,
                )
            )
            return terms
        if partner and not partner.is_public:
            self._take_turn(partner, program)
        for number in range(quantity):
            key = f"{line._name}:{line.id}:{number}"
            if self.search_count([("key", "=", key)], limit=1):
                continue
            terms |= self.create(
                {
                    "partner_id": partner.id,
                    "tier_id": product.loyalty_tier_id.id,
                    "product_id": product.id,
                    "months": product.loyalty_term_months,
                    "paid_on": program._get_local_date(facts["moment"]),
                    "key": key,
                    "origin_model": document._name,
                    "origin_id": document.id,
                    "origin_line_id": line.id,
                }
            )
        terms._start()
        return terms

    def _take_turn(self, partner, program):
        """Let two payments of one customer begin their terms one after the other."""
        cards = self.env["loyalty.card"].search(
            [("partner_id", "=", partner.id), ("program_id", "=", program.id)]
        )
        if cards:
            # sudo: the ledger is closed to everybody but the service.
            self.env["loyalty.ledger"].sudo()._lock_cards(cards.ids)

    def _start(self):
        """Start the waiting terms of members: nobody has a tier without consent."""
        for program, terms in self.grouped("program_id").items():
            members = program._get_member_cards(terms.partner_id)
            for term in terms.filtered(lambda term: term.state == "waiting"):
                if card := members.get(term.partner_id.id):
                    term._start_for(card)

    def _start_for(self, card):
        first = max(self.paid_on, card.joined_on or self.paid_on)
        others = self._search_running(card)
        span = next_term(
            self.tier_id.id, self.months, first, [term._get_term() for term in others]
        )
        self.write({"state": "active", "starts_on": span.first, "ends_on": span.last})
        self.flush_recordset()
        card._refresh_tiers(allow_down=True)
        card.message_post(
            body=self.env._(
                "“%(tier)s” was paid for, from %(first)s to %(last)s.",
                tier=self.tier_id.name,
                first=format_date(self.env, span.first),
                last=format_date(self.env, span.last),
            )
        )

    def _search_running(self, card):
        return self.search(
            [
                ("partner_id", "=", card.partner_id.id),
                ("program_id", "=", card.program_id.id),
                ("state", "=", "active"),
            ]
        )

    def _get_term(self):
        """Return the term as the engine sees it."""
        self.ensure_one()
        return PaidTerm(self.tier_id.id, self.starts_on, self.ends_on)

    # === End ===

    def _cancel(self):
        """End terms whose money goes back: from today on they give nothing."""
        for term in self.filtered(lambda term: term.state in RUNNING):
            today = term.program_id._get_local_date()
            ends_on = term.ends_on and min(term.ends_on, today - timedelta(days=1))
            term.write({"state": "cancelled", "ends_on": ends_on})
        self._refresh_members()

    def _refresh_members(self):
        """Let the tiers of these customers follow."""
        self.flush_recordset()
        for program, terms in self.grouped("program_id").items():
            for card in program._get_member_cards(terms.partner_id).values():
                card._refresh_tiers(allow_down=True)

    def _get_uses(self):
        """Return what the tier has given since the term began, in words.

        Override to: name what another benefit gave.
        """
        self.ensure_one()
        return []

    def _has_begun(self):
        """Tell whether the term gives anything yet: a renewal waits for the old end."""
        self.ensure_one()
        today = self.program_id._get_local_date()
        return self.state == "active" and self.starts_on <= today

    def _check_may_be_refunded(self):
        """Refuse to give all the money back for a membership that was used.

        :raise UserError: names what was used
        """
        for term in self.filtered(lambda term: term._has_begun()):
            if uses := term._get_uses():
                raise UserError(
                    self.env._(
                        "The membership of %(name)s was used: %(uses)s. It cannot be "
                        "refunded in full. Lower the amount of the credit note.",
                        name=term.partner_id.display_name,
                        uses=", ".join(uses),
                    )
                )

    # === Every day ===

    @api.model
    def _run_reminders(self):
        """Yield after each batch of terms that were closed or reminded of."""
        for batches in (self._run_ended(), self._run_ending()):
            yield from self._run_apart(self, batches)

    def _run_ended(self):
        ledger = self.env["loyalty.ledger"]
        for ended in ledger._take_each(self, self._get_ended_domain(), BATCH):
            yield ended - ledger._do_apart("paid memberships", ended, self._end)

    @api.model
    def _end(self, terms):
        terms.state = "ended"
        terms._refresh_members()

    def _run_ending(self):
        ledger = self.env["loyalty.ledger"]
        for ending in ledger._take_each(self, self._get_ending_domain(), BATCH):
            for term in ending:
                term.reminded_on = term.program_id._get_local_date()
            # Who could not be written to is tried again the next night.
            ending._send_reminders().reminded_on = False
            yield ending

    def _get_ended_domain(self):
        # A day early or late by the time zone: the tier itself follows its own day.
        today = min(
            (program._get_local_date() for program in self._search_programs()),
            default=fields.Date.today(),
        )
        return [("state", "=", "active"), ("ends_on", "<", today)]

    def _get_ending_domain(self):
        programs = self._search_programs()
        domains = [
            fields.Domain("program_id", "=", program.id)
            & fields.Domain("ends_on", ">=", program._get_local_date())
            & fields.Domain(
                "ends_on",
                "<=",
                program._get_local_date() + timedelta(days=program.paid_reminder_days),
            )
            for program in programs
            if program.paid_reminder_days
        ]
        base = fields.Domain([("state", "=", "active"), ("reminded_on", "=", False)])
        return base & fields.Domain.OR(domains)

    def _search_programs(self):
        return self.env["loyalty.program"].search([("ledger_policy", "=", "strict")])

    def _is_renewed(self):
        """Tell whether the customer has bought the next term already."""
        self.ensure_one()
        return bool(
            self.search_count(
                [
                    ("partner_id", "=", self.partner_id.id),
                    ("tier_id", "=", self.tier_id.id),
                    ("state", "=", "active"),
                    ("starts_on", ">", self.ends_on),
                ],
                limit=1,
            )
        )

    def _send_reminders(self):
        """Write to the members who may be told; return the terms whose mail failed."""
        reachable = self._filter_may_be_reminded(self.partner_id)
        members = self.filtered(
            lambda term: (
                term.partner_id in reachable
                and not term._is_renewed()
                and term.program_id._get_member_card(term.partner_id).member_state
                == "joined"
            )
        )
        return members._send_mails()

    def action_view_origin(self):
        """Open the sale that paid for this term."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.origin_model,
            "res_id": self.origin_id,
            "view_mode": "form",
        }


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    paid_membership_ids = fields.One2many(
        comodel_name="loyalty.paid.membership",
        string="Paid memberships",
        compute="_compute_paid_memberships",
    )
    paid_until = fields.Date(
        help="Last day of what was paid for.",
        compute="_compute_paid_memberships",
    )

    @api.depends("partner_id", "program_id")
    def _compute_paid_memberships(self):
        terms = self.env["loyalty.paid.membership"].search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("program_id", "in", self.program_id.ids),
            ]
        )
        for card in self:
            own = terms.filtered(
                lambda term, card=card: (
                    term.partner_id == card.partner_id
                    and term.program_id == card.program_id
                )
            )
            card.paid_membership_ids = own
            running = own.filtered(lambda term: term.state == "active")
            card.paid_until = max(running.mapped("ends_on"), default=False)

    def _join(self, channel, joined_on=None):
        result = super()._join(channel, joined_on)
        if self.member_state in CURRENT_STATES and self.partner_id:
            # sudo: terms are begun by what was paid, whoever enrols the customer.
            waiting = (
                self.env["loyalty.paid.membership"]
                .sudo()
                .search(
                    [
                        ("partner_id", "=", self.partner_id.id),
                        ("program_id", "=", self.program_id.id),
                        ("state", "=", "waiting"),
                    ],
                    order="paid_on, id",
                )
            )
            waiting._start()
        return result

    def _erase_traces(self):
        terms = self.env["loyalty.paid.membership"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("program_id", "=", self.program_id.id),
            ]
        )
        terms._cancel()
        terms.partner_id = False
        return super()._erase_traces()
