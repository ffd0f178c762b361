from odoo.tests import HttpCase, tagged

from .common import CampaignCase


@tagged("post_install", "-at_install")
class TestUnsubscribe(CampaignCase, HttpCase):
    """The e-mail carries a way out, and the campaign keeps to it."""

    def test_who_opts_out_by_the_mail_gets_no_other(self):
        card = self._lapse()
        participation = self._run()[card]
        mail = self.env["mail.mail"].search(
            [("mailing_trace_ids", "=", participation.trace_id.id)]
        )
        message = mail._prepare_outgoing_list()[0]
        self.assertNotIn("/unsubscribe_from_list", message["body"])
        self.assertIn("/confirm_unsubscribe?", message["body"])
        url = message["headers"]["List-Unsubscribe"].strip("<>")
        path = url[url.index("/mailing/") :]
        self.url_open(path, method="POST")
        self.assertTrue(card.partner_id.is_blacklisted)
        with self._after(days=1):
            self._buy(card)
        with self._after(days=100):
            latest = self._run()[card][1]
        self.assertEqual(latest.contact, "blacklisted")
        self.assertFalse(latest.coupon_id)
