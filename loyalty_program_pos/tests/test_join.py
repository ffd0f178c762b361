from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestJoin(TillCase):
    def _join(self, user=None, program=None, partner=None, **consent):
        till = self.till.with_user(user or self.cashier)
        return till.loyalty_join(
            (program or self.program).id,
            (partner or self.stranger).id,
            {"consent": True, "terms_version": self.program.terms_version, **consent},
        )

    def _card(self):
        return self.program._get_member_card(self.stranger)

    def test_a_cashier_enrols_a_customer_who_agrees(self):
        data = self._join()["loyalty.card"]
        card = self._card()
        self.assertEqual([values["id"] for values in data], card.ids)
        self.assertEqual(data[0]["member_state"], "joined")
        self.assertEqual(data[0]["member_number"], card.member_number)
        self.assertEqual(card.join_channel, "pos")
        self.assertTrue(card.tier_id)

    def test_joining_twice_makes_one_member(self):
        first = self._join()
        self.assertEqual(self._join()["loyalty.card"], first["loyalty.card"])

    def test_nobody_joins_without_consent(self):
        for answer in (False, None, "no", 1):
            with self.assertRaises(UserError):
                self._join(consent=answer)
        self.assertFalse(self._card())

    def test_consent_to_other_terms_is_none(self):
        with self.assertRaisesRegex(UserError, "have changed"):
            self._join(terms_version="an older one")

    def test_the_terms_shown_are_the_programmes(self):
        self.program.write({"terms": "<p>Be nice.</p>", "terms_version": "7"})
        terms = self.till.with_user(self.cashier).loyalty_get_terms(self.program.id)
        self.assertEqual(terms["version"], "7")
        self.assertIn("Be nice.", terms["html"])

    def test_an_employee_without_till_rights_enrols_nobody(self):
        employee = new_test_user(self.env, "till_employee", groups="base.group_user")
        with self.assertRaises(AccessError):
            self._join(user=employee)

    def test_a_salesperson_without_till_rights_enrols_nobody(self):
        groups = "sales_team.group_sale_salesman,base.group_user"
        user = new_test_user(self.env, "till_salesperson", groups=groups)
        with self.assertRaises(AccessError):
            self._join(user=user)

    def test_nobody_joins_at_a_closed_register(self):
        self.till.current_session_id.state = "closed"
        with self.assertRaisesRegex(AccessError, "register is open"):
            self._join()

    def test_a_programme_of_another_till_is_refused(self):
        self.program.pos_config_ids = self.pos_config_eur
        with self.assertRaisesRegex(UserError, "not available"):
            self._join()

    def test_a_recorded_programme_takes_no_members(self):
        recorded = self.env["loyalty.program"].create(
            {"name": "Recorded", "program_type": "loyalty", "applies_on": "both"}
        )
        with self.assertRaisesRegex(UserError, "not available"):
            self._join(program=recorded)
