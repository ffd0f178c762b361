from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestTierBenefit(LoyaltyCase):
    """A tier lists what it gives, in plain words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bronze, cls.silver = cls.program.tier_ids.sorted("threshold")[:2]
        cls.benefit = cls._make_benefit(note="A coffee while you wait.")

    @classmethod
    def _make_benefit(cls, **values):
        return cls.env["loyalty.tier.benefit"].create(
            {"tier_id": cls.bronze.id, **values}
        )

    def test_the_customer_reads_the_words(self):
        self._make_benefit(note="A seat at our concerts.")
        self.assertEqual(
            self.bronze.benefit_words,
            "A coffee while you wait.\nA seat at our concerts.",
        )
        self.assertFalse(self.silver.benefit_words)

    def test_who_is_no_member_has_none(self):
        self.assertEqual(self.card._get_benefits("words"), self.benefit)
        self.card.sudo().member_state = "left"
        self.assertFalse(self.card._get_benefits("words"))

    def test_an_archived_benefit_is_given_no_more(self):
        self.benefit.active = False
        self.assertFalse(self.card._get_benefits("words"))
        self.assertFalse(self.bronze.benefit_words)

    def test_words_without_words_are_refused(self):
        with self.assertRaises(ValidationError):
            self._make_benefit(note=False)

    def test_a_manager_decides_an_employee_reads(self):
        with self.assertRaises(AccessError):
            self.benefit.with_user(self.loyalty_user).note = "Anything"
        benefit = self.benefit.with_user(self.manager)
        benefit.note = "Two coffees."
        seen = benefit.with_user(self.salesperson)
        self.assertEqual(seen.description, "Two coffees.")

    def test_another_company_sees_none(self):
        self.program.company_id = self.company
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._make_user(
            "stranger",
            "loyalty_program.group_loyalty_manager",
            company_ids=other.ids,
            company_id=other.id,
        )
        with self.assertRaises(AccessError):
            self.benefit.with_user(stranger).read(["note"])
