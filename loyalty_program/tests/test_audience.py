from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestAudience(LoyaltyCase):
    """What an audience asks of a customer: tiers and segments of now."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bronze, cls.silver = cls.program.tier_ids.sorted("threshold")[:2]
        cls.segment = cls.env["loyalty.segment"].create(
            {
                "name": "Friends",
                "kind": "manual",
                "partner_ids": [(4, cls.member.id)],
            }
        )

    def _standing(self, partner):
        self.env.invalidate_all()
        return partner._get_loyalty_standing()

    def test_a_member_stands_in_tier_and_segment(self):
        self.assertEqual(
            self._standing(self.member), ({self.bronze.id}, {self.segment.id})
        )

    def test_the_tier_follows_the_purchase(self):
        self._buy(150)
        self.assertEqual(self._standing(self.member)[0], {self.silver.id})

    def test_a_stranger_and_a_guest_stand_nowhere(self):
        nowhere = (frozenset(), frozenset())
        self.assertEqual(self._standing(self._make_partner()), nowhere)
        self.assertEqual(self._standing(self.env["res.partner"]), nowhere)

    def test_who_left_is_frozen_or_of_a_closed_programme_has_no_tier(self):
        self.card.sudo().member_state = "frozen"
        self.assertFalse(self._standing(self.member)[0])
        self.card.sudo().member_state = "left"
        self.assertFalse(self._standing(self.member)[0])
        self.card.sudo().member_state = "joined"
        self.program.active = False
        self.assertFalse(self._standing(self.member)[0])

    def test_customers_are_found_by_their_tier(self):
        partners = self.env["res.partner"]
        members = partners.search([("loyalty_tier_ids", "in", self.bronze.ids)])
        self.assertEqual(members, self.member)
        others = partners.search([("loyalty_tier_ids", "not in", self.bronze.ids)])
        self.assertNotIn(self.member, others)
        self.assertTrue(others)

    def test_a_salesperson_may_ask(self):
        partner = self.member.with_user(self.salesperson)
        self.assertEqual(
            partner._get_loyalty_standing(), ({self.bronze.id}, {self.segment.id})
        )
