from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase
from odoo.addons.loyalty_program.models import loyalty_coupon_reminder

TODAY = date(2026, 6, 30)


@tagged("post_install", "-at_install")
class TestCouponReminder(LoyaltyCase):
    """A member gets one mail about the coupons that end soon, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls.program.reward_ids.sorted("required_points")[0]
        cls.reward.write({"issues_coupon": True, "coupon_valid_days": 30})
        cls.member.email = "mira@example.com"
        cls._post(2000, "bonus")
        cls.reminders = cls.env["loyalty.coupon.reminder"]

    def _issue(self, days=7, card=None):
        """Return a coupon that ends in so many days."""
        coupon = (card or self.card)._issue_coupon(self.reward, "backoffice")
        coupon.expiration_date = TODAY + timedelta(days=days)
        return coupon

    def _remind(self, days=0):
        """Run the reminders of a day and return the mails that they queued."""
        before = self.env["mail.mail"].search([])
        with freeze_time(f"{TODAY + timedelta(days=days)} 10:00:00"):
            for _rows in self.reminders._run_reminders():
                pass
        self.env.invalidate_all()
        return self.env["mail.mail"].search([]) - before

    def test_a_member_gets_one_mail_of_all_coupons_and_no_second(self):
        first, second = self._issue(7), self._issue(13)
        far = self._issue(14)
        self.assertFalse(self._remind(-1))
        mail = self._remind()
        self.assertEqual(mail.recipient_ids, self.member)
        for told in (first.code, second.code, "07/07/2026", self.reward.description):
            self.assertIn(told, mail.body_html)
        self.assertNotIn(far.code, mail.body_html)
        self.assertIn("reminded", first.message_ids[0].body)
        for days in (0, 1, 6):
            self.assertFalse(self._remind(days))
        self.assertIn(far.code, self._remind(7).body_html)

    def test_the_day_is_the_programmes_choice(self):
        self._issue(7)
        self.program.coupon_reminder_days = 0
        self.assertFalse(self._remind())
        self.program.coupon_reminder_days = 3
        self.assertFalse(self._remind(3))
        self.assertTrue(self._remind(4))
        for days in (-1, 367):
            with self.assert_refused_by_sql():
                self.program.coupon_reminder_days = days
                self.program.flush_recordset()

    def test_a_coupon_that_was_prolonged_is_told_again(self):
        coupon = self._issue(7)
        self.assertTrue(self._remind())
        coupon.expiration_date = TODAY + timedelta(days=30)
        self.assertFalse(self._remind(20))
        self.assertTrue(self._remind(23))

    def test_nobody_is_reminded_of_what_cannot_be_used(self):
        used, void, _late = self._issue(), self._issue(), self._issue(-1)
        order = self._make_order(self.member, 100)
        for card, rewards in order._try_apply_code(used.code).items():
            order._apply_program_reward(rewards, card)
        order.action_confirm()
        void._void()
        self.assertFalse(self._remind())

    def test_who_cannot_or_need_not_be_written_to_gets_no_mail(self):
        blocked = self.env["mail.blacklist"]
        cases = {
            "no address": lambda card: card.partner_id.write({"email": False}),
            "left": lambda card: card._leave(),
            "frozen": lambda card: card.write({"member_state": "frozen"}),
            "unwanted": lambda card: blocked._add(card.partner_id.email),
            "archived": lambda card: card.partner_id.write({"active": False}),
        }
        for name, act in cases.items():
            card = self._make_member(name)
            card.partner_id.email = f"{name.replace(' ', '.')}@example.com"
            self._post(100, "bonus", card)
            self._issue(7, card)
            act(card.sudo())
        self._issue()
        self.assertEqual(self._remind().recipient_ids, self.member)

    def test_a_coupon_for_anybody_is_told_to_the_member_who_got_it(self):
        self.reward.coupon_owner_only = False
        self.assertFalse(self._issue().partner_id)
        self.assertEqual(self._remind().recipient_ids, self.member)

    def test_odoos_own_coupons_are_reminded_of_where_they_say_so(self):
        leaflets = self.env["loyalty.program"].create(
            {
                "name": "Leaflet",
                "program_type": "coupons",
                "reward_ids": [Command.clear(), Command.create({"discount": 10})],
            }
        )
        for partner in (self.member, self.member.browse()):
            self.env["loyalty.card"].create(
                {
                    "program_id": leaflets.id,
                    "partner_id": partner.id,
                    "points": 1,
                    "expiration_date": TODAY + timedelta(days=7),
                }
            )
        self.assertFalse(self._remind())
        leaflets.coupon_reminder_days = 7
        mail = self._remind()
        self.assertEqual(mail.recipient_ids, self.member)

    def test_many_customers_are_written_to_in_batches(self):
        self.patch(loyalty_coupon_reminder, "BATCH", 2)
        for number in range(4):
            card = self._make_member(f"Member {number}")
            card.partner_id.email = f"member{number}@example.com"
            self._post(200, "bonus", card)
            self._issue(7, card)
            self._issue(7, card)
        with freeze_time(f"{TODAY} 10:00:00"):
            next(self.reminders._run_reminders())
        self.assertEqual(self.reminders.search_count([]), 4)
        # The worker dies here; the next one goes on with the others.
        self.assertEqual(len(self._remind()), 2)

    def test_reminders_are_nobodys_to_make(self):
        coupon = self._issue()
        values = {
            "coupon_id": coupon.id,
            "program_id": self.program.id,
            "partner_id": self.member.id,
            "expires_on": TODAY,
            "reminded_at": "2026-06-30",
        }
        for user in (self.manager, self.loyalty_user, self.salesperson):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.reminders.with_user(user).create(values)
        with self.assertRaises(AccessError):
            self.reminders.with_user(self.salesperson).search([])

    def test_an_erased_member_leaves_no_trace_of_it(self):
        coupon = self._issue()
        self._remind()
        self.card.with_user(self.manager)._erase(False)
        self.assertFalse(self.reminders.search([("coupon_id", "=", coupon.id)]))
        self.assertNotIn("Mira", " ".join(coupon.message_ids.mapped("body")))
