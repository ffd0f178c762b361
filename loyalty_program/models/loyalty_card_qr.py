import re

import qrcode
from markupsafe import Markup
from qrcode.image.svg import SvgPathImage

from odoo import api, fields, models


class LoyaltyCard(models.Model):
    """The code of a card as a picture that a till can scan."""

    _inherit = "loyalty.card"

    code_svg = fields.Html(
        string="QR code",
        compute="_compute_code_svg",
        sanitize=False,
    )

    @api.depends("code")
    def _compute_code_svg(self):
        for card in self:
            card.code_svg = card._get_code_svg() if card.code else False

    def _get_code_svg(self, pixels=160):
        """Return the code as an inline picture: nothing that another page must fetch.

        Made of nothing but the code; it scales without blur.

        :param int pixels: width and height, where the page does not say otherwise
        """
        self.ensure_one()
        return self._draw_code(self.code, pixels)

    @api.model
    def _draw_code(self, text, pixels=160):
        """Return a text of ours as an inline QR code, see :meth:`_get_code_svg`."""
        code = qrcode.QRCode(
            error_correction=qrcode.constants.ERROR_CORRECT_M,
            border=2,
            image_factory=SvgPathImage,
        )
        code.add_data(text)
        picture = code.make_image().to_string(encoding="unicode")
        size = f'width="{pixels}" height="{pixels}"'
        picture = re.sub(r'width="[\d.]+mm" height="[\d.]+mm"', size, picture, count=1)
        # A picture of a code is drawn by the library: it holds no text of anybody.
        return Markup(picture)
