from odoo.tests import tagged

from .exclusive_common import ExclusiveCommon


@tagged("post_install", "-at_install")
class TestExclusiveTour(ExclusiveCommon):
    """A guest, a Silver and a Gold member in the shop, in a real browser."""

    def test_guest_silver_and_gold_in_the_shop(self):
        self.card.tier_id = self.program.tier_ids.sorted("threshold")[1]
        self.start_tour("/shop?search=Test", "loyalty_website_exclusive_guest")
        for level, user in (("silver", self.member_user), ("gold", self.gold_user)):
            tour = f"loyalty_website_exclusive_{level}"
            self.start_tour("/shop?search=Test", tour, login=user.login)
        cart = self.env["sale.order"].search(
            [("partner_id", "=", self.gold_user.partner_id.id)]
        )
        self.assertEqual(cart.order_line.product_id.product_tmpl_id, self.hidden)
