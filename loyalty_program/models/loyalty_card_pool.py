from odoo import api, fields, models
from odoo.fields import Domain


class LoyaltyCard(models.Model):
    """A member's card in a pool: one balance, several members."""

    _inherit = "loyalty.card"

    pool_member_ids = fields.One2many(
        comodel_name="loyalty.pool.member",
        inverse_name="card_id",
        string="Times in pools",
        readonly=True,
    )
    pool_id = fields.Many2one(
        comodel_name="loyalty.pool",
        compute="_compute_pool_id",
    )
    own_entry_ids = fields.Many2many(
        comodel_name="loyalty.ledger.entry",
        string="Own entries",
        compute="_compute_own_entry_ids",
    )

    def _compute_display_name(self):
        """Call the common balance of a pool by its name: it is nobody's card."""
        result = super()._compute_display_name()
        accounts = self.filtered(
            lambda card: not card.partner_id and card.program_id.is_managed
        )
        if accounts:
            # sudo: whoever may see the balance may know whose it is.
            pools = self.env["loyalty.pool"].sudo().with_context(active_test=False)
            found = pools.search_fetch(
                [("account_id", "in", accounts.ids)], ["account_id", "name"]
            )
            names = {pool.account_id.id: pool.name for pool in found}
            for card in accounts.filtered(lambda card: card.id in names):
                card.display_name = names[card.id]
        return result

    @api.depends("account_id")
    def _compute_pool_id(self):
        for card in self:
            card.pool_id = card._get_pool()

    @api.depends("entry_ids", "account_id")
    def _compute_own_entry_ids(self):
        for card in self:
            domain = card._get_own_entries_domain()
            card.own_entry_ids = self.env["loyalty.ledger.entry"].search(
                domain, limit=100
            )

    def _get_pool(self):
        """Return the pool that the member shares in, or an empty record."""
        self.ensure_one()
        pools = self.env["loyalty.pool"]
        if not self.account_id:
            return pools
        # sudo: that a member shares in a pool is a fact of the card, whoever looks.
        pool = pools.sudo().search([("account_id", "=", self.account_id.id)], limit=1)
        return pool.with_env(self.env)

    def _get_own_entries_domain(self):
        """Return the entries of this member's own doing, whoever shares the balance."""
        self.ensure_one()
        # sudo: the accounts are needed to find the entries quickly, not shown.
        accounts = self.sudo().pool_member_ids.pool_id.account_id
        return Domain("card_id", "in", [self.id, *accounts.ids]) & Domain(
            "member_card_id", "=", self.id
        )

    def _may_spend(self, day=None):
        if not super()._may_spend(day):
            return False
        # sudo: the pool's setting decides, whoever asks.
        pool = self.sudo()._get_pool()
        return pool.spending != "owner" or pool.owner_id.id == self.id

    def _explain_no_spending(self):
        # sudo: see above.
        pool = self.sudo()._get_pool()
        is_guest = pool.spending == "owner" and pool.owner_id.id != self.id
        if is_guest and self.member_state == "joined":
            return self.env._(
                "Only %(owner)s may spend the points of “%(pool)s”.",
                owner=pool.owner_id.partner_id.display_name,
                pool=pool.name,
            )
        return super()._explain_no_spending()

    def _join(self, channel, joined_on=None):
        result = super()._join(channel, joined_on)
        # sudo: pools are the suite's own; whoever enrols was checked before.
        self.sudo()._share_with_company(channel)
        return result

    def _leave(self):
        # sudo: see above. Who leaves the programme leaves the pool before.
        pool_members = self.sudo().pool_member_ids
        pool_members._decline()
        pool_members._leave()
        return super()._leave()

    # === Companies ===

    def _share_with_company(self, channel):
        """Bring members into the pool of their company, where the programme says so.

        Whoever left a company leaves its pool, whatever the programme says by now.
        """
        for card in self.filtered(lambda c: c.account_id or c.program_id.pool_contacts):
            company = card.partner_id.commercial_partner_id
            pool = card._get_pool()
            if pool.kind == "company" and pool.partner_id != company:
                pool._get_joined().filtered(lambda m, c=card: m.card_id == c)._leave()
            if (
                card.program_id.pool_contacts
                and company.is_company
                and not card.account_id
                and card.member_state == "joined"
            ):
                pools = self.env["loyalty.pool"]
                company_pool = pools._find_company_pool(card.program_id, company)
                company_pool._add(card, channel)

    def action_share(self):
        """Ask with whom the member shares the points."""
        self.ensure_one()
        if self.pool_id:
            return {
                "type": "ir.actions.act_window",
                "res_model": "loyalty.pool",
                "res_id": self.pool_id.id,
                "views": [(False, "form")],
            }
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_pool_join_action"
        )
        action["context"] = {
            "default_card_id": self.id,
            "default_program_id": self.program_id.id,
        }
        return action
