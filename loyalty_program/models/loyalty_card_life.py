from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .loyalty_card import CURRENT_STATES

#: What tells whose card it is and whether it is good: not for who only sells.
CARD_FACTS = {"active", "code", "expiration_date", "partner_id", "program_id"}


class LoyaltyCard(models.Model):
    """What a member may do now: the one place that everybody asks."""

    _inherit = "loyalty.card"

    sunset_noticed_on = fields.Date(
        string="Told of the end on",
        readonly=True,
        copy=False,
    )
    may_earn = fields.Boolean(compute="_compute_may")
    may_spend = fields.Boolean(compute="_compute_may")

    @api.depends("member_state")
    def _compute_may(self):
        # sudo: what a membership may do is no secret, and its programme decides.
        for card in self.sudo():
            card.may_earn = card._may_earn()
            card.may_spend = card._may_spend()

    def _may_earn(self, day=None):
        """Tell whether the card may collect points.

        :param date day: the programme's day of the purchase; None means today
        """
        self.ensure_one()
        program = self.program_id
        if program.ledger_policy != "strict":
            return True
        if self.member_state not in CURRENT_STATES or program._is_over("earn", day):
            return False
        return self.member_state == "joined" or program.frozen_earns

    def _may_spend(self, day=None):
        """Tell whether the card's points may be spent, see :meth:`_may_earn`."""
        self.ensure_one()
        program = self.program_id
        if program.ledger_policy != "strict":
            return True
        return self.member_state == "joined" and not program._is_over("spend", day)

    def _explain_no_earning(self):
        """Return why the card collects nothing now, as a sentence."""
        self.ensure_one()
        return self._explain_closed("earn") or self.env._(
            "The membership is frozen and collects no points."
        )

    def _explain_no_spending(self):
        """Return why the card's points cannot be spent now, as a sentence."""
        self.ensure_one()
        return self._explain_closed("spend") or self.env._(
            "The membership is frozen: its points cannot be spent now."
        )

    def _explain_closed(self, what):
        program = self.program_id
        if self.member_state not in CURRENT_STATES:
            return self.env._(
                "The customer is no member of “%(name)s”.", name=program.name
            )
        if program._is_over(what):
            return self.env._("“%(name)s” has ended.", name=program.name)
        return None

    def _join(self, channel, joined_on=None):
        if self.member_state == "erased":
            raise UserError(
                self.env._("An erased membership is not revived. Join with a new card.")
            )
        return super()._join(channel, joined_on)

    # === Doors ===

    def action_loyalty_update_balance(self):
        """Open the adjustment that asks for a reason, for members."""
        self.ensure_one()
        if self.program_id.ledger_policy != "strict":
            return super().action_loyalty_update_balance()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_adjust_action"
        )
        action["context"] = {"default_card_id": self.id}
        return action

    def action_archive(self):
        self.check_access("write")
        self._check_card_facts({"active"})
        self._check_may_archive()
        # sudo: Odoo tidies quotations up first, which loyalty users need not see.
        return super(LoyaltyCard, self.sudo()).action_archive()

    def write(self, vals):
        self._check_card_facts(CARD_FACTS & vals.keys())
        if not vals.get("active", True):
            self._check_may_archive()
        return super().write(vals)

    def _check_may_archive(self):
        """Refuse to hide a membership: its customer would join a second time."""
        if self.env.su:
            return
        if members := self.filtered(lambda card: card.member_state in CURRENT_STATES):
            raise UserError(
                self.env._(
                    "%(member)s is a member. End or freeze the membership instead of "
                    "archiving its card.",
                    member=members[0].display_name,
                )
            )

    def _check_card_facts(self, names):
        """Keep members' cards out of the hands of who only sells.

        Stock lets salespeople and cashiers write cards, for the sake of its own code.
        """
        if self.env.su or not names:
            return
        self._check_not_nobodys()
        if self.env.user.has_group("loyalty_program.group_loyalty_user"):
            return
        # sudo: the programme decides, whether or not the user may see it.
        if any(card.program_id.ledger_policy == "strict" for card in self.sudo()):
            raise AccessError(
                self.env._("Members' cards are changed by loyalty users only.")
            )

    def _check_not_nobodys(self):
        """Keep cards without a customer as they are: their points are not to be had.

        :raise AccessError: the balance of a pool, or an erased membership
        """
        # sudo: what a card is decides, whether or not the user may see it.
        cards = self.sudo()
        pools = cards.env["loyalty.pool"].with_context(active_test=False)
        if any(card.member_state == "erased" for card in cards) or pools.search_count(
            [("account_id", "in", cards.ids)], limit=1
        ):
            raise AccessError(
                self.env._(
                    "The balance of a pool and an erased membership are nobody's card: "
                    "they stay as they are."
                )
            )
