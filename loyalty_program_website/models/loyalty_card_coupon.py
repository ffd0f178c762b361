from odoo import models


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _get_portal_coupons(self, limit):
        """Return the coupons of this member's points as their own page shows them.

        :return: dicts with ``coupon``, ``reward`` (what it gives), ``state``,
            ``label``, ``is_usable`` and ``end`` (until when or why not, in words);
            the newest first
        """
        self.ensure_one()
        # sudo: customers cannot read cards; these are bound to the member's own.
        coupons = self.sudo().with_context(active_test=False)
        coupons = coupons.search(
            [("source_card_id", "=", self.id)], order="id desc", limit=limit
        )
        labels = {
            "issued": self.env._("Ready to use"),
            "sent": self.env._("Ready to use"),
            "used": self.env._("Used"),
            "expired": self.env._("Expired"),
            "void": self.env._("Void, your points came back"),
        }
        return [
            {
                "coupon": coupon,
                "reward": coupon.program_id.reward_ids[:1].description,
                "state": coupon.coupon_state,
                "label": labels[coupon.coupon_state],
                "is_usable": coupon.coupon_state in ("issued", "sent"),
                "end": coupon._explain_unusable() or coupon._describe_end(),
            }
            for coupon in coupons
        ]
