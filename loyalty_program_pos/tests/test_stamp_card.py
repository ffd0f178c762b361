from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestStampCard(TillCase):
    """Buy nine, the tenth is free, at the till."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stamps = cls._make_stamp_card()
        cls.stamp_card = cls.stamps.sudo()._enrol(cls.member, "pos", True)

    @classmethod
    def _make_stamp_card(cls, **values):
        programs = cls.env["loyalty.program"]
        stamps = programs.create(
            {
                **programs._prepare_stamp_card_values(
                    9,
                    cls.coffee,
                    house=cls.program,
                    rule={
                        "reward_point_mode": "unit",
                        "reward_point_amount": 1,
                        "product_ids": cls.coffee.ids,
                    },
                ),
                **values,
            }
        )
        stamps.currency_id = cls.till.currency_id
        return stamps

    def _free_cup(self):
        """Return the line that takes the price of a cup off again, as the till does."""
        return self._reward_line(
            self.stamps.reward_ids,
            self.coffee.list_price,
            card=self.stamp_card,
            loyalty_reward_product_id=self.coffee.id,
        )

    def _figures(self, order):
        return next(f for f in order.loyalty_result if f["id"] == self.stamp_card.id)

    def test_nineteen_cups_give_one_reward_and_keep_the_rest(self):
        order = self._sell(self.member, self._line(self.coffee, 19), self._free_cup())
        self.assertEqual(self.stamp_card.points, 18 - 9)
        figures = self._figures(order)
        self.assertEqual((figures["earned"], figures["spent"]), (18, 9))
        self.assertEqual(figures["stampsNeeded"], 9)
        self.assertEqual(figures["words"], ["9 stamps = 1 Coffee for free."])

    def test_the_receipt_speaks_the_language_of_who_takes_it(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.stamps.with_context(lang="fr_FR").portal_point_name = "tampons"
        self.coffee.with_context(lang="fr_FR").name = "Café"
        self.member.lang = "fr_FR"
        order = self._sell(self.member, self._line(self.coffee, 1))
        (words,) = self._figures(order)["words"]
        self.assertIn("9 tampons", words)
        self.assertIn("Café", words)

    def test_the_free_one_earns_no_stamp(self):
        self._give(9, self.stamp_card)
        self._sell(self.member, self._line(self.coffee, 1), self._free_cup())
        self.assertEqual(self.stamp_card.points, 0)

    def test_a_returned_cup_takes_its_stamp_along(self):
        order = self._sell(self.member, self._line(self.coffee, 9))
        self.assertEqual(self.stamp_card.points, 9)
        self._refund(order, 1)
        self.assertEqual(self.stamp_card.points, 8)

    def test_the_surplus_is_dropped_where_the_programme_says_so(self):
        self.stamps.stamp_surplus = "dropped"
        self._give(7, self.stamp_card)
        self._sell(self.member, self._line(self.coffee, 5))
        self.assertEqual(self.stamp_card.points, 9)
        self._sell(self.member, self._line(self.coffee, 12), self._free_cup())
        self.assertEqual(self.stamp_card.points, 9)

    def test_who_joins_the_house_brings_the_stamp_card_to_the_till(self):
        data = self.till.with_user(self.cashier).loyalty_join(
            self.program.id,
            self.stranger.id,
            {"consent": True, "terms_version": self.program.terms_version},
        )["loyalty.card"]
        programs = {values["program_id"] for values in data}
        self.assertEqual(programs, {self.program.id, self.stamps.id})

    def test_a_member_of_the_house_needs_no_second_consent(self):
        cakes = self._make_stamp_card(name="Cakes")
        for partner, is_refused in ((self.member, False), (self.stranger, True)):
            with self.subTest(partner=partner.name):
                self._try_to_join(cakes, partner, is_refused)

    def _try_to_join(self, program, partner, is_refused):
        consent = {"consent": False, "terms_version": program.terms_version}
        till = self.till.with_user(self.cashier)
        if is_refused:
            with self.assertRaisesRegex(UserError, "agreeing to the programme's terms"):
                till.loyalty_join(program.id, partner.id, consent)
        else:
            till.loyalty_join(program.id, partner.id, consent)
        self.assertNotEqual(bool(program._get_member_card(partner)), is_refused)
