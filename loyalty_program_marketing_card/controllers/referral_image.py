"""A member's image for friends, where their link leads."""

import base64

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.loyalty_program_website.controllers.referral import LoyaltyReferral
from odoo.addons.marketing_card.controllers.marketing_card import _is_crawler


class LoyaltyReferralImage(LoyaltyReferral):
    @route(
        "/refer/<string:code>/card.jpg",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def loyalty_referral_image(self, code, **_query):
        """Return the image, drawn when it is asked for first."""
        card_sudo, _refusal = request.website._read_referral_code(code)
        try:
            image_sudo = card_sudo and card_sudo._get_referral_image()
        except UserError:
            # Odoo has logged why; whoever looks at the link sees it without.
            image_sudo = None
        if not image_sudo:
            raise request.not_found()
        if _is_crawler(request):
            image_sudo.share_status = "shared"
        elif not image_sudo.share_status:
            image_sudo.share_status = "visited"
        data = base64.b64decode(image_sudo.image)
        headers = [
            ("Content-Type", "image/jpeg"),
            ("Content-Length", len(data)),
            ("Cache-Control", "public, max-age=3600"),
            ("X-Robots-Tag", "noindex"),
        ]
        return request.make_response(data, headers)
