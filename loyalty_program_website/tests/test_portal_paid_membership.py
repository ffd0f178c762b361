from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestPortalPaidMembership(LoyaltyWebsiteCommon):
    """The page of the tier tells what was paid for and where to renew it."""

    def _pay_for_gold(self):
        gold = self.program.tier_ids.sorted("threshold")[2]
        self.album.product_tmpl_id.write(
            {"loyalty_tier_id": gold.id, "loyalty_term_months": 12}
        )
        self.album.list_price = 0
        order = self.env["sale.order"].create(
            {
                "partner_id": self.member.id,
                "order_line": [(0, 0, {"product_id": self.album.id})],
            }
        )
        order.action_confirm()

    def test_it_begins_with_the_payment_in_the_shop_and_once(self):
        gold = self.program.tier_ids.sorted("threshold")[2]
        self.album.product_tmpl_id.write(
            {"loyalty_tier_id": gold.id, "loyalty_term_months": 12}
        )
        self._sign_in(self.member_user)
        order = self._fill_cart(self.member)
        self.assertNotEqual(self.card.tier_id, gold)
        self._pay(order)
        order._begin_paid_memberships()
        term = self.env["loyalty.paid.membership"].search(
            [("partner_id", "=", self.member.id)]
        )
        self.assertEqual((len(term), term.state), (1, "active"))
        self.assertEqual(self.card.tier_id, gold)

    def _open_tier(self, user):
        self._sign_in(user)
        return self._open(f"/my/loyalty/{self.program.id}/tier")

    def test_the_member_reads_it(self):
        self._pay_for_gold()
        page = self._open_tier(self.member_user)
        told = self._text(page, "o_lp_paid")
        self.assertIn("Your Gold membership is paid until", told)
        self.assertIn("Renew", told)
        self.assertIn("Gold", self._text(page, "o_lp_hero"))
        self.assertNotIn("done enough", page.text_content())

    def test_where_it_is_not_sold_there_is_no_button(self):
        self._pay_for_gold()
        self.album.is_published = False
        told = self._text(self._open_tier(self.member_user), "o_lp_paid")
        self.assertNotIn("Renew", told)

    def test_its_page_in_the_shop_tells_a_guest_what_it_gives(self):
        self._pay_for_gold()
        gold = self.album.loyalty_tier_id
        self.env["loyalty.tier.benefit"].create(
            {"tier_id": gold.id, "kind": "discount", "discount": 7}
        )
        self.authenticate(None, None)
        told = self._text(self._open(self.album.website_url), "o_lp_membership_words")
        self.assertIn("Gold in “Test Club” for 12 months.", told)
        self.assertIn("7 %", told)

    def test_who_paid_nothing_reads_nothing(self):
        page = self._open_tier(self.member_user)
        self.assertFalse(page.find_class("o_lp_paid"))
