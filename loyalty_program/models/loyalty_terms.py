from odoo import api, fields, models
from odoo.exceptions import UserError

from .loyalty_card import CURRENT_STATES
from .loyalty_ledger_entry import CHANNELS


class LoyaltyTerms(models.Model):
    """One version of a programme's terms, kept as members accepted it."""

    _name = "loyalty.terms"
    _description = "Version of the Terms"
    _order = "id desc"
    _rec_name = "version"

    program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Programme",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    version = fields.Char(required=True, readonly=True)
    texts = fields.Json(
        help="The text in each language, as it was: {language: text}.",
        readonly=True,
    )
    text = fields.Html(compute="_compute_text")
    published_at = fields.Datetime(string="Published on", required=True, readonly=True)
    acceptance_ids = fields.One2many(
        comodel_name="loyalty.terms.acceptance",
        inverse_name="terms_id",
        string="Acceptances",
        readonly=True,
    )
    acceptance_count = fields.Integer(
        string="Accepted by",
        compute="_compute_acceptance_count",
    )

    _version_unique = models.UniqueIndex(
        "(program_id, version)",
        "A programme has one text of each version of its terms.",
    )

    @api.depends("texts")
    @api.depends_context("lang")
    def _compute_text(self):
        for terms in self:
            texts = terms.texts or {}
            default = next(iter(texts.values()), False)
            terms.text = texts.get(self.env.lang) or texts.get("en_US") or default

    @api.depends("acceptance_ids")
    def _compute_acceptance_count(self):
        counts = dict(
            self.env["loyalty.terms.acceptance"]._read_group(
                [("terms_id", "in", self.ids)], ["terms_id"], ["__count"]
            )
        )
        for terms in self:
            terms.acceptance_count = counts.get(terms, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_accepted(self):
        if any(terms.acceptance_count for terms in self):
            raise UserError(
                self.env._("Members accepted this version of the terms: it is kept.")
            )


class LoyaltyTermsAcceptance(models.Model):
    """Who accepted which version, when and where."""

    _name = "loyalty.terms.acceptance"
    _description = "Acceptance of Terms"
    _order = "id desc"

    terms_id = fields.Many2one(
        comodel_name="loyalty.terms",
        string="Version",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Member",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="card_id.company_id")
    accepted_at = fields.Datetime(string="Accepted on", required=True, readonly=True)
    channel = fields.Selection(selection=CHANNELS, required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Recorded by",
        readonly=True,
        ondelete="restrict",
    )


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    terms_ask_members = fields.Boolean(
        string="Ask members to accept new terms",
        help="Members who accepted an older version are asked anew. Until then they "
        "stay members.",
    )
    terms_ids = fields.One2many(
        comodel_name="loyalty.terms",
        inverse_name="program_id",
        string="Versions of the terms",
        readonly=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(vals_list)
        programs._keep_terms()
        return programs

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint({"terms", "terms_version", "ledger_policy"}):
            self._keep_terms()
        return result

    def update_field_translations(self, field_name, translations, source_lang=""):
        result = super().update_field_translations(
            field_name, translations, source_lang
        )
        if field_name == "terms":
            self._keep_terms()
        return result

    def _keep_terms(self):
        """Keep the text of now under its version; an accepted text never changes.

        A text that changed after somebody accepted it gets the next version.
        """
        for program in self.filtered(lambda p: p.ledger_policy == "strict"):
            # sudo: versions are kept by the programme; who may write it was checked.
            program_sudo = program.sudo()
            kept = program_sudo._get_current_terms()
            texts = program_sudo._get_texts()
            if kept and (kept.texts or {}) == texts:
                continue
            if kept.acceptance_count:
                # Writing the next version keeps the text under it.
                program_sudo.terms_version = program_sudo._get_next_version()
                continue
            program_sudo._keep_texts(kept, texts)

    def _keep_texts(self, kept, texts):
        if kept:
            kept.texts = texts
            return
        self.env["loyalty.terms"].create(
            {
                "program_id": self.id,
                "version": self.terms_version or "1",
                "texts": texts,
                "published_at": fields.Datetime.now(),
            }
        )

    def _get_current_terms(self):
        """Return the kept version that is in force, or an empty record."""
        version = self.terms_version or "1"
        return self.terms_ids.filtered(lambda terms: terms.version == version)

    def _get_texts(self):
        """Return {language: text} of the terms of now."""
        return self._fields["terms"]._get_stored_translations(self) or {}

    def _get_next_version(self):
        """Return the number after all versions that are numbers."""
        numbers = [int(t.version) for t in self.terms_ids if t.version.isdecimal()]
        return str(max(numbers, default=0) + 1)


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    terms_due = fields.Boolean(
        string="New terms to accept",
        compute="_compute_terms_due",
    )
    acceptance_ids = fields.One2many(
        comodel_name="loyalty.terms.acceptance",
        inverse_name="card_id",
        string="Accepted terms",
        readonly=True,
    )

    @api.depends("terms_version", "member_state")
    def _compute_terms_due(self):
        # sudo: whether something is to be accepted is the member's own fact.
        for card in self.sudo():
            program = card.program_id
            card.terms_due = (
                program.terms_ask_members
                and card.member_state in CURRENT_STATES
                and (card.terms_version or "") != (program.terms_version or "")
            )

    def _join(self, channel, joined_on=None):
        was_member = self.member_state in CURRENT_STATES
        result = super()._join(channel, joined_on)
        # An import takes over a consent that was given elsewhere, to other words.
        if not was_member and channel != "import":
            self._note_acceptance(channel)
        return result

    def action_accept_terms(self):
        """Record that the member accepted the terms of now, told to who asks."""
        self._check_loyalty_user()
        self._accept_terms("backoffice")

    def _accept_terms(self, channel):
        """Record that members accept the terms of now; callers checked who says so.

        :raise UserError: somebody is no member
        """
        for card in self:
            if card.member_state not in CURRENT_STATES:
                raise UserError(self.env._("Only members accept the terms anew."))
            # sudo: membership facts are written by the suite only.
            card.sudo().write(
                {
                    "terms_accepted_on": fields.Datetime.now(),
                    "terms_version": card.sudo().program_id.terms_version,
                }
            )
            card._note_acceptance(channel)

    def _note_acceptance(self, channel):
        # sudo: acceptances are written by the suite only.
        card = self.sudo()
        program = card.program_id
        if not program._get_current_terms():
            program._keep_terms()
        # sudo: what was agreed to is written by the suite only.
        self.env["loyalty.terms.acceptance"].sudo().create(
            {
                "terms_id": program._get_current_terms().id,
                "card_id": card.id,
                "accepted_at": card.terms_accepted_on or fields.Datetime.now(),
                "channel": channel,
                "user_id": self.env.uid,
            }
        )
