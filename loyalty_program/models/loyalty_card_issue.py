from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ..engine.values import Posting


class LoyaltyCard(models.Model):
    """A member turns points into a coupon ahead of time."""

    _inherit = "loyalty.card"

    issued_coupon_ids = fields.One2many(
        comodel_name="loyalty.card",
        inverse_name="source_card_id",
        string="Coupons",
        readonly=True,
    )
    issued_coupon_count = fields.Integer(compute="_compute_issued_coupon_count")
    has_coupon_rewards = fields.Boolean(compute="_compute_has_coupon_rewards")

    @api.depends("issued_coupon_ids")
    def _compute_issued_coupon_count(self):
        counts = dict(
            self._read_group(
                [("source_card_id", "in", self.ids)], ["source_card_id"], ["__count"]
            )
        )
        for card in self:
            card.issued_coupon_count = counts.get(card._origin, 0)

    @api.depends("program_id")
    def _compute_has_coupon_rewards(self):
        for card in self:
            card.has_coupon_rewards = bool(card._get_coupon_rewards())

    def action_view_coupons(self):
        """Open the coupons that the member's points were turned into."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_coupon_action"
        )
        action["domain"] = [("source_card_id", "=", self.id)]
        return action

    def _get_coupon_rewards(self):
        """Return what the member may turn points into, affordable or not."""
        self.ensure_one()
        # sudo: the catalogue is for members, whoever serves them.
        rewards = self.sudo().program_id.reward_ids.filtered("issues_coupon")
        return rewards._filter_for(self.partner_id)

    def _issue_coupon(self, reward, channel, token=None):
        """Take the points of ``reward`` and return the coupon that they buy.

        :param str channel: where the member asked, one of the ledger's channels
        :param str token: names the click; the same click gives the same coupon
        :raise UserError: says why not; nothing is taken then
        """
        self.ensure_one()
        # sudo: callers found the card by the customer, or checked the rights of the
        # one who serves them; points and coupons are the suite's own to write.
        card = self.sudo()
        ledger = card.env["loyalty.ledger"]
        # The lock comes first: of two clicks, the second one sees what the first did.
        ledger._lock_to_spend([card.id])
        if token:
            known = card._find_issued(token)
            if known:
                return known
        if refusal := card._get_issue_refusal(reward):
            raise UserError(refusal)
        coupon = card._make_coupon(reward, token)
        ledger._post(
            [card._prepare_issue_posting(coupon, reward, channel)], allow_debt=False
        )
        card._message_log(
            body=self.env._(
                "Turned %(points)s points into a coupon: %(reward)s.",
                points=card._format_issue_points(reward._get_price(self)),
                reward=reward.description,
            )
        )
        return coupon

    def _find_issued(self, token):
        return self.with_context(active_test=False).search(
            [("source_card_id", "=", self.id), ("source_token", "=", token)]
        )

    def _get_issue_refusal(self, reward):
        """Return why the member gets no coupon of this reward now, or None.

        Override to: refuse for another reason.
        """
        if reward not in self._get_coupon_rewards():
            return self.env._("This reward is not on offer any more.")
        return self._get_spend_refusal(reward, reward._get_price(self))

    def _get_spend_refusal(self, reward, price):
        """Return why the member cannot spend points on the reward now, or None.

        :param Decimal price: the points
        """
        if not self._may_spend():
            return self._explain_no_spending()
        if refusal := reward._get_limit_refusal(self):
            return refusal
        missing = price - self._get_points_to_spend()
        if missing > 0:
            return self.env._(
                "“%(reward)s” takes %(points)s points, %(missing)s are missing.",
                reward=reward.description,
                points=self._format_issue_points(price),
                missing=self._format_issue_points(missing),
            )
        return None

    def _format_issue_points(self, points):
        return formatLang(self.env, float(points), digits=self.program_id.points_scale)

    def _make_coupon(self, reward, token):
        program = reward._get_coupon_program()
        day = self.program_id._get_local_date()
        coupon = self.create(
            {
                "program_id": program.id,
                "partner_id": reward.coupon_owner_only and self.partner_id.id,
                "points": 1,
                "expiration_date": reward._get_coupon_end(day),
                "source_card_id": self.id,
                "source_reward_id": reward.id,
                "source_token": token,
            }
        )
        coupon._message_log(
            body=self.env._(
                "Issued to %(member)s for %(points)s points.",
                member=self.display_name,
                points=self._format_issue_points(reward._get_price(self)),
            )
        )
        return coupon

    def _prepare_issue_posting(self, coupon, reward, channel):
        return Posting(
            card_id=self.id,
            entry_type="redeem",
            points=-reward._get_price(self),
            key=f"loyalty.card:{coupon.id}:redeem",
            channel=channel,
            origin=(coupon._name, coupon.id),
            breakdown={
                "cause": "coupon",
                "reward": reward.description,
                "reward_id": reward.id,
                "times": 1,
            },
        )
