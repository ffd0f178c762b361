from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestMemberRights(LoyaltyCase):
    """Who may earn and who may spend is asked of the card."""

    def _may(self, card=None):
        card = card or self.card
        return card._may_earn(), card._may_spend()

    def test_a_member_earns_and_spends(self):
        self.assertEqual(self._may(), (True, True))

    def test_a_frozen_member_earns_by_setting_and_never_spends(self):
        self.card.member_state = "frozen"
        self.assertEqual(self._may(), (True, False))
        self.program.frozen_earns = False
        self.assertEqual(self._may(), (False, False))

    def test_a_frozen_member_stays_the_member_of_the_contact(self):
        self.card.member_state = "frozen"
        self.assertEqual(self.program._get_member_card(self.member), self.card)
        self.assertEqual(
            self.program._enrol(self.member, "backoffice", True), self.card
        )
        self.assertEqual(self.card.member_state, "frozen")

    def test_a_frozen_member_buys_and_cannot_redeem(self):
        self._post(200)
        self.card.member_state = "frozen"
        order = self._make_order(self.member, 50)
        self.assertIn("error", self._claim_reward(order))
        order.action_confirm()
        self.assertEqual(self._story(order), [("earn", 50)])

    def test_a_frozen_member_earns_nothing_where_the_setting_says_so(self):
        self.program.frozen_earns = False
        self.card.member_state = "frozen"
        order = self._make_order(self.member, 50)
        order._update_programs_and_rewards()
        order.action_confirm()
        self.assertFalse(self._story(order))

    def test_who_is_frozen_after_the_quotation_pays_the_full_price(self):
        self._post(200)
        order = self._make_order(self.member, 50)
        self._claim_reward(order)
        self.card.member_state = "frozen"
        order.action_confirm()
        self.assertEqual(self._story(order), [("earn", 50)])
        self.assertEqual((order.amount_total, self.card.points), (50, 250))

    def test_the_ledger_spends_no_points_of_a_frozen_member(self):
        self._post(200)
        self.card.member_state = "frozen"
        posting = self._make_posting(-100, "redeem")
        with self.assertRaisesRegex(UserError, "frozen"):
            self.ledger._post([posting], allow_debt=False)

    def test_what_a_frozen_member_has_paid_for_stays(self):
        self._post(200)
        self.card.member_state = "frozen"
        self._post(-100, "redeem")
        self.assertEqual(self.card.points, 100)

    def test_who_left_and_who_was_erased_does_neither(self):
        for state in ("none", "left", "erased"):
            with self.subTest(state=state):
                self.card.member_state = state
                self.assertEqual(self._may(), (False, False))

    def test_after_its_last_days_a_programme_gives_and_takes_nothing(self):
        self.program.write({"earn_until": "2026-06-29", "spend_until": "2026-06-30"})
        self.assertEqual(self._may(), (False, True))
        self.program.spend_until = "2026-06-29"
        self.assertEqual(self._may(), (False, False))

    def test_cards_of_recorded_programmes_do_as_odoo_lets_them(self):
        card = self._make_card(self._make_recorded_program())
        self.assertEqual(self._may(card), (True, True))
