from decimal import Decimal

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.loyalty_program.tests.test_pool import PoolCase


@tagged("post_install", "-at_install")
class TestTransfer(PoolCase):
    """Points move from member to member as pairs of entries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._make_user("clerk", "loyalty_program.group_loyalty_adjust")
        cls._post(30, "earn", expires_on="2026-12-31")
        cls._post(20, "earn", expires_on="2026-09-30")
        cls._post(5, "earn", hold_days=10)

    def _transfer(self, points, target=None, card=None, reason="Gift", user=None):
        transfers = self.env["loyalty.transfer"].with_user(user or self.clerk)
        return transfers._transfer(
            (card or self.card).with_user(user or self.clerk),
            (target or self.other).with_user(user or self.clerk),
            points,
            reason,
        )

    def _count(self):
        return self.env["loyalty.ledger.entry"].search_count([])

    def test_points_move_in_pairs_and_keep_their_expiry(self):
        transfer = self._transfer(25)
        self.env.invalidate_all()
        self.assertEqual(self._get_points()[:2], [25, 25])
        self.assertEqual(
            [(str(day), rest) for day, rest in self._open_lots(self.other)],
            [("2026-09-30", 20), ("2026-12-31", 5)],
        )
        self.assertEqual(
            [(str(day), rest) for day, rest in self._open_lots()], [("2026-12-31", 25)]
        )
        entries = self._entries(transfer, self.card) | self._entries(
            transfer, self.other
        )
        self.assertEqual(sum(entries.mapped("points")), 0)
        self.assertEqual(set(entries.mapped("entry_type")), {"transfer"})
        self.assertEqual(entries.posted_by_id, self.clerk)
        self.assertEqual(entries[0].origin_display, "Transfer: Gift")
        self.assertFalse(any(entries.mapped("tier_date")))
        self.assert_all_balanced()

    def test_points_that_never_expire_never_do(self):
        self._earn_for_ever(10, self.third)
        self._transfer(10, card=self.third)
        self.assertEqual(self._open_lots(self.other), [(False, 10)])

    def test_a_gift_lifts_no_tier(self):
        self.program.tier_metric = "points"
        self._post(400, "adjust")
        self._transfer(400)
        self.assertEqual(self.other.tier_id.name, "Bronze")

    def test_what_is_not_there_or_no_number_is_refused(self):
        before = self._count()
        for points, error in (
            (51, UserError),
            (0, ValidationError),
            (-5, ValidationError),
            (0.5, ValidationError),
            (float("nan"), ValidationError),
            (float("inf"), ValidationError),
            (1e300, ValidationError),
            ("many", ValidationError),
        ):
            with self.subTest(points=points), self.assertRaises(error):
                self._transfer(points)
        self.assertEqual(self._count(), before)

    def test_points_that_a_till_is_being_paid_with_stay(self):
        self.ledger._reserve({self.card: Decimal(30)}, "till")
        with self.assertRaisesRegex(UserError, "being spent elsewhere"):
            self._transfer(21)
        self._transfer(20)
        self.assertEqual(self._get_points()[:2], [30, 20])

    def test_a_reason_is_needed(self):
        for reason in ("", "  ", None):
            with self.assertRaisesRegex(ValidationError, "why"):
                self._transfer(5, reason=reason)

    def test_points_stay_within_the_programme_and_reach_somebody_else(self):
        second = self._make_program(name="Second")
        foreign = second._enrol(self.other.partner_id, "backoffice", True)
        with self.assertRaisesRegex(UserError, "one programme"):
            self._transfer(5, foreign)
        with self.assertRaisesRegex(UserError, "same balance"):
            self._transfer(5, self.card)
        self._share()
        with self.assertRaisesRegex(UserError, "same balance"):
            self._transfer(5, self.other)

    def test_who_is_frozen_or_gone_neither_gives_nor_takes(self):
        self.other.member_state = "frozen"
        with self.assertRaisesRegex(UserError, "frozen"):
            self._transfer(5)
        self._post(9, "earn", card=self.other)
        with self.assertRaisesRegex(UserError, "frozen"):
            self._transfer(5, self.third, self.other)
        self.third._leave()
        with self.assertRaisesRegex(UserError, "no member"):
            self._transfer(5, self.third)

    def test_a_member_of_a_pool_gives_of_the_common_balance(self):
        pool = self._share()
        self._transfer(25, self.third)
        self.assertEqual(self._get_points(), [25, 25, 25])
        out = self._entries(card=pool.account_id).filtered(
            lambda e: e.origin_model == "loyalty.transfer"
        )
        self.assertEqual(out.member_card_id, self.card)
        self.assert_all_balanced()

    def test_the_right_to_adjust_is_needed(self):
        for user in (self.salesperson, self.loyalty_user):
            with self.assertRaises(AccessError):
                self._transfer(5, user=user)
        with self.assertRaises(AccessError):
            self.env["loyalty.transfer"].with_user(self.manager).create(
                {"card_id": self.card.id, "points": 5}
            )
        self._transfer(5, user=self.manager)

    def test_the_wizard_gives(self):
        wizard = self.env["loyalty.transfer.wizard"].with_user(self.clerk)
        wizard.create(
            {
                "card_id": self.card.id,
                "target_card_id": self.other.id,
                "points": 10,
                "reason": "Moved in together",
            }
        ).action_transfer()
        self.assertEqual(self._get_points()[:2], [40, 10])
        with self.assertRaises(AccessError):
            wizard.with_user(self.loyalty_user).create({"card_id": self.card.id})
