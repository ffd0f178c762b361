from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestCardImport(LoyaltyCase):
    """Odoo's own import of a spreadsheet is one more door to the ledger."""

    def _load(self, names, *rows, user=None):
        cards = self.env["loyalty.card"].with_user(user or self.env.user)
        result = cards.load(names, [list(map(str, row)) for row in rows])
        self.env.invalidate_all()
        return result["messages"]

    def test_cards_and_balances_are_recorded(self):
        program, partner = self._make_recorded_program(), self._make_partner()
        card = self._make_card(program, 10)
        messages = self._load(
            [".id", "program_id/.id", "partner_id/.id", "points"],
            (card.id, program.id, card.partner_id.id, 25),
            ("", program.id, partner.id, 40),
        )
        self.assertFalse(messages)
        new = self.env["loyalty.card"].search([("partner_id", "=", partner.id)])
        self.assertEqual(self._story(card=card), [("adjust", 10), ("adjust", 15)])
        self.assertEqual(self._story(card=new), [("adjust", 40)])
        self.assert_balanced(card)
        self.assert_balanced(new)

    def test_who_may_not_adjust_imports_no_members_points(self):
        for user in (self.salesperson, self.loyalty_user):
            row = (self.card.id, 5000)
            self.assertTrue(self._load([".id", "points"], row, user=user))
        self.assertEqual((self.card.points, len(self._entries())), (0, 0))

    def test_what_is_no_number_is_refused(self):
        for points in ("NaN", "inf", "1e300", "many"):
            with self.subTest(points=points):
                row = (self.card.id, points)
                self.assertTrue(self._load([".id", "points"], row))
        self.assertEqual((self.card.points, len(self._entries())), (0, 0))
