from odoo.tests import tagged
from odoo.tools import SQL

from ..engine import referral as engine
from .referral_common import ReferralCase


@tagged("post_install", "-at_install")
class TestReferralScale(ReferralCase):
    """Whether somebody is known is asked of an index, however many contacts."""

    def _plan(self, query):
        """Return the plan of a query that reads a table only if it has to."""
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        rows = self.env.execute_query(SQL("EXPLAIN %s", query))
        return "\n".join(row[0] for row in rows)

    def test_doubles_are_found_by_two_indexes(self):
        person = engine.Person(
            ids=frozenset(),
            emails=frozenset({"fred@example.com"}),
            phones=frozenset({"4930123456"}),
        )
        plan = self._plan(self.env["res.partner"]._query_loyalty_doubles(person))
        self.assertIn("res_partner_loyalty_mailbox_idx", plan)
        self.assertIn("res_partner_loyalty_phone_idx", plan)
        self.assertNotIn("Seq Scan", plan)

    def test_a_sale_finds_its_referral_by_indexes(self):
        order = self._make_order(self.member)
        domain = self.referrals._get_followed_domain(order)
        plan = self._plan(self.referrals._search(domain).select())
        self.assertNotIn("Seq Scan", plan)

    def test_database_and_engine_read_addresses_alike(self):
        texts = [
            "Jo.Doe+shop@GoogleMail.com",
            "jo.doe@gmail.com",
            "jo.doe+a+b@example.com",
            "Jo <JO.DOE@EXAMPLE.COM>",
            "+tag@example.com",
            f"{'x' * 5000}@example.com",
        ]
        partners = self.env["res.partner"].create(
            [{"name": text, "email": text} for text in texts]
        )
        for partner in partners:
            key = engine.email_key(partner.email_normalized)
            same = partners.filtered(
                lambda one, key=key: engine.email_key(one.email_normalized) == key
            )
            person = self.referrals._get_person(partner)
            with self.subTest(email=partner.email):
                found = partners._find_loyalty_doubles(person) & partners
                self.assertEqual(found, same if key else partners.browse())

    def test_database_and_engine_read_phones_alike(self):
        texts = [
            "+49 (30) 123 45-67",
            "030 1234567",
            "1234567",
            "0049301234567",
            "12345",
            "030 1234568",
        ]
        partners = self.env["res.partner"].create(
            [{"name": text, "phone": text} for text in texts]
        )
        for partner in partners:
            key = engine.phone_key(partner.phone)
            others = {p: engine.phone_key(p.phone) for p in partners}
            same = partners.filtered(
                lambda p, key=key, others=others: (
                    key and others[p] and engine.is_same_phone(key, others[p])
                )
            )
            person = self.referrals._get_person(partner)
            with self.subTest(phone=partner.phone):
                found = partners._find_loyalty_doubles(person) & partners
                self.assertEqual(found, same)
