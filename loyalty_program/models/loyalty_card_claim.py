from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.choice import to_points
from ..engine.rounding import to_decimal


class LoyaltyCard(models.Model):
    """A member claims a reward of the catalogue with points."""

    _inherit = "loyalty.card"

    claim_ids = fields.One2many(
        comodel_name="loyalty.reward.claim",
        inverse_name="card_id",
        string="Claimed rewards",
        readonly=True,
    )
    claim_count = fields.Integer(compute="_compute_claim_count")
    has_claim_rewards = fields.Boolean(compute="_compute_has_claim_rewards")

    @api.depends("claim_ids")
    def _compute_claim_count(self):
        counts = dict(
            self.env["loyalty.reward.claim"]._read_group(
                [("card_id", "in", self.ids)], ["card_id"], ["__count"]
            )
        )
        for card in self:
            card.claim_count = counts.get(card._origin, 0)

    @api.depends("program_id")
    def _compute_has_claim_rewards(self):
        for card in self:
            card.has_claim_rewards = bool(card._get_claim_rewards())

    def action_view_claims(self):
        """Open what the member claimed."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_reward_claim_action"
        )
        action["domain"] = [("card_id", "=", self.id)]
        action["context"] = {}
        return action

    def _get_claim_rewards(self):
        """Return what the member may claim ahead of any order, affordable or not."""
        self.ensure_one()
        # sudo: the catalogue is for members, whoever serves them.
        rewards = self.sudo().program_id.reward_ids.filtered("is_claimed_ahead")
        return rewards._filter_for(self.partner_id)

    def _claim_reward(self, reward, channel, token=None, **wish):
        """Take the points of a reward and hand over what they buy.

        :param str channel: where the member asked, one of the ledger's channels
        :param str token: names the click; the same click gives the same claim
        :param wish: ``points`` where the member chooses how many, as a browser sent
            them; and what the kind of the reward wants to know
        :return: the claim
        :raise UserError: says why not; nothing is taken then
        """
        self.ensure_one()
        # sudo: callers found the card by the customer, or checked the rights of the
        # one who serves them; points and claims are the suite's own to write.
        card = self.sudo()
        # sudo: see above.
        reward = reward.sudo()
        ledger = card.env["loyalty.ledger"]
        # The lock comes first: of two clicks, the second one sees what the first did.
        ledger._lock_to_spend([card.id])
        if token and (known := card._find_claim(token)):
            return known.with_env(self.env)
        if reward not in card._get_claim_rewards():
            raise UserError(self.env._("This reward is not on offer any more."))
        points = card._get_claim_points(reward, wish.pop("points", None))
        refusal = card._get_spend_refusal(reward, points)
        refusal = refusal or reward._get_kind_refusal(card, points, wish)
        if refusal:
            raise UserError(refusal)
        # What was begun is not left half done, whoever catches the refusal.
        with self.env.cr.savepoint():
            claim = card._make_claim(reward, channel, token, points)
            ledger._post([claim._prepare_posting(points, reward)], allow_debt=False)
            claim._give(wish)
        claim._message_log(
            body=self.env._(
                "Claimed for %(points)s points.",
                points=card._format_issue_points(points),
            )
        )
        return claim.with_env(self.env)

    def _find_claim(self, token):
        return self.env["loyalty.reward.claim"].search(
            [("card_id", "=", self.id), ("token", "=", token)]
        )

    def _get_claim_points(self, reward, wish):
        """Return how many points the claim takes, a Decimal.

        :param wish: how many the member chose, or None for as few as may be
        :raise UserError: says what is wrong with the wish
        """
        if not reward.has_choice:
            return reward._get_price(self)
        choices = reward._get_claim_range(self)
        if wish is None or wish == "":
            return choices.lowest
        if fault := reward._explain_choice(choices, wish):
            raise UserError(fault)
        return to_points(wish)

    def _make_claim(self, reward, channel, token, points):
        return self.env["loyalty.reward.claim"].create(
            {
                "card_id": self.id,
                "reward_id": reward.id,
                "kind": reward.reward_type,
                "points": float(points),
                "amount": reward.gives_money and float(reward._get_money(points)),
                "channel": channel,
                "claimed_on": fields.Datetime.now(),
                "claimed_by_id": self.env.uid,
                "token": token,
            }
        )

    def _get_claim_refusal(self, reward):
        """Return why the member cannot claim the reward now, or None."""
        if not self._may_spend():
            return self._explain_no_spending()
        lowest = reward._get_price(self)
        if reward.has_choice:
            lowest = reward._get_choice_terms().minimum
        return self._get_spend_refusal(reward, lowest) or reward._get_kind_refusal(
            self, to_decimal(lowest), {}
        )
