from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine import referral as engine
from .loyalty_card import CURRENT_STATES


class LoyaltyReferral(models.Model):
    """How a referral comes into being: somebody tells a member's code, once."""

    _inherit = "loyalty.referral"

    @api.model
    def _find_card(self, code):
        """Return the membership that a typed code stands for, or an empty record.

        Called in sudo by whoever lets customers type codes, and keeps count of wrong
        ones.
        """
        cards = self.env["loyalty.card"]
        stored = engine.read_code(code)
        if not stored:
            return cards
        # The link of a member whose contacts were merged goes on working.
        known = cards.with_context(active_test=False)
        card = known.search([("referral_code", "=", stored)])
        card = cards.browse(card.ids)._get_successor() if card else cards
        is_open = card.member_state in CURRENT_STATES
        return card if is_open and card.program_id._takes_referrals() else cards

    @api.model
    def _claim(self, card, friend, channel, *, network=None, document=None):
        """Note that a member brought a friend. The first who did stays.

        The caller has checked who may say so, and calls this in sudo.

        :param card: the member's
        :param friend: a contact
        :param str channel: one of the ledger's channels
        :param str network: hash of the internet address of the friend, where known
        :param document: the order with which the friend came, if any
        :return: the referral, new or known
        :raise UserError: the programme takes none, or the friend is nobody
        """
        # The cart may know a card that was merged meanwhile.
        card = card._get_successor()
        program = card.program_id
        if not program._takes_referrals() or card.member_state not in CURRENT_STATES:
            raise UserError(
                self.env._(
                    "“%(program)s” rewards nobody for bringing friends now.",
                    program=program.name,
                )
            )
        if not friend or friend.is_public or not friend.active:
            raise UserError(self.env._("Say who was brought."))
        self.env.flush_all()
        values = {
            "program_id": program.id,
            "card_id": card.id,
            "friend_id": friend.id,
            "state": "invited",
            "channel": channel,
            "claimed_on": program._get_local_date(),
            "mailbox": engine.email_key(friend.email_normalized or friend.email),
            "network": network,
        }
        rows = self.env.execute_query(self._query_claim(values))
        if not rows:
            return self.search(
                [("program_id", "=", program.id), ("friend_id", "=", friend.id)]
            )
        referral = self.browse(rows[0][0])
        referral._message_log(body=self.env._("The friend told the member's code."))
        if reasons := referral._find_reasons(document, is_new=True):
            referral._block(reasons)
        referral._refresh()
        return referral

    def _query_claim(self, values):
        # SQL: of two that claim a friend at once, the second is tried again by Odoo,
        # and finds what the first one wrote.
        names = [*values, "is_cleared", "round", "create_date", "create_uid"]
        now = fields.Datetime.now()
        row = [*values.values(), False, 0, now, self.env.uid]
        return SQL(
            "INSERT INTO loyalty_referral (%s) VALUES (%s) "
            "ON CONFLICT (program_id, friend_id) WHERE friend_id IS NOT NULL "
            "DO NOTHING RETURNING id",
            SQL(", ").join(SQL.identifier(name) for name in names),
            SQL(", ").join(SQL("%s", value) for value in row),
        )


class LoyaltyCard(models.Model):
    """The code that a member gives to friends, and who joined by one."""

    _inherit = "loyalty.card"

    referral_code = fields.Char(
        help="For friends. It opens nothing: neither points nor the card's own code.",
        readonly=True,
        copy=False,
    )
    referral_text = fields.Char(
        string="Code for friends", compute="_compute_referral_text"
    )
    referral_ids = fields.One2many(
        comodel_name="loyalty.referral", inverse_name="card_id", readonly=True
    )
    referral_count = fields.Integer(
        string="Friends brought",
        help="Those whose first order was kept.",
        readonly=True,
        copy=False,
    )
    takes_referrals = fields.Boolean(compute="_compute_takes_referrals")

    _referral_code_unique = models.UniqueIndex(
        "(referral_code) WHERE referral_code IS NOT NULL"
    )

    @api.depends("referral_code")
    def _compute_referral_text(self):
        for card in self:
            code = card.referral_code
            card.referral_text = engine.show_code(code) if code else False

    @api.depends("program_id", "member_state")
    def _compute_takes_referrals(self):
        for card in self:
            # sudo: what a programme offers is no secret.
            program = card.sudo().program_id
            card.takes_referrals = (
                card.member_state in CURRENT_STATES and program._takes_referrals()
            )

    def _get_referral_code(self):
        """Return the stored code for friends, made when it is asked for first."""
        self.ensure_one()
        # sudo: the code is the suite's own to make; callers found the member.
        card = self.sudo()
        if not card.referral_code:
            # Of two who ask at once, the second is tried again and finds the code.
            card.env["loyalty.ledger"]._lock_cards([card.id])
            code = engine.generate_code()
            while card.search_count([("referral_code", "=", code)], limit=1):
                code = engine.generate_code()
            card.referral_code = code
        return card.referral_code

    def action_view_referrals(self):
        """Open the friends of the member, who has a code from now on."""
        self.ensure_one()
        self.check_access("read")
        if self.takes_referrals:
            self._get_referral_code()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_referral_action"
        )
        action["domain"] = [("card_id", "=", self.id)]
        action["context"] = {"default_code": self.referral_text}
        return action

    def _join(self, channel, joined_on=None):
        result = super()._join(channel, joined_on)
        if self.partner_id and self.program_id._has_referrals():
            # sudo: referrals follow what happened, whoever enrols the customer.
            referrals = self.env["loyalty.referral"].sudo()
            referrals.search(
                [
                    ("program_id", "=", self.program_id.id),
                    ("friend_id", "=", self.partner_id.id),
                ]
            )._refresh()
        return result

    def _erase_traces(self):
        # sudo: the rights were checked; sums and states stay under nobody's name.
        referrals = self.env["loyalty.referral"].sudo()
        as_friend = referrals.search(
            [
                ("program_id", "=", self.program_id.id),
                ("friend_id", "=", self.partner_id.id),
            ]
        )
        as_member = referrals.search([("card_id", "=", self.id)])
        (as_friend | as_member).message_ids.unlink()
        (as_friend | as_member).decision = False
        as_friend.write({"friend_id": False, "mailbox": False, "network": False})
        self.write({"referral_code": False})
        return super()._erase_traces()
