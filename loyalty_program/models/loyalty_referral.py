from odoo import api, fields, models

from ..engine.referral import REASONS
from .loyalty_ledger_entry import CHANNELS

STATES = [
    ("invited", "Invited"),
    ("signed_up", "Joined"),
    ("bought", "Bought, waits"),
    ("rewarded", "Rewarded"),
    ("blocked", "Blocked"),
    ("rejected", "Rejected"),
    ("reversed", "Returned"),
]


class LoyaltyReferral(models.Model):
    """A member brought a friend: one row for a friend in a programme, for good.

    ``loyalty_referral_claim.py`` says how it comes into being, ``_follow.py`` how it
    follows the friend's first order, ``_reason.py`` why it is looked at by hand. The
    row is written by these and by nobody else.
    """

    _name = "loyalty.referral"
    _description = "Referral"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _mail_post_access = "read"

    program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Programme",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="program_id.company_id")
    currency_id = fields.Many2one(related="program_id.currency_id")
    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Membership",
        help="Of the member who brought the friend.",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    referrer_id = fields.Many2one(related="card_id.partner_id", string="Member")
    friend_id = fields.Many2one(
        comodel_name="res.partner",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    # Side by side, whoever decides sees how much alike they are.
    referrer_email = fields.Char(related="referrer_id.email", string="Member's e-mail")
    referrer_phone = fields.Char(related="referrer_id.phone", string="Member's phone")
    referrer_address = fields.Char(
        related="referrer_id.contact_address_inline", string="Member's address"
    )
    friend_email = fields.Char(related="friend_id.email", string="Friend's e-mail")
    friend_phone = fields.Char(related="friend_id.phone", string="Friend's phone")
    friend_address = fields.Char(
        related="friend_id.contact_address_inline", string="Friend's address"
    )
    friend_card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Friend's membership",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    state = fields.Selection(
        selection=STATES,
        default="invited",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    channel = fields.Selection(
        selection=CHANNELS, string="Told in", required=True, readonly=True
    )
    claimed_on = fields.Date(string="Told on", required=True, readonly=True)
    mailbox = fields.Char(
        help="The friend's e-mail address in the form in which it is compared.",
        readonly=True,
        index="btree_not_null",
    )
    network = fields.Char(
        help="A keyed hash of the internet address that the friend came from.",
        readonly=True,
        index="btree_not_null",
    )

    # === The queue ===
    reasons = fields.Char(readonly=True)
    reason_text = fields.Char(string="Why", compute="_compute_reason_text")
    is_cleared = fields.Boolean(
        string="Unblocked by hand", readonly=True, tracking=True
    )
    decided_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided by",
        readonly=True,
        tracking=True,
        ondelete="restrict",
    )
    decided_on = fields.Datetime(string="Decided on", readonly=True)
    decision = fields.Char(string="Reason of the decision", readonly=True)

    # === The friend's first order, and what came of it ===
    origin_model = fields.Char(readonly=True)
    origin_id = fields.Many2oneReference(
        string="First order", model_field="origin_model", readonly=True
    )
    order_amount = fields.Monetary(
        string="Amount kept",
        help="Without what came back.",
        readonly=True,
    )
    ordered_on = fields.Date(string="First order on", readonly=True)
    due_on = fields.Date(
        string="Due on",
        help="The first order is paid; from this day on nothing can come back.",
        readonly=True,
    )
    rewarded_on = fields.Date(string="Rewarded on", readonly=True)
    round = fields.Integer(
        help="How often the rewards were taken back: part of their keys.",
        readonly=True,
    )
    gift_id = fields.Many2one(
        comodel_name="loyalty.gift",
        string="Member's reward",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    coupon_id = fields.Many2one(related="gift_id.coupon_id", string="Member's coupon")
    points = fields.Float(
        string="Member's points", related="gift_id.points", store=True, digits=0
    )
    friend_gift_id = fields.Many2one(
        comodel_name="loyalty.gift",
        string="Friend's reward",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    friend_coupon_id = fields.Many2one(
        related="friend_gift_id.coupon_id", string="Friend's coupon"
    )
    friend_points = fields.Float(
        string="Friend's points", related="friend_gift_id.points", store=True, digits=0
    )

    _friend_unique = models.UniqueIndex(
        "(program_id, friend_id) WHERE friend_id IS NOT NULL",
        "This friend was brought by somebody already.",
    )
    _origin_idx = models.Index("(origin_model, origin_id) WHERE origin_id IS NOT NULL")
    _due_idx = models.Index("(program_id, due_on) WHERE state = 'bought'")

    @api.depends("referrer_id", "friend_id")
    def _compute_display_name(self):
        for referral in self:
            referral.display_name = self.env._(
                "%(member)s brought %(friend)s",
                member=referral.referrer_id.display_name or "?",
                friend=referral.friend_id.display_name or "?",
            )

    @api.depends("reasons")
    def _compute_reason_text(self):
        for referral in self:
            referral.reason_text = " ".join(
                self._describe_reason(reason) for reason in referral._get_reasons()
            )

    def _get_reasons(self):
        """Return the reasons as a list of ``engine.referral``'s names."""
        self.ensure_one()
        return (self.reasons or "").split(",") if self.reasons else []

    @api.model
    def _describe_reason(self, reason):
        """Return a reason as a sentence for whoever decides."""
        texts = {
            "self": self.env._("The friend is the member, or of the same company."),
            "email": self.env._("Both have the same mailbox."),
            "phone": self.env._("Both have the same phone number."),
            "address": self.env._("Both live at the same address."),
            "again": self.env._("Somebody with this mailbox was brought before."),
            "customer": self.env._(
                "The friend was a customer before, or somebody with the same mailbox "
                "or phone number."
            ),
            "network": self.env._("Many friends came from one internet address."),
            "member": self.env._("The member's card collects nothing now."),
            "cap": self.env._("The member has reached the limit of the month."),
        }
        assert set(texts) == set(REASONS), "each reason has its sentence"
        return texts[reason]

    def action_view_origin(self):
        """Open the friend's first order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.origin_model,
            "res_id": self.origin_id,
            "view_mode": "form",
        }
