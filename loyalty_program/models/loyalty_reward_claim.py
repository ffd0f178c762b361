from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..engine.values import Posting
from .loyalty_ledger_entry import CHANNELS

CLAIM_STATES = [
    ("requested", "Requested"),
    ("given", "Given"),
    ("void", "Void"),
]


class LoyaltyRewardClaim(models.Model):
    """What a member got, or asked, for points, ahead of any order.

    ``loyalty.card._claim_reward`` makes claims, :meth:`_void` takes them back. What
    the points buy is up to the kind of the reward, by methods named after it:

    * ``_give_<kind>(wish)`` hands it over once the points are taken. The claim is
      *given* then, unless it writes another state: *requested* waits for somebody.
    * ``_explain_no_void_<kind>()`` returns why it cannot be taken back, or None.
    * ``_take_back_<kind>()`` takes it back before the points return.

    The claim is the origin of all that the ledger posts for it, so voiding undoes it
    all. A kind may add states; *void* is the only one without points.
    """

    _name = "loyalty.reward.claim"
    _description = "Claim of a Reward"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Member",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        related="card_id.partner_id",
        string="Customer",
        store=True,
        index="btree_not_null",
    )
    program_id = fields.Many2one(
        related="card_id.program_id",
        string="Programme",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(related="card_id.program_id.company_id", store=True)
    currency_id = fields.Many2one(related="card_id.program_id.currency_id", store=True)
    reward_id = fields.Many2one(
        comodel_name="loyalty.reward",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    reward_name = fields.Char(related="reward_id.description", string="Claimed reward")
    kind = fields.Selection(
        selection=lambda self: self._get_kinds(),
        required=True,
        readonly=True,
    )
    points = fields.Float(digits=0, required=True, readonly=True)
    amount = fields.Monetary(
        string="Money",
        help="What the points were worth, where the reward gives money.",
        readonly=True,
    )
    state = fields.Selection(
        selection=CLAIM_STATES,
        string="Status",
        required=True,
        readonly=True,
        default="given",
        index=True,
        tracking=True,
    )
    channel = fields.Selection(
        selection=CHANNELS,
        string="Claimed by way of",
        required=True,
        readonly=True,
    )
    claimed_on = fields.Datetime(string="Claimed", required=True, readonly=True)
    claimed_by_id = fields.Many2one(
        comodel_name="res.users",
        string="By",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    voided_on = fields.Datetime(string="Void since", readonly=True)
    voided_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Voided by",
        readonly=True,
        ondelete="restrict",
    )
    token = fields.Char(
        help="Names the click that asked for the reward: one click, one claim.",
        readonly=True,
    )
    entry_ids = fields.One2many(
        comodel_name="loyalty.ledger.entry",
        string="Points ledger",
        compute="_compute_entry_ids",
    )

    _token_unique = models.UniqueIndex(
        "(card_id, token) WHERE token IS NOT NULL",
        "This reward was claimed already.",
    )

    @api.model
    def _get_kinds(self):
        field = self.env["loyalty.reward"]._fields["reward_type"]
        return field._description_selection(self.env)

    @api.depends("reward_id", "partner_id")
    def _compute_display_name(self):
        for claim in self:
            # sudo: whoever may read the claim may read what it is for.
            known = claim.sudo()
            claim.display_name = self.env._(
                "%(reward)s for %(member)s",
                reward=known.reward_id.description,
                member=known.card_id.display_name,
            )

    def _compute_entry_ids(self):
        entries = self.env["loyalty.ledger.entry"].search(
            [("origin_model", "=", self._name), ("origin_id", "in", self.ids)]
        )
        for claim in self:
            claim.entry_ids = entries.filtered(
                lambda entry, claim=claim: entry.origin_id == claim.id
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("Claims are never deleted: void them."))

    # === Giving ===

    def _prepare_posting(self, points, reward):
        """Return the posting of the points that the claim takes.

        :param Decimal points: above zero
        """
        return Posting(
            card_id=self.card_id.id,
            entry_type="redeem",
            points=-points,
            key=f"{self._name}:{self.id}:redeem",
            channel=self.channel,
            origin=(self._name, self.id),
            breakdown={
                "cause": "claim",
                "reward": reward.description,
                "reward_id": reward.id,
                "times": 1,
            },
        )

    def _give(self, wish):
        """Hand over what was claimed.

        :param dict wish: what else was asked for, as a browser sent it
        :raise UserError: it is not to be had; nothing is taken then
        """
        self.ensure_one()
        getattr(self, f"_give_{self.kind}")(wish)

    # === Void ===

    def action_void(self):
        """Void claims; their points come back.

        :raise AccessError: the user lacks the right
        :raise UserError: none of them may be voided
        """
        self.check_access("read")
        if not self.env.user.has_group("loyalty_program.group_loyalty_adjust"):
            raise AccessError(
                self.env._("Voiding a reward is a right that you do not have.")
            )
        voided, refusals = self._void()
        if not voided:
            raise UserError("\n".join(refusals))
        voided._tell_void()
        message = self.env._(
            "%(done)s of %(all)s rewards are void.", done=len(voided), all=len(self)
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if refusals else "success",
                "message": "\n".join([message, *refusals]),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _void(self, state="void"):
        """Take back what was given, and give the points back.

        :param str state: what a claim is from now on, one without points
        :return: the claims, and why the others are not among them
        """
        # sudo: callers checked the right; points and facts are the suite's to write.
        claims = self.sudo()
        claims.flush_recordset()
        # SQL: of two who void one of them at a time, the second finds it void.
        self.env.cr.execute(
            SQL(
                """SELECT id FROM loyalty_reward_claim WHERE id = ANY(%s)
                   ORDER BY id FOR UPDATE""",
                claims.ids,
            )
        )
        claims.invalidate_recordset(["state"])
        ledger = claims.env["loyalty.ledger"]
        ledger._lock_cards(claims.card_id.ids)
        voided, refusals = claims.browse(), []
        for claim in claims.sorted("id"):
            if refusal := claim._explain_no_void():
                refusals.append(refusal)
                continue
            claim._take_back()
            ledger._reverse_documents(claim)
            voided |= claim
        voided.write(
            {
                "state": state,
                "voided_on": fields.Datetime.now(),
                "voided_by_id": self.env.uid,
            }
        )
        text = self.env._("The points went back to the member.")
        voided._message_log_batch(dict.fromkeys(voided.ids, text))
        return voided.with_env(self.env), list(dict.fromkeys(refusals))

    def _tell_void(self):
        """Tell the members that staff took these rewards back. Override to: write."""

    def _get_void_states(self):
        """Return the states without points. Override to: add one."""
        return frozenset({"void"})

    def _explain_no_void(self):
        """Return why the claim cannot be voided, or None."""
        self.ensure_one()
        if self.state in self._get_void_states():
            return self.env._("“%(claim)s” is void already.", claim=self.display_name)
        return self._ask_kind("_explain_no_void")

    def _take_back(self):
        self._ask_kind("_take_back")

    def _ask_kind(self, question):
        """Return what the kind of the claim answers, or None without an answer."""
        ask = getattr(self, f"{question}_{self.kind}", None)
        return ask() if ask else None

    # === What the member sees ===

    def _describe_given(self):
        """Return what the member got, as a short text, or an empty one.

        Asks ``_describe_given_<kind>`` where the kind has one.
        """
        self.ensure_one()
        return self._ask_kind("_describe_given") or ""


class LoyaltyLedgerEntry(models.Model):
    _inherit = "loyalty.ledger.entry"

    @api.model
    def _name_origin(self, record):
        # Whose it is stands beside it, or is the reader.
        if record._name == "loyalty.reward.claim":
            return record.reward_id.description
        return super()._name_origin(record)
