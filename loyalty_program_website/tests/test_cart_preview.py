from datetime import timedelta

from lxml import html

from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestCartPreview(LoyaltyWebsiteCommon):
    """The cart says what the order will earn, to each customer their own truth."""

    def test_a_member_reads_points_and_balance(self):
        self._give_points(self.card, 77)
        self._sign_in(self.member_user)
        self._fill_cart(self.member)
        text = self._read_preview()
        self.assertIn("You earn 40 points with this order", text)
        self.assertIn("Balance: 77 points", text)
        self.assertNotIn("Join", text)

    def test_a_member_reads_what_the_rewards_in_the_cart_take(self):
        self._give_points(self.card, 150)
        self._sign_in(self.member_user)
        order = self._fill_cart(self.member)
        self.assertNotIn("Used here", self._read_preview())
        order._update_programs_and_rewards()
        reward = self.program.reward_ids.sorted("required_points")[0]
        order._apply_program_reward(reward, self.card)
        text = self._read_preview()
        self.assertIn("Balance: 150 points", text)
        self.assertIn("Used here: 100 points", text)

    def test_a_member_reads_when_held_points_become_spendable(self):
        self.program.hold_days = 14
        self._sign_in(self.member_user)
        self._fill_cart(self.member)
        day = self.program._get_local_date() + timedelta(days=14)
        self.assertIn(f"use them from {day:%m/%d/%Y} on", self._read_preview())

    def test_the_preview_equals_what_is_posted(self):
        self._sign_in(self.member_user)
        order = self._fill_cart(self.member, quantity=3)
        preview = order._get_loyalty_previews()[0]
        self._pay(order)
        self.assertEqual(self._entries_of(order).points, preview["points"])
        self.assertEqual(order._get_loyalty_previews()[0]["points"], preview["points"])

    def test_a_customer_reads_what_members_collect_and_how_to_join(self):
        self._sign_in(self.other_user)
        self._fill_cart(self.other)
        self._assert_invitation()

    def test_a_guest_reads_what_members_collect_and_how_to_join(self):
        self.authenticate(None, None)
        self._fill_cart(self.website.partner_id)
        self._assert_invitation()

    def test_nothing_is_promised_for_an_order_made_before_joining(self):
        self._sign_in(self.other_user)
        order = self._fill_cart(self.other)
        self._pay(order)
        self.assertEqual(order._get_loyalty_previews(), [])

    def test_nothing_is_said_about_programmes_that_keep_stock_behaviour(self):
        self.program.active = False
        self.env["loyalty.program"].create(
            {
                "name": "Old Cards",
                "program_type": "loyalty",
                "applies_on": "both",
                "trigger": "auto",
                "rule_ids": [(0, 0, {"reward_point_mode": "money"})],
            }
        )
        self._sign_in(self.member_user)
        order = self._fill_cart(self.member)
        self.assertEqual(order._get_loyalty_previews(), [])

    def _assert_invitation(self):
        text = self._read_preview()
        self.assertIn("Members collect 40 points with this order", text)
        self.assertIn("Join Test Club", text)
        self.assertNotIn("Balance", text)

    def _read_preview(self):
        page = html.fromstring(self.url_open("/shop/cart").text)
        found = page.xpath("//*[@name='o_loyalty_preview']")
        self.assertTrue(found, "the cart says nothing about points")
        return " ".join(found[0].text_content().split())
