from odoo import models

from odoo.addons.loyalty_program.engine.shares import to_text


class LoyaltyReward(models.Model):
    _inherit = "loyalty.reward"

    def _get_portal_icon(self):
        """Return the picture beside the reward, by its type. Override to: add one."""
        icons = {
            "product": "gift",
            "shipping": "truck",
            "wallet": "money",
            "gift_card": "credit-card",
            "donation": "heart",
            "partner_code": "barcode",
            "experience": "calendar",
            "physical": "gift",
        }
        return icons.get(self.reward_type, "tag")

    def _describe_portal_price(self, price, card):
        """Return what the reward takes and how much of it is missing, in words.

        :param float price: the fewest points that it takes of the reader
        :param card: of the member who reads it; empty for who may join
        """
        self.ensure_one()
        program = self.program_id
        text = program._format_portal_points(price)
        if self.has_choice:
            text = self.env._("from %(points)s on", points=text)
        if not card or card.points >= price:
            return text
        return self.env._(
            "%(price)s · %(missing)s to go",
            price=text,
            missing=program._format_portal_points(price - card.points),
        )

    def _tells_portal_terms(self):
        """Tell whether name and price do not say all: then a sentence does."""
        self.ensure_one()
        if not self.is_claimed_ahead:
            return False
        if self.has_choice or self.gives_money:
            return True
        return self._describe_gift() != self.description

    def _asks_portal_wish(self):
        """Tell whether claiming asks something. Override to: add a kind's question."""
        self.ensure_one()
        return self.is_claimed_ahead and (
            self.has_choice or self.reward_type == "experience"
        )

    def _get_portal_choice(self, card):
        """Return what a form needs to ask how many points to claim with.

        :return: dict as of ``sale.order._get_points_choice``, and ``start``: the
            choice that the form begins with
        """
        self.ensure_one()
        choices = self._get_claim_range(card)
        worth = float(self._get_money(choices.highest))
        return {
            "lowest": to_text(choices.lowest),
            "highest": to_text(choices.highest),
            "start": to_text(choices.lowest),
            "step": to_text(choices.step),
            "value": self.discount,
            "worth": worth,
            "money": float(self._get_money(choices.lowest)),
            "currency": self.currency_id,
        }

    def _prepare_coupon_program(self):
        """Override of ``loyalty_program``: coupons work where their programme does."""
        source = self.program_id
        return super()._prepare_coupon_program() | {
            "ecommerce_ok": source.ecommerce_ok,
            "website_id": source.website_id.id,
        }
