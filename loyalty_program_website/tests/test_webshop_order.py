from odoo.tests import new_test_user, tagged

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestWebshopOrder(LoyaltyWebsiteCommon):
    """A paid webshop order reaches the ledger once, and a cancelled one leaves it."""

    def test_a_paid_order_is_posted_once_as_the_webshops(self):
        self._sign_in(self.member_user)
        order = self._fill_cart(self.member)
        transaction = self._pay(order)
        self.assertEqual(order.state, "sale")
        entry = self._entries_of(order)
        self.assertEqual(len(entry), 1)
        self.assertEqual(entry.entry_type, "earn")
        self.assertEqual(entry.channel, "website")
        self.assertEqual(entry.points, 40)
        self.assertEqual(entry.base_amount, 40)
        self.assertEqual(self.card.points, 40)
        transaction._post_process()
        self.assertEqual(self._entries_of(order), entry)

    def test_a_paid_order_goes_to_whom_the_tier_promises(self):
        self.website.salesperson_id = self.env.user
        expert = new_test_user(
            self.env, "web_expert", groups="sales_team.group_sale_salesman"
        )
        self.env["loyalty.tier.benefit"].create(
            {
                "tier_id": self.card.tier_id.id,
                "kind": "seller",
                "seller_id": expert.id,
            }
        )
        self._sign_in(self.member_user)
        order = self._fill_cart(self.member)
        self.assertFalse(order.user_id)
        self._pay(order)
        self.assertEqual(order.user_id, expert)

    def test_an_unpaid_cart_posts_nothing(self):
        self._sign_in(self.member_user)
        order = self._fill_cart(self.member)
        transaction = self._start_payment(order)
        transaction._set_pending()
        transaction._post_process()
        self.assertFalse(self._entries_of(order))
        self.assertEqual(self.card.points, 0)

    def test_a_customer_who_did_not_join_gets_no_card(self):
        self._sign_in(self.other_user)
        order = self._fill_cart(self.other)
        self._pay(order)
        self.assertEqual(order.state, "sale")
        self.assertFalse(self._entries_of(order))
        self.assertFalse(
            self.env["loyalty.card"].search([("partner_id", "=", self.other.id)])
        )

    def test_joining_with_a_full_cart_counts_for_that_cart(self):
        self._sign_in(self.other_user)
        order = self._fill_cart(self.other)
        self._join(self.program, back="cart")
        self._pay(order)
        self.assertEqual(self._get_card(self.other).points, 40)

    def test_held_points_of_a_paid_order_are_pending(self):
        self.program.hold_days = 14
        self._sign_in(self.member_user)
        self._pay(self._fill_cart(self.member))
        self.assertEqual(self.card.points, 0)
        self.assertEqual(self.card.points_pending, 40)

    def test_cancelling_takes_back_what_the_order_gave(self):
        self._sign_in(self.member_user)
        order = self._fill_cart(self.member)
        self._pay(order)
        order._action_cancel()
        entries = self._entries_of(order)
        self.assertEqual(entries.mapped("points"), [40, -40])
        self.assertEqual(entries[1].reverses_id, entries[0])
        self.assertEqual(set(entries.mapped("channel")), {"website"})
        self.assertEqual(self.card.points, 0)

    def test_an_order_of_the_back_office_is_not_the_webshops(self):
        order = self.env["sale.order"].create({"partner_id": self.member.id})
        self.assertEqual(order._get_loyalty_channel(), "sale")

    def test_a_confirmed_order_tells_what_it_gave_and_took(self):
        self._give_points(self.card, 150)
        self._sign_in(self.member_user)
        order = self._fill_cart(self.member)
        order._update_programs_and_rewards()
        reward = self.program.reward_ids.sorted("required_points")[0]
        order._apply_program_reward(reward, self.card)
        self._pay(order)
        [preview] = order._get_loyalty_previews()
        self.assertEqual((preview["points"], preview["spent"]), (35, 100))
        # Money on a card of another programme is not added to the points.
        wallets = self.env["loyalty.program"].create(
            {"name": "Wallets", "program_type": "ewallet"}
        )
        wallet = wallets.coupon_ids.create(
            {"program_id": wallets.id, "partner_id": self.member.id}
        )
        wallet.history_ids.create(
            {
                "card_id": wallet.id,
                "order_model": "sale.order",
                "order_id": order.id,
                "description": "paid",
                "used": 7,
                "issued": 0,
            }
        )
        page = self._open(order.get_portal_url())
        text = self._text(page, "o_lp_order_figures")
        paid = " ".join(wallet._format_points(7).split())
        self.assertEqual(
            text, f"Test Club Earned 35 points Used 100 points Wallets Used {paid}"
        )
