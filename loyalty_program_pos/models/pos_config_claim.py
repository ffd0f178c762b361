from odoo import api, models
from odoo.exceptions import UserError

from ..till_call import till_call
from odoo.addons.loyalty_program.engine import shapes

#: What a member wishes for; the reward itself says what is wrong with it.
WISH = shapes.optional(shapes.facts())


class LoyaltyReward(models.Model):
    """Rewards of the catalogue at the till: claimed by a button, never a line."""

    _inherit = "loyalty.reward"

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + ["is_claimed_ahead"]

    def _get_claim_limit(self, lines):
        """Override: a line of such a reward gives nothing, whatever a till says."""
        limit = super()._get_claim_limit(lines)
        return 0 * limit if self.is_claimed_ahead and limit else limit


class PosConfig(models.Model):
    """A member claims a reward of the catalogue at this till."""

    _inherit = "pos.config"

    @till_call(card_id=shapes.is_id)
    def loyalty_get_catalogue(self, card_id):
        """Return what a member may turn points into at this till, and why not.

        :param int card_id: the member's card of a strict programme of this till
        :return: {"offers": list of dicts, the programme's order; "loyalty.card": the
            card as the till loads it}. An offer has ``id``, ``name``, ``kind``
            (``coupon`` for one that is issued), ``words`` (its rule as a sentence,
            empty where name and price say it), ``points`` (the fewest it takes),
            ``refusal`` (a sentence or False), ``choice`` and ``dates``, see below
        :raise UserError: no member, or no programme of this till
        :raise AccessError: no till user, or no open register
        """
        card = self._get_served_card(card_id)
        claimed = card._get_claim_rewards()
        rewards = card.program_id.reward_ids & (claimed | card._get_coupon_rewards())
        offers = [
            self._prepare_claim_offer(card, reward)
            if reward in claimed
            else self._prepare_coupon_offer(card, reward)
            for reward in rewards
        ]
        return {"offers": offers, "loyalty.card": self._load_served_card(card)}

    def _prepare_offer(self, card, reward):
        is_plain = self._is_plain_offer(card, reward)
        return {
            "id": reward.id,
            "name": reward.description,
            "words": "" if is_plain else reward._describe(card),
        }

    def _is_plain_offer(self, card, reward):
        """Tell whether name and price say all that the reward's sentence would."""
        return (
            not (reward.has_choice or reward.gives_money)
            and reward._describe_gift() == reward.description
            and float(reward._get_price(card)) == reward.required_points
        )

    def _prepare_coupon_offer(self, card, reward):
        return self._prepare_offer(card, reward) | {
            "kind": "coupon",
            "points": float(reward._get_price(card)),
            "refusal": card._get_issue_refusal(reward) or False,
            "choice": False,
            "dates": [],
        }

    def _prepare_claim_offer(self, card, reward):
        choice = self._prepare_offer_choice(card, reward)
        return self._prepare_offer(card, reward) | {
            "kind": reward.reward_type,
            "points": choice["lowest"] if choice else float(reward._get_price(card)),
            "refusal": card._get_claim_refusal(reward) or False,
            "choice": choice,
            "dates": [
                {
                    "id": date.id,
                    "name": date.display_name,
                    "left": date.left,
                    "refusal": date._explain_no_place() or False,
                }
                for date in reward._get_open_dates()
            ],
        }

    def _prepare_offer_choice(self, card, reward):
        """Return how many points the member may choose, False without a choice.

        :return: ``lowest``, ``highest`` (below ``lowest`` where nothing can be chosen),
            ``step`` and ``value``, the money of one point
        """
        if not reward.has_choice:
            return False
        choices = reward._get_claim_range(card)
        return {
            "lowest": float(choices.lowest),
            "highest": float(choices.highest),
            "step": float(choices.step),
            "value": reward.discount,
        }

    @till_call(
        card_id=shapes.is_id,
        reward_id=shapes.is_id,
        token=shapes.is_token,
        wish=WISH,
    )
    def loyalty_claim_reward(self, card_id, reward_id, token, wish=None):
        """Claim a reward with a member's points.

        :param int card_id: the member's card of a strict programme of this till
        :param int reward_id: a reward of the catalogue
        :param str token: names the click: the same click makes the same claim
        :param dict wish: ``points`` where the member chooses how many, ``date`` (an
            id) where the reward has dates
        :return: what the cashier tells the customer, and the card as the till loads it
        :raise UserError: says why not; nothing is taken then
        :raise AccessError: no till user, or no open register
        """
        card = self._get_served_card(card_id)
        reward = card.program_id.reward_ids.filtered(lambda own: own.id == reward_id)
        own = {name: wish[name] for name in ("points", "date") if name in (wish or {})}
        claim = card._claim_reward(reward, "pos", token=token, **own)
        # sudo: till users may not read claims; this one they have just made.
        return {
            "claim": claim.sudo()._get_till_values(),
            "loyalty.card": self._load_served_card(card),
        }

    def _get_served_card(self, card_id):
        """Return a member's card in sudo, once the user's right to serve is certain."""
        # sudo: till users may not write cards. Register and programme are checked by
        # the next call, the card by its programme, all else by what is done with it.
        card = self.env["loyalty.card"].sudo().browse(card_id).exists()
        self._get_joinable_program(card.program_id.id)
        if card.member_state != "joined":
            raise UserError(self.env._("This customer is no member of the programme."))
        card.partner_id.sudo(False).check_access("read")
        return card

    def _load_served_card(self, card):
        cards = self.env["loyalty.card"]
        return cards._load_pos_data_read(card.sudo(False), self)


class LoyaltyRewardClaim(models.Model):
    _inherit = "loyalty.reward.claim"

    def _get_till_values(self):
        """Return what the cashier tells and shows the member."""
        self.ensure_one()
        paid, taken = self.payout_card_id, self.partner_code_ids[:1]
        code = taken.code or (self.kind == "gift_card" and paid.code) or ""
        until = taken.until or (self.kind == "gift_card" and paid.expiration_date)
        worth = self.currency_id.format(self.amount) if self.amount else ""
        return {
            "reward": self.reward_id.description,
            # A code stands there in large: what it is worth is all that is missing.
            "given": worth if code else self._describe_given(),
            "note": self._get_till_note(),
            "code": code,
            "svg": paid._draw_code(code) if code else "",
            "until": until or False,
            "state": self.state,
            # The till reads anew what it knows of the wallet.
            "wallet_id": self.kind == "wallet" and paid.id,
        }

    def _get_till_note(self):
        """Return what happens next, or how to use it, as a sentence, or nothing."""
        self.ensure_one()
        words = {
            ("experience", "requested"): self.env._(
                "The place is kept. The member hears from us soon."
            ),
            ("physical", "requested"): self.env._("Please hand it over.")
            if self.may_hand_over
            else self.env._("It will be delivered."),
        }
        return words.get((self.kind, self.state)) or self._get_instructions()


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _report_claim(self, lines, card, cost, excess):
        result = super()._report_claim(lines, card, cost, excess)
        reward = lines.reward_id
        if reward.is_claimed_ahead:
            self.message_post(
                body=self.env._(
                    "A line of the order says that it is a reward, and was kept, for "
                    "the order was paid: %(reason)s Please check.",
                    reason=reward._explain_claimed_ahead(),
                )
            )
        return result
