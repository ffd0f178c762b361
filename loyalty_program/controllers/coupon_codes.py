"""The file of a batch's codes, for print houses."""

from werkzeug.exceptions import NotFound

from odoo.http import Controller, content_disposition, request, route

from ..models.loyalty_coupon_codes import ROUTE


class LoyaltyCouponCodes(Controller):
    @route(f"{ROUTE}/<int:batch_id>.csv", type="http", auth="user", methods=["GET"])
    def loyalty_coupon_codes(self, batch_id, first=1, last=None):
        """Stream the usable codes: a million of them need no more memory than few."""
        batch = request.env["loyalty.coupon.batch"].browse(batch_id).exists()
        if not batch:
            raise NotFound
        batch._check_may_export()
        try:
            first, last = int(first), int(last or batch.made)
        except ValueError:
            raise NotFound from None
        if not 1 <= first <= last <= batch.made:
            raise NotFound
        return request.make_response(
            batch._stream_codes(first, last),
            headers=[
                ("Content-Type", "text/csv; charset=utf-8"),
                (
                    "Content-Disposition",
                    content_disposition(f"{batch.name} {first}-{last}.csv"),
                ),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
