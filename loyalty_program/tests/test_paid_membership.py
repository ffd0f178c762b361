from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged

from .membership_common import MembershipCase


@tagged("post_install", "-at_install")
class TestPaidMembership(MembershipCase):
    """A product gives a tier for a term, from its payment on."""

    def test_the_tier_begins_with_the_payment(self):
        order = self._order_prime()
        invoice = self._invoice(order)
        self.assertFalse(self.terms.search([("origin_id", "=", order.id)]))
        self.assertEqual(self.card.tier_id, self.bronze)
        self._pay(invoice)
        term = self.terms.search([("origin_id", "=", order.id)])
        self.assertEqual(
            (term.state, term.starts_on, term.ends_on),
            ("active", date(2026, 6, 30), date(2027, 6, 29)),
        )
        self.assertEqual(self.card.tier_id, self.gold)
        self.assertEqual(self.card.paid_until, date(2027, 6, 29))
        self.assertEqual(self.card.tier_change_ids.sorted("id")[-1].cause, "paid")

    def test_the_same_payment_begins_one_term(self):
        order, _invoice, terms = self._sell()
        order._post_late_loyalty("payment")
        order._begin_paid_memberships()
        self.assertEqual(self.terms.search([("origin_id", "=", order.id)]), terms)
        self.assertEqual(len(terms), 1)

    def test_two_at_once_follow_each_other(self):
        _order, _invoice, terms = self._sell(quantity=2)
        self.assertEqual(
            terms.mapped("starts_on"), [date(2026, 6, 30), date(2027, 6, 30)]
        )
        self.assertEqual(self.card.paid_until, date(2028, 6, 29))

    def test_renewed_early_it_begins_at_the_old_end(self):
        self._sell()
        with freeze_time("2027-06-01 10:00:00"):
            _order, _invoice, renewed = self._sell()
        self.assertEqual(renewed.starts_on, date(2027, 6, 30))
        self.assertEqual(renewed.ends_on, date(2028, 6, 29))

    def test_nothing_after_the_end(self):
        self._sell()
        with freeze_time("2027-06-29 10:00:00"):
            self._run_nightly()
            self.assertEqual(self.card.tier_id, self.gold)
        with freeze_time("2027-06-30 10:00:00"):
            self._run_nightly()
            self.assertEqual(self.card.tier_id, self.bronze)
            list(self.terms._run_reminders())
            self.assertEqual(self.card.paid_membership_ids.state, "ended")
            self.assertFalse(self.card.paid_until)

    def test_what_was_earned_lies_beneath(self):
        self._sell()
        self._buy(1200)
        self.assertEqual(self.card.tier_id.name, "Platinum")
        self._run_nightly()
        self.assertEqual(self.card.tier_id.name, "Platinum")

    def test_a_stranger_waits_for_joining(self):
        stranger = self._make_partner("Stan Stranger")
        _order, _invoice, term = self._sell(stranger)
        self.assertEqual((term.state, term.starts_on), ("waiting", False))
        with freeze_time("2026-07-15 10:00:00"):
            card = self.program._enrol(stranger, "backoffice", True)
            self.assertEqual(term.starts_on, date(2026, 7, 15))
            self.assertEqual(card.tier_id, self.gold)

    def test_an_order_that_costs_nothing_begins_at_once(self):
        self.prime.list_price = 0
        self._order_prime()
        self.assertEqual(self.card.tier_id, self.gold)

    def test_bad_settings_are_refused(self):
        template = self.prime.product_tmpl_id
        recorded = self._make_recorded_program()
        tier = self.env["loyalty.tier"].create(
            {"name": "Old", "program_id": recorded.id, "threshold": 0}
        )
        other = self.env["res.company"].create({"name": "Other"})
        for values in (
            {"loyalty_tier_id": tier.id},
            {"type": "consu"},
            {"company_id": other.id},
        ):
            if "company_id" in values:
                self.program.company_id = self.company
            with self.subTest(values), self.assertRaises(ValidationError):
                template.write(values)
        with self.assert_refused_by_sql():
            template.loyalty_term_months = 0
            template.flush_recordset()

    def test_nobody_writes_a_term_by_hand(self):
        _order, _invoice, term = self._sell()
        self.assertEqual(term.with_user(self.loyalty_user).state, "active")
        for user in (self.manager, self.loyalty_user, self.salesperson):
            with self.assertRaises(AccessError):
                term.with_user(user).ends_on = date(2099, 1, 1)
        with self.assertRaises(AccessError):
            term.with_user(self.salesperson).read(["state"])

    def test_the_term_survives_a_merge_of_contacts(self):
        heir = self._make_member("Hera Heir")
        self._sell()
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {
                "partner_ids": [(6, 0, (self.member | heir.partner_id).ids)],
                "dst_partner_id": heir.partner_id.id,
            }
        )
        wizard.action_merge()
        self.env.invalidate_all()
        kept = self.program._get_member_card(heir.partner_id)
        self._run_nightly()
        kept._refresh_tiers(allow_down=True)
        self.assertEqual(kept.tier_id, self.gold)
