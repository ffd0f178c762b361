from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

POOL_SPENDING = [
    ("everybody", "Every member"),
    ("owner", "The owner only"),
]

POOL_LEAVING = [
    ("stay", "Points stay in the pool"),
    ("share", "The member takes own unspent points along"),
]

#: What a manager may change; all else follows from who joins and leaves.
SETTINGS = {"leaving", "name", "owner_id", "spending"}


class LoyaltyPool(models.Model):
    """Several members, one balance: a household, or the contacts of one company.

    The balance, its lots and its lock belong to the account, a card without a
    customer. Members keep their own card with its number and tier, and every entry
    names whose doing it was.
    """

    _name = "loyalty.pool"
    _description = "Loyalty Pool"
    _order = "name, id"
    _log_access = False

    name = fields.Char(required=True)
    active = fields.Boolean(default=True, readonly=True)
    program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Programme",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="program_id.company_id")
    kind = fields.Selection(
        selection=[("household", "Household"), ("company", "Company")],
        required=True,
        readonly=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contacts of",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    account_id = fields.Many2one(
        comodel_name="loyalty.card",
        help="The card that holds the common balance.",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    owner_id = fields.Many2one(
        comodel_name="loyalty.card",
        domain="[('account_id', '=', account_id)]",
        ondelete="restrict",
    )
    spending = fields.Selection(
        selection=POOL_SPENDING,
        string="Who may spend",
        default="everybody",
        required=True,
    )
    leaving = fields.Selection(
        selection=POOL_LEAVING,
        string="When a member leaves",
        default="stay",
        required=True,
    )
    member_ids = fields.One2many(
        comodel_name="loyalty.pool.member",
        inverse_name="pool_id",
        string="Members",
        readonly=True,
    )
    member_count = fields.Integer(string="Sharing", compute="_compute_member_count")
    points = fields.Float(related="account_id.points", string="Balance")
    points_pending = fields.Float(related="account_id.points_pending", string="Pending")

    _account_unique = models.UniqueIndex("(account_id)")
    _company_unique = models.UniqueIndex(
        "(program_id, partner_id) WHERE active AND partner_id IS NOT NULL"
    )

    @api.depends("member_ids.state")
    def _compute_member_count(self):
        for pool in self:
            pool.member_count = len(pool._get_joined())

    @api.constrains("owner_id")
    def _check_owner_is_a_member(self):
        for pool in self:
            if pool.owner_id.account_id != pool.account_id and pool.owner_id:
                raise UserError(
                    self.env._("The owner of a pool is one of its members.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        # Pools come with their account, see _make; the ORM's door stays closed.
        self._refuse(self.env._("A pool is made by its first member."))
        return super().create(vals_list)

    def _refuse(self, reason):
        """Refuse what nobody may do, the superuser included."""
        raise UserError(reason)

    def write(self, vals):
        if not self.env.su and set(vals) - SETTINGS:
            raise AccessError(
                self.env._("Of a pool you may change the name, owner and settings.")
            )
        return super().write(vals)

    # === Making ===

    @api.model
    def _make(self, program, name, company=None):
        """Return a new pool, or the one that the company has already.

        :param program: a strict programme
        :param company: the commercial contact whose contacts share, or None
        """
        program = program.with_env(self.env)
        account = (
            self.env["loyalty.card"]
            .with_context(loyalty_no_mail=True, tracking_disable=True)
            .create({"program_id": program.id, "points": 0})
        )
        self.env.flush_all()
        rows = self.env.execute_query(self._query_make(program, account, name, company))
        return self.browse(rows[0][0])

    def _query_make(self, program, account, name, company):
        # SQL: of two that make the pool of a company at once, one is tried again by
        # Odoo and finds the other's. The cards were flushed.
        return SQL(
            """
            INSERT INTO loyalty_pool (program_id, account_id, name, kind, partner_id,
                spending, leaving, active)
            VALUES (%s, %s, %s, %s, %s, %s, %s, true)
            ON CONFLICT (program_id, partner_id)
                WHERE active AND partner_id IS NOT NULL DO NOTHING
            RETURNING id
            """,
            program.id,
            account.id,
            name,
            "company" if company else "household",
            company.id if company else None,
            program.pool_spending,
            program.pool_leaving,
        )

    def _find_company_pool(self, program, company):
        """Return the pool of the contacts of ``company``, a new one if need be."""
        pool = self.search(
            [("program_id", "=", program.id), ("partner_id", "=", company.id)]
        )
        return pool or self._make(program, company.display_name, company)

    # === Members ===

    def _get_joined(self):
        return self.member_ids.filtered(lambda member: member.state == "joined")

    def _invite(self, card):
        """Invite a member; nothing changes before they agree.

        :return: the invitation
        :raise UserError: the card cannot join this pool
        """
        self.ensure_one()
        card = card.with_env(self.env)
        self._check_may_join(card)
        known = self.member_ids.filtered(
            lambda member: member.card_id == card and member.state == "invited"
        )
        members = self.env["loyalty.pool.member"]
        # The unique index shall see that an earlier time in the pool is over.
        members.flush_model(["state"])
        return known or members.create(
            {
                "pool_id": self.id,
                "card_id": card.id,
                "invited_on": card.program_id._get_local_date(),
            }
        )

    def _add(self, card, channel):
        """Let a member join who has agreed to share the points.

        :param str channel: where they agreed, one of the ledger's channels
        :raise UserError: the card cannot join this pool
        """
        member = self._invite(card)
        member._join(channel)
        return member

    def _check_may_join(self, card):
        """Refuse cards that cannot share this balance, and say why."""
        values = {"member": card.display_name, "pool": self.name}
        if not self.active:
            raise UserError(self.env._("The pool “%(pool)s” has ended.", **values))
        if card.program_id != self.program_id:
            raise UserError(
                self.env._("“%(pool)s” belongs to another programme.", **values)
            )
        if card.member_state != "joined":
            raise UserError(
                self.env._("Only members can share points: %(member)s.", **values)
            )
        if card.account_id:
            raise UserError(
                self.env._("%(member)s shares points in a pool already.", **values)
            )
        if self.kind == "household" and card.points < 0:
            raise UserError(
                self.env._(
                    "%(member)s owes points and can join once they are repaid.",
                    **values,
                )
            )

    def _choose_owner(self):
        """Let the oldest member own a pool without owner; end an empty pool."""
        for pool in self:
            joined = pool._get_joined().sorted("id")
            if pool.owner_id not in joined.card_id:
                pool.owner_id = joined[:1].card_id
            pool.active = bool(joined)

    def _forget_name(self, partner):
        """Name the pools after their owner that were named after a contact."""
        words = [word for word in (partner.name or "").casefold().split() if word[2:]]
        for pool in self.filtered(lambda pool: pool.kind != "company"):
            if any(word in pool.name.casefold() for word in words):
                owner = pool.owner_id.partner_id
                pool.name = owner.display_name or self.env._("Erased")

    def action_invite(self):
        """Ask whom to invite or add."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_pool_join_action"
        )
        action["context"] = {
            "default_pool_id": self.id,
            "default_program_id": self.program_id.id,
        }
        return action

    def action_view_entries(self):
        """Open the ledger of the common balance."""
        return self.account_id.action_view_entries()
