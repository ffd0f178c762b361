from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestPortalMembership(LoyaltyWebsiteCommon):
    """The member's page says what the ledger says."""

    def setUp(self):
        super().setUp()
        self._sign_in(self.member_user)

    def test_the_balance_and_what_is_pending_are_told_apart(self):
        self._give_points(self.card, 120)
        self._give_points(self.card, 30, key="test:pending", hold_days=14)
        page = self._open()
        self.assertIn("120 points", self._text(page, "o_lp_points"))
        self.assertIn("+30 points pending", self._text(page, "o_lp_pending"))
        until = self.program._get_local_date() + timedelta(days=14)
        shown = self._text(page, "o_lp_entry_pending")
        self.assertIn(until.strftime("%m/%d/%Y"), shown)

    def test_the_way_to_the_next_tier_is_shown(self):
        self._purchase(40)
        page = self._open()
        self.assertIn("Bronze", self._text(page, "o_lp_tier"))
        self.assertIn("60.00", self._text(page, "o_lp_progress"))
        self.assertIn("within 12 months", self._text(page, "o_lp_progress"))
        self.assertIn("Missing for Silver", self._text(page, "o_lp_progress"))
        bar = page.xpath("//*[@role='progressbar']")[0]
        self.assertEqual(bar.get("aria-valuenow"), "40")

    def test_the_highest_tier_has_nothing_above_it(self):
        self._purchase(5000)
        self.assertIn("highest tier", self._text(self._open(), "o_lp_progress"))

    def test_a_reward_says_its_price_and_whether_it_is_affordable(self):
        self._give_points(self.card, 120)
        rewards = self._open().xpath("//*[contains(@class, 'o_lp_reward ')]")
        self.assertEqual(len(rewards), 2)
        cheap, dear = (" ".join(r.text_content().split()) for r in rewards)
        self.assertIn("100 points", cheap)
        self.assertIn("Use", cheap)
        self.assertIn("130 points to go", dear)
        self.assertNotIn("Use", dear)

    def test_the_newest_entries_come_first_and_gains_differ_from_losses(self):
        now = fields.Datetime.now()
        self._give_points(
            self.card, 50, key="test:old", occurred_at=now - timedelta(days=9)
        )
        self._give_points(self.card, -20, key="test:new", entry_type="redeem")
        points = self._open().xpath("//*[contains(@class, 'o_lp_entry_points')]/text()")
        self.assertEqual(
            [text.strip() for text in points], ["\N{MINUS SIGN}20 points", "+50 points"]
        )

    def test_an_entry_says_why(self):
        order = self._fill_cart(self.member)
        self._pay(order)
        page = self._open()
        self.assertIn("Why 40 points?", self._text(page, "o_lp_why"))
        self.assertIn("40", self._text(page, "o_lp_why"))
        self.assertTrue(page.xpath(f"//a[@href='/my/orders/{order.id}']"))

    def test_an_order_that_the_member_may_not_open_is_no_link(self):
        foreign = self.env["sale.order"].create({"partner_id": self.other.id})
        self._give_points(self.card, 5, origin=("sale.order", foreign.id))
        page = self._open()
        self.assertIn(foreign.name, page.text_content())
        self.assertFalse(page.xpath(f"//a[@href='/my/orders/{foreign.id}']"))

    def test_long_histories_are_paged_and_filtered(self):
        for number in range(25):
            self._give_points(self.card, 10 + number, key=f"test:{number}")
        self._give_points(self.card, -3, key="test:spent", entry_type="redeem")
        self.assertEqual(self._count(self._open()), 5)
        url = f"/my/loyalty/{self.program.id}/points"
        self.assertTrue(self._open().xpath(f"//a[@href='{url}']"))
        self.assertEqual(self._count(self._open(url)), 20)
        self.assertEqual(self._count(self._open(f"{url}/page/2")), 6)
        self.assertEqual(self._count(self._open(f"{url}?filterby=spent")), 1)
        oldest = self._open(f"{url}?sortby=oldest")
        self.assertIn("+10 points", self._text(oldest, "o_lp_entry_points"))

    def test_points_that_expire_next_are_announced(self):
        self.program.write({"expiry_mode": "earning", "validity_count": 6})
        self._give_points(self.card, 70)
        self.assertIn("70 points", self._text(self._open(), "o_lp_expiring"))

    def test_a_member_without_purchases_is_sent_to_the_shop(self):
        page = self._open()
        self.assertTrue(
            page.xpath("//*[contains(@class, 'o_lp_empty')]//a[@href='/shop']")
        )

    def _count(self, page):
        return len(page.xpath("//*[contains(@class, 'o_lp_entry_points')]"))
