from odoo.tests import tagged

from .common import CampaignCase


@tagged("post_install", "-at_install")
class TestMail(CampaignCase):
    """The coupon goes by e-mail to whom it can and may reach."""

    def _get_mails(self, participation):
        return self.env["mail.mail"].search(
            [
                ("model", "=", "loyalty.card"),
                ("res_id", "=", participation.coupon_id.id),
            ]
        )

    def test_mail_with_the_code_waits_in_the_queue(self):
        card = self._lapse()
        participation = self._run()[card]
        mail = self._get_mails(participation)
        self.assertEqual(mail.state, "outgoing")
        self.assertIn(participation.coupon_code, mail.body_html)
        self.assertEqual(mail.mailing_id, self.campaign.mailing_id)
        self.assertEqual(mail.recipient_ids, card.partner_id)
        self.assertEqual(participation.contact, "mail")
        self.assertEqual(participation.mail_status, "outgoing")

    def test_what_becomes_of_the_mail_is_seen_on_the_participation(self):
        card = self._lapse()
        participation = self._run()[card]
        participation.trace_id.set_opened()
        self.assertEqual(participation.mail_status, "open")

    def test_mails_of_other_mailings_cost_nothing(self):
        self._lapse()
        self._run()
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "News",
                "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
            }
        )
        trace = self.env["mailing.trace"].create(
            {
                "mass_mailing_id": mailing.id,
                "model": "res.partner",
                "res_id": self.env.user.partner_id.id,
            }
        )
        self.env.flush_all()
        with self.assertQueryCount(1):
            trace.set_sent()
            self.env.flush_all()

    def test_who_refuses_mails_gets_none_and_no_coupon_is_wasted(self):
        card = self._lapse()
        self.env["mail.blacklist"]._add(card.partner_id.email)
        participation = self._run()[card]
        self.assertEqual(participation.contact, "blacklisted")
        self.assertEqual(participation.state, "done")
        self.assertFalse(participation.coupon_id)
        self.assertFalse(
            self.env["mail.mail"].search([("partner_ids", "in", card.partner_id.ids)])
        )

    def test_member_without_address_gets_no_mail(self):
        card = self._lapse(email=False)
        participation = self._run()[card]
        self.assertEqual(participation.contact, "no_email")
        self.assertFalse(participation.coupon_id)

    def test_two_members_with_one_address_get_a_mail_each(self):
        first = self._lapse(email="family@example.com")
        second = self._lapse(email="family@example.com")
        participations = self._run()
        for card in (first, second):
            self.assertEqual(self._get_mails(participations[card]).state, "outgoing")

    def test_coupon_of_an_unreachable_member_goes_through_the_salesperson(self):
        self.campaign.opportunity_tier_id = self._get_tier("Gold")
        card = self._lapse(amount=500)
        self.env["mail.blacklist"]._add(card.partner_id.email)
        participation = self._run()[card]
        self.assertTrue(participation.coupon_id)
        self.assertFalse(self._get_mails(participation))
        self.assertIn(participation.coupon_code, participation.lead_id.description)
        self.assertIn("hand the coupon over", participation.lead_id.description)
