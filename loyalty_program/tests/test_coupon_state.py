from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import NOW, LoyaltyCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCouponState(LoyaltyCase):
    """Issued, sent, used, expired, void: told, found and counted alike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls.program.reward_ids.sorted("required_points")[0]
        cls.reward.write({"issues_coupon": True, "coupon_valid_days": 30})
        cls._post(1000, "bonus")

    def _issue(self, **values):
        coupon = self.card._issue_coupon(self.reward, "backoffice")
        coupon.write(values)
        return coupon

    def _use(self, coupon):
        order = self._make_order(self.member, 100)
        for card, rewards in order._try_apply_code(coupon.code).items():
            order._apply_program_reward(rewards, card)
        order.action_confirm()
        return order

    def _notes(self, coupon):
        return " ".join(coupon.message_ids.mapped("body"))

    def _make_leaflets(self, **values):
        return self.env["loyalty.program"].create(
            {
                "name": "Leaflet",
                "program_type": "coupons",
                "reward_ids": [
                    Command.clear(),
                    Command.create({"discount": 10, "required_points": 2}),
                ],
                **values,
            }
        )

    def _make_coupon(self, program, points=2, **values):
        return program.env["loyalty.card"].create(
            {"program_id": program.id, "points": points, **values}
        )

    def test_the_last_day_is_the_programmes_wherever_staff_are(self):
        program = self._make_leaflets(company_id=self.company.id)
        coupon = self._make_coupon(program, expiration_date=date(2026, 6, 30))
        afar = self.env["res.company"].create({"name": "Afar"})
        afar.partner_id.tz = "Pacific/Auckland"
        there = self._make_coupon(
            self._make_leaflets(company_id=afar.id), expiration_date=date(2026, 6, 30)
        )
        both = coupon | there
        for zone in ("Pacific/Auckland", "America/Los_Angeles"):
            cards = both.with_context(tz=zone)
            with self.subTest(zone=zone), freeze_time("2026-06-30 14:00:00"):
                cards.invalidate_recordset(["coupon_state"])
                self.assertEqual(cards.mapped("coupon_state"), ["issued", "expired"])
                for card in cards:
                    found = cards.search(
                        [
                            ("id", "in", cards.ids),
                            ("coupon_state", "=", card.coupon_state),
                        ]
                    )
                    self.assertEqual(found, card)

    def test_the_states_are_told_found_and_counted_alike(self):
        issued, sent, used = self._issue(), self._issue(), self._issue()
        void, late = self._issue(), self._issue(expiration_date=date(2026, 6, 29))
        sent._mark_sent()
        self._use(used)
        void._void()
        leaflets = self._make_leaflets()
        # Worth two points, it takes two: with one left it is used up.
        worn = self._make_coupon(leaflets, 1)
        fresh = self._make_coupon(leaflets)
        expected = {
            issued: "issued",
            sent: "sent",
            used: "used",
            late: "expired",
            void: "void",
            worn: "used",
            fresh: "issued",
            self.card: False,
        }
        cards = self.env["loyalty.card"].browse([card.id for card in expected])
        domain = [("id", "in", cards.ids)]
        for card, state in expected.items():
            self.assertEqual(card.coupon_state, state)
        for state in {*expected.values()}:
            found = cards.search([*domain, ("coupon_state", "=", state)], order="id")
            self.assertEqual(
                set(found), {card for card in cards if expected[card] == state}, state
            )
        others = cards.search([*domain, ("coupon_state", "not in", ["used", "void"])])
        self.assertEqual(set(others), {issued, sent, late, fresh, self.card})
        counts = dict(cards._read_group(domain, ["coupon_state"], ["__count"]))
        self.assertEqual(
            counts,
            {"issued": 2, "sent": 1, "used": 2, "expired": 1, "void": 1, False: 1},
        )
        self.assertTrue(cards.fields_get(["coupon_state"])["coupon_state"]["groupable"])

    def test_a_coupon_of_a_leaflet_tells_its_use_as_well(self):
        coupon = self._make_coupon(self._make_leaflets())
        order = self._use(coupon)
        self.assertIn("The coupon was used", self._notes(coupon))
        order._action_cancel()
        self.assertIn("may be used again", self._notes(coupon))

    def test_a_coupon_sent_when_it_was_made_tells_whom_to(self):
        template = self.env.ref("loyalty.mail_template_loyalty_card")
        leaflets = self._make_leaflets(
            communication_plan_ids=[
                Command.create({"trigger": "create", "mail_template_id": template.id})
            ]
        )
        self.member.email = "mira@example.com"
        coupon = self._make_coupon(leaflets, partner_id=self.member.id)
        self.assertEqual(coupon.coupon_state, "sent")
        self.assertIn("Sent by e-mail to Mira Member", self._notes(coupon))
        quiet = self._make_coupon(
            leaflets.with_context(loyalty_no_mail=True), partner_id=self.member.id
        )
        self.assertEqual(quiet.coupon_state, "issued")

    def test_an_expired_coupon_is_not_voided(self):
        late = self._issue(expiration_date=date(2026, 6, 29))
        points = self.card.points
        with self.assertRaisesRegex(UserError, "used, expired or voided"):
            late.with_user(self.manager).action_void_coupons()
        self.assertEqual(late.coupon_state, "expired")
        self.assertEqual(self.card.points, points)
        form = self.env.ref("loyalty_program.loyalty_card_view_form_coupon").arch
        button = form[form.index('name="action_void_coupons"') :]
        self.assertIn("coupon_state not in ('issued', 'sent')", button)
