from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .membership_common import MembershipCase


@tagged("post_install", "-at_install")
class TestPaidMembershipEnd(MembershipCase):
    """Reminder, refund, cancellation: how a paid membership ends."""

    def _use(self, *words):
        return patch.object(
            self.registry["loyalty.paid.membership"], "_get_uses", lambda _term: words
        )

    def _mails(self):
        return self.env["mail.mail"].search(
            [("subject", "ilike", "membership ends soon")]
        )

    def test_unused_it_is_refunded_in_full_and_ends(self):
        _order, invoice, term = self._sell()
        self._credit(invoice)
        self.assertEqual(term.state, "cancelled")
        self.assertEqual(self.card.tier_id, self.bronze)

    def test_used_it_is_not_refunded_in_full(self):
        _order, invoice, term = self._sell()
        with self._use("5 % off an order"), self.assertRaises(UserError) as caught:
            self._credit(invoice)
        self.assertIn("5 % off an order", str(caught.exception))
        self.assertEqual(term.state, "active")

    def test_used_a_part_of_the_money_comes_back(self):
        _order, invoice, term = self._sell()
        with self._use("5 % off an order"):
            self._credit(invoice, price=30)
        self.assertEqual(term.state, "cancelled")

    def test_a_later_term_is_given_back_first(self):
        _order, invoice, terms = self._sell(quantity=2)
        with freeze_time("2026-09-01 10:00:00"):
            note = self.env["account.move.reversal"].with_context(
                active_model="account.move", active_ids=invoice.ids
            )
            move = self.env["account.move"].browse(
                note.create({"journal_id": invoice.journal_id.id}).refund_moves()[
                    "res_id"
                ]
            )
            move.invoice_line_ids.quantity = 1
            move.action_post()
        self.assertEqual(terms.mapped("state"), ["active", "cancelled"])
        self.assertEqual(self.card.tier_id, self.gold)

    def test_a_cancelled_order_takes_it_along(self):
        self.prime.list_price = 0
        order = self._order_prime()
        order.sudo()._action_cancel()
        self.assertEqual(self.card.tier_id, self.bronze)

    def test_a_reminder_goes_out_once(self):
        self.member.email = "mira@example.com"
        _order, _invoice, term = self._sell()
        with freeze_time("2027-05-01 10:00:00"):
            list(self.terms._run_reminders())
            self.assertFalse(self._mails())
        with freeze_time("2027-06-01 10:00:00"):
            list(self.terms._run_reminders())
            list(self.terms._run_reminders())
        mails = self._mails()
        self.assertEqual(len(mails), 1)
        self.assertEqual(mails.recipient_ids, self.member)
        self.assertTrue(term.reminded_on)

    def test_who_has_renewed_or_left_is_not_reminded(self):
        self.member.email = "mira@example.com"
        self._sell(quantity=2)
        other = self._make_member("Lena Left")
        other.partner_id.email = "lena@example.com"
        self._sell(other.partner_id)
        other._leave()
        with freeze_time("2027-06-01 10:00:00"):
            list(self.terms._run_reminders())
        self.assertFalse(self._mails())

    def test_erasing_the_member_ends_it(self):
        _order, _invoice, term = self._sell()
        self.card.with_user(self.manager)._erase(with_contact=False)
        self.assertEqual((term.state, term.partner_id.id), ("cancelled", False))
        self.assertEqual(term.display_name, term.tier_id.name)
