import base64
import io

import qrcode

from odoo import api, fields, models
from odoo.exceptions import UserError

#: Room for a QR code in an image, and the white around it in modules.
QR_PIXELS = 176
QR_BORDER = 1


class LoyaltyCard(models.Model):
    """The image that a member sends to friends, and the words in it."""

    _inherit = "loyalty.card"

    referral_image_title = fields.Char(compute="_compute_referral_image_words")
    referral_image_offer = fields.Char(compute="_compute_referral_image_words")
    referral_image_qr = fields.Binary(compute="_compute_referral_image_qr")

    @api.depends_context("lang")
    @api.depends(
        "partner_id.name",
        "partner_id.is_company",
        "program_id.name",
        "program_id.referral_friend_on",
        "program_id.referral_friend_points",
        "program_id.referral_friend_program_id",
    )
    def _compute_referral_image_words(self):
        for card in self:
            # sudo: first name and offer are for friends to read.
            card_sudo = card.sudo()
            program = card_sudo.program_id
            card.referral_image_title = self.env._(
                "%(member)s invites you", member=card_sudo._get_first_name()
            )
            card.referral_image_offer = program._describe_friend_gift() or self.env._(
                "Join “%(program)s”.", program=program.name
            )

    @api.depends("referral_code")
    def _compute_referral_image_qr(self):
        for card in self:
            card.referral_image_qr = card.referral_code and _draw_png(
                card._get_referral_tracker().short_url
            )

    # === The image ===

    def _has_referral_image(self):
        """Tell whether the member may have an image."""
        self.ensure_one()
        # sudo: whether there are images is for every member to know.
        campaign = self.sudo().program_id.referral_campaign_id
        is_on = not campaign or campaign.active
        return (
            self.takes_referrals
            and is_on
            and self.env["card.card"]._can_draw_referrals()
        )

    def _get_referral_image(self):
        """Return the member's image, or an empty record where there is none.

        :raise UserError: it cannot be drawn
        """
        self.ensure_one()
        # sudo: the member's own; design and drawing are the suite's.
        card = self.sudo()
        images = card.env["card.card"]
        if not card._has_referral_image():
            return images
        campaign = card.program_id._get_referral_campaign(card)
        return images._get_referral_image(campaign, card)

    def _get_referral_image_url(self):
        """Return where friends, and the previews of links, find the image."""
        return f"{self.get_base_url()}/refer/{self._get_referral_code()}/card.jpg"

    def action_view_referral_image(self):
        """Draw the member's image for friends, and show it.

        :raise UserError: there is none, or this server cannot draw it
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env["card.card"]._can_draw_referrals():
            raise UserError(
                self.env._(
                    "This server draws no images: “wkhtmltoimage” is not installed."
                )
            )
        image = self._get_referral_image()
        if not image:
            raise UserError(self.env._("The programme has no images for friends now."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Image for friends"),
            "res_model": image._name,
            "res_id": image.id,
            "views": [
                (
                    self.env.ref(
                        "loyalty_program_marketing_card.card_card_view_form_referral"
                    ).id,
                    "form",
                )
            ],
            "target": "new",
        }

    def _erase_traces(self):
        """Override of ``loyalty_program``: the images go, and designs show nobody."""
        # sudo: the rights were checked.
        images = self.env["card.card"].sudo().with_context(active_test=False)
        images.search([("loyalty_card_id", "=", self.id)]).unlink()
        # sudo: as above.
        campaigns = self.env["card.campaign"].sudo().with_context(active_test=False)
        shown = f"loyalty.card,{self.id}"
        campaigns.search([("preview_record_ref", "=", shown)]).image_preview = False
        return super()._erase_traces()


def _draw_png(text):
    """Return a QR code as a picture, as a field keeps it.

    As large as it fits with whole pixels: what is scaled is harder to read.
    """
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, border=QR_BORDER
    )
    code.add_data(text)
    code.make()
    code.box_size = max(1, QR_PIXELS // (code.modules_count + 2 * QR_BORDER))
    file = io.BytesIO()
    code.make_image().save(file, "PNG")
    return base64.b64encode(file.getvalue())
