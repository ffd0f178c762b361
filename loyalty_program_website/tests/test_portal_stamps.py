from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestPortalStamps(LoyaltyWebsiteCommon):
    """A stamp card in the webshop and on the customer's page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        programs = cls.env["loyalty.program"]
        cls.stamps = programs.create(
            programs._prepare_stamp_card_values(
                9,
                cls.album,
                name="Album card",
                house=cls.program,
                rule={
                    "reward_point_mode": "unit",
                    "reward_point_amount": 1,
                    "product_ids": cls.album.ids,
                },
            )
        )
        cls.stamp_card = cls.stamps._enrol(cls.member, "backoffice", False)

    def test_the_member_sees_filled_and_empty_stamps(self):
        self._give_points(self.stamp_card, 7)
        self._sign_in(self.member_user)
        page = self._read_main("/my/loyalty")
        self.assertIn('aria-label="7 of 9 stamps"', page)
        self.assertEqual(page.count('class="o_lp_stamp o_lp_stamp_filled"'), 7)
        self.assertEqual(page.count('class="o_lp_stamp"'), 2)
        self.assertIn("Collect 1 stamp for each of: Test Album.", page)

    def test_a_member_of_the_house_joins_with_one_tap(self):
        self.stamp_card._leave()
        self._sign_in(self.member_user)
        page = self._read_main("/my/loyalty")
        form = page[page.index("Join Album card") : page.index("Join now")]
        self.assertIn("This card comes", form)
        self.assertNotIn('type="checkbox"', form)
        self._join(self.stamps)
        self.assertTrue(self._get_card(self.member, self.stamps))

    def test_who_joins_the_house_has_the_stamp_card(self):
        self._sign_in(self.other_user)
        page = self._read_main("/my/loyalty")
        self.assertIn('type="checkbox"', page[page.index("Join Album card") :])
        self._join(self.program)
        self.assertTrue(self._get_card(self.other, self.stamps))

    def test_the_cart_promises_what_the_order_gives(self):
        self._sign_in(self.member_user)
        order = self._fill_cart(self.member, quantity=2)
        previews = {
            preview["program"]: preview["points"]
            for preview in order._get_loyalty_previews()
        }
        self.assertEqual(previews[self.stamps], 2)
        self._pay(order)
        self.assertEqual(self.stamp_card.points, 2)

    def test_the_cart_promises_no_stamp_that_does_not_fit(self):
        self.stamps.stamp_surplus = "dropped"
        self._give_points(self.stamp_card, 8)
        self._sign_in(self.member_user)
        order = self._fill_cart(self.member, quantity=3)
        previews = {
            preview["program"]: preview["points"]
            for preview in order._get_loyalty_previews()
        }
        self.assertEqual(previews[self.stamps], 1)
        self._pay(order)
        self.assertEqual(self.stamp_card.points, 9)

    def test_a_full_card_buys_the_free_one_in_the_cart(self):
        self._give_points(self.stamp_card, 9)
        self._sign_in(self.member_user)
        order = self._fill_cart(self.member)
        order._update_programs_and_rewards()
        order._apply_program_reward(self.stamps.reward_ids, self.stamp_card)
        free = order.order_line.filtered("reward_id")
        self.assertEqual(free.product_uom_qty, 1)
        self._pay(order)
        self.assertEqual(self.stamp_card.points, 1)
        self.assertEqual(order.amount_total, 40)
