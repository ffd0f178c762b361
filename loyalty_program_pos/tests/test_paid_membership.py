from unittest.mock import patch

from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestPaidMembership(TillCase):
    """A membership that is sold at the till begins and ends there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold = cls.program.tier_ids.sorted("threshold")[2]
        cls.prime = cls._make_product("Gold for a year", 90)
        cls.prime.product_tmpl_id.write(
            {"type": "service", "loyalty_tier_id": cls.gold.id}
        )

    def test_it_begins_when_the_sale_is_paid_and_once(self):
        values = self._order_values(self.member, self._line(self.prime))
        order = self._sync(values)
        self.assertEqual(self.card.tier_id, self.gold)
        self._sync(values)
        term = self.env["loyalty.paid.membership"].search(
            [("origin_id", "=", order.id), ("origin_model", "=", "pos.order")]
        )
        self.assertEqual((len(term), term.state), (1, "active"))

    def test_returned_it_ends(self):
        order = self._sell(self.member, self._line(self.prime))
        refund = self._refund(order, 1)
        self.assertEqual(self.card.tier_id.name, "Bronze")
        self.assertNotIn("although it was used", str(refund.message_ids.mapped("body")))

    def test_returned_after_use_the_managers_are_told(self):
        order = self._sell(self.member, self._line(self.prime))
        uses = patch.object(
            self.registry["loyalty.paid.membership"],
            "_get_uses",
            lambda _term: ["5 % off an order"],
        )
        with uses:
            refund = self._refund(order, 1)
        self.assertIn("although it was used", str(refund.message_ids.mapped("body")))
        self.assertEqual(self.card.tier_id.name, "Bronze")

    def test_what_the_till_took_off_for_the_tier_is_a_use(self):
        benefit = self.env["loyalty.tier.benefit"].create(
            {"tier_id": self.gold.id, "kind": "discount", "discount": 10}
        )
        sold = self._sell(self.member, self._line(self.prime))
        term = self.env["loyalty.paid.membership"].search(
            [("origin_id", "=", sold.id), ("origin_model", "=", "pos.order")]
        )
        self.assertFalse(term._get_uses())
        reward = benefit.discount_program_id.reward_ids
        line = self._reward_line(reward, 3, card=self.env["loyalty.card"])
        order = self._sell(self.member, self._line(self.record), line)
        self.assertEqual(term._get_uses(), [f"percentage off at the till {order.name}"])

    def test_a_sale_at_members_prices_is_a_use(self):
        prices = self.env["product.pricelist"].create(
            {"name": "Gold", "currency_id": self.till.currency_id.id}
        )
        self.env["loyalty.tier.benefit"].create(
            {
                "tier_id": self.gold.id,
                "kind": "pricelist",
                "pricelist_id": prices.id,
            }
        )
        sold = self._sell(self.member, self._line(self.prime), pricelist_id=prices.id)
        term = self.env["loyalty.paid.membership"].search(
            [("origin_id", "=", sold.id), ("origin_model", "=", "pos.order")]
        )
        self.assertFalse(term._get_uses(), "the sale of the membership itself")
        order = self._sell(self.member, self._line(self.record), pricelist_id=prices.id)
        self.assertIn(order.name, term._get_uses()[-1])
