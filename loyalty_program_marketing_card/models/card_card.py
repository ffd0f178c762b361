from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.base.models.ir_actions_report import _wkhtml


class CardCard(models.Model):
    """A member's image for friends.

    It has no page of ``/cards``: numbers can be guessed there, and the image shows a
    code. It is found by that code alone.
    """

    _inherit = "card.card"

    loyalty_card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Membership",
        compute="_compute_loyalty_card_id",
        store=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    loyalty_source = fields.Char(
        help="A hash of what the image was drawn from.", readonly=True
    )
    loyalty_link = fields.Char(string="Link", compute="_compute_loyalty_link")

    @api.depends("campaign_id", "res_id")
    def _compute_loyalty_card_id(self):
        for image in self:
            is_ours = image.res_model == "loyalty.card"
            image.loyalty_card_id = image.res_id if is_ours else False

    @api.depends("loyalty_card_id")
    def _compute_loyalty_link(self):
        for image in self:
            # sudo: whoever reads the image reads the link in it.
            card = image.sudo().loyalty_card_id
            image.loyalty_link = card._get_referral_tracker().short_url if card else ""

    def _compute_display_name(self):
        """Override of ``marketing_card``: a membership's name has its secret code."""
        images = self.filtered("loyalty_card_id")
        for image in images:
            # sudo: the first name is the member's to give away with the image.
            image.display_name = image.sudo().loyalty_card_id.referral_image_title
        return super(CardCard, self - images)._compute_display_name()

    def _get_path(self, suffix):
        """Override of ``marketing_card``: a member's link leads to their own page."""
        # sudo: the caller has the image, which shows the link.
        card = self.sudo().loyalty_card_id
        if not card:
            return super()._get_path(suffix)
        link = f"{self.get_base_url()}/refer/{card._get_referral_code()}"
        return link if suffix == "redirect" else f"{link}/card.jpg"

    # === Drawing ===

    @api.model
    def _can_draw_referrals(self):
        """Tell whether this server has what Odoo draws images with."""
        return bool(_wkhtml().wkhtmltoimage_version)

    @api.model
    def _get_referral_image(self, campaign, card):
        """Return the image of a member, drawn anew where it says something else now.

        :raise UserError: it cannot be drawn
        """
        self.env.flush_all()
        if self.env.execute_query(self._query_referral_image(campaign, card)):
            campaign.invalidate_recordset(["card_ids"])
        domain = [("campaign_id", "=", campaign.id), ("res_id", "=", card.id)]
        image = self.with_context(active_test=False).search(domain)
        source = campaign._get_referral_source(card)
        if image.requires_sync or not image.image or image.loyalty_source != source:
            picture = campaign._get_image_b64(card)
            if not picture:
                raise UserError(self.env._("The image could not be drawn."))
            image.write(
                {
                    "active": True,
                    "image": picture,
                    "loyalty_source": source,
                    "requires_sync": False,
                }
            )
        return image

    @api.model
    def _query_referral_image(self, campaign, card):
        # SQL: of two who ask at once, the second is tried again by Odoo, and finds
        # what the first one wrote.
        return SQL(
            "INSERT INTO card_card (campaign_id, res_id, loyalty_card_id, active, "
            "requires_sync, create_uid, create_date, write_uid, write_date) "
            "VALUES (%(campaign)s, %(card)s, %(card)s, true, true, "
            "%(user)s, %(now)s, %(user)s, %(now)s) "
            "ON CONFLICT (campaign_id, res_id) DO NOTHING RETURNING id",
            campaign=campaign.id,
            card=card.id,
            user=self.env.uid,
            now=fields.Datetime.now(),
        )
