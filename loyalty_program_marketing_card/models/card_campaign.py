import hashlib

from odoo import models


class CardCampaign(models.Model):
    """A campaign may be a programme's design of the images for friends."""

    _inherit = "card.campaign"

    def _get_model_selection(self):
        models = super()._get_model_selection()
        return [*models, ("loyalty.card", self.env._("Membership"))]

    def _get_image_b64(self, record):
        """Override of ``marketing_card``: the image speaks the member's language."""
        if record._name != "loyalty.card":
            return super()._get_image_b64(record)
        campaign, card = self._prepare_referral_image(record)
        return super(CardCampaign, campaign)._get_image_b64(card)

    def _prepare_referral_image(self, card):
        """Return campaign and membership as an image of the member is drawn.

        :return: both in the member's language; the member has a code and a link
        """
        card._get_referral_tracker()
        lang = card.partner_id.lang or self.env.lang
        return self.with_context(lang=lang), card.with_context(lang=lang)

    def _get_referral_source(self, card):
        """Return a hash of all that an image shows: another one, another image."""
        campaign, card = self._prepare_referral_image(card)
        values = {"card_campaign": campaign}
        bodies = campaign._render_field("body_html", card.ids, add_context=values)
        return hashlib.sha256(bodies[card.id].encode()).hexdigest()
