from datetime import timedelta

from odoo.tests import tagged

from .common import NOW, CampaignCase


@tagged("post_install", "-at_install")
class TestCoupon(CampaignCase):
    """Each treated member gets a coupon: for them alone, for a limited time."""

    def _order(self, partner):
        product = self.env["product.product"].create(
            {"name": "CD", "list_price": 100, "taxes_id": False}
        )
        return self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [(0, 0, {"product_id": product.id})],
            }
        )

    def test_coupon_is_personal_and_expires(self):
        card = self._lapse()
        coupon = self._run()[card].coupon_id
        self.assertEqual(coupon.partner_id, card.partner_id)
        self.assertEqual(coupon.program_id, self.campaign.coupon_program_id)
        self.assertEqual(coupon.expiration_date, NOW.date() + timedelta(days=14))

    def test_member_gets_ten_percent_off(self):
        card = self._lapse()
        coupon = self._run()[card].coupon_id
        order = self._order(card.partner_id)
        status = order._try_apply_code(coupon.code)
        self.assertNotIn("error", status)
        order._apply_program_reward(coupon.program_id.reward_ids, coupon)
        self.assertAlmostEqual(order.amount_total, 90)

    def test_somebody_else_cannot_use_it(self):
        card = self._lapse()
        other = self._lapse()
        coupon = self._run()[card].coupon_id
        status = self._order(other.partner_id)._try_apply_code(coupon.code)
        self.assertIn("belongs to another customer", status["error"])

    def test_expired_coupon_is_refused(self):
        card = self._lapse()
        coupon = self._run()[card].coupon_id
        with self._after(days=15):
            status = self._order(card.partner_id)._try_apply_code(coupon.code)
        self.assertIn("expired", status["error"])

    def test_programme_s_own_message_is_not_sent_besides(self):
        plan = {
            "trigger": "create",
            "mail_template_id": self.env.ref("loyalty.mail_template_loyalty_card").id,
        }
        self.campaign.coupon_program_id.communication_plan_ids = [(0, 0, plan)]
        card = self._lapse()
        coupon = self._run()[card].coupon_id
        mails = self.env["mail.mail"].search(
            [("model", "=", "loyalty.card"), ("res_id", "=", coupon.id)]
        )
        self.assertEqual(len(mails), 1)
