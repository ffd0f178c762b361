from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestTour(LoyaltyWebsiteCommon):
    """The whole way of a customer, in a real browser."""

    def setUp(self):
        super().setUp()
        transfer = self.env.ref("payment.payment_provider_transfer")
        transfer.write({"state": "enabled", "is_published": True})
        transfer._transfer_ensure_pending_msg_is_set()

    def test_a_customer_joins_buys_pays_and_sees_the_points(self):
        login = self.other_user.login
        self.start_tour("/shop", "loyalty_website_join_and_buy", login=login)
        card = self._get_card(self.other)
        self.assertEqual(card.join_channel, "website")
        order = self.env["sale.order"].search([("partner_id", "=", self.other.id)])
        self.assertEqual(len(order), 1)
        transaction = order.transaction_ids
        self.assertEqual(transaction.state, "pending")
        self.assertEqual(card.points, 0)

        # The bank reports the transfer.
        transaction._set_done()
        transaction._post_process()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._entries_of(order).channel, "website")
        self.start_tour("/my/home", "loyalty_website_see_points", login=login)
