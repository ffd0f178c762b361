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
