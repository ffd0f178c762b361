from odoo.fields import Datetime
from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestTierDelivery(LoyaltyWebsiteCommon):
    """Members of a tier pay nothing for delivery, in quotation and cart."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bronze = cls.program.tier_ids.sorted("threshold")[0]
        cls.post = cls._make_carrier("Post", 7)
        cls.courier = cls._make_carrier("Courier", 20)
        cls.benefit = cls.env["loyalty.tier.benefit"].create(
            {"tier_id": cls.bronze.id, "kind": "delivery"}
        )

    @classmethod
    def _make_carrier(cls, name, price):
        product = cls.env["product.product"].create(
            {"name": name, "type": "service", "taxes_id": False}
        )
        return cls.env["delivery.carrier"].create(
            {
                "name": name,
                "product_id": product.id,
                "delivery_type": "fixed",
                "fixed_price": price,
                "is_published": True,
            }
        )

    def _quote(self, partner):
        return self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [(0, 0, {"product_id": self.album.id})],
            }
        )

    def _deliver(self, order, carrier):
        """Add the delivery as the back office's wizard does; return its price."""
        wizard = self.env["choose.delivery.carrier"].create(
            {"order_id": order.id, "carrier_id": carrier.id}
        )
        wizard._get_delivery_rate()
        wizard.button_confirm()
        return order.order_line.filtered("is_delivery").price_unit

    def test_a_members_quotation_is_delivered_free(self):
        order = self._quote(self.member)
        self.assertEqual(self._deliver(order, self.post), 0)
        line = order.order_line.filtered("is_delivery")
        self.assertIn("Free for Bronze members", line.name)
        self.assertEqual(order.amount_total, 40)
        self.assertEqual(self._deliver(self._quote(self.other), self.post), 7)

    def test_only_the_chosen_method_is_free(self):
        self.benefit.carrier_ids = self.post
        self.assertEqual(self._deliver(self._quote(self.member), self.post), 0)
        self.assertEqual(self._deliver(self._quote(self.member), self.courier), 20)

    def test_a_members_cart_is_delivered_free(self):
        self._sign_in(self.member_user)
        order = self._fill_cart(self.member)
        order._set_delivery_method(self.post)
        self.assertEqual(order.amount_delivery, 0)
        self.assertEqual(order.amount_total, 40)

    def test_without_the_tier_delivery_has_its_price(self):
        self.card.sudo().member_state = "frozen"
        self.assertEqual(self._deliver(self._quote(self.member), self.post), 7)

    def test_a_delivery_for_nothing_is_a_use_of_a_paid_membership(self):
        self.benefit.carrier_ids = self.post
        prime = self.env["product.product"].create(
            {
                "name": "A year of Bronze",
                "type": "service",
                "loyalty_tier_id": self.bronze.id,
                "loyalty_term_months": 12,
            }
        )
        sold = self._quote(self.member)
        facts = {"partner": self.member, "document": sold, "moment": Datetime.now()}
        term = self.env["loyalty.paid.membership"]._begin(
            sold.order_line, prime, 1, facts
        )
        self.assertFalse(term._get_uses())
        for carrier in (self.courier, self.post):
            order = self._quote(self.member)
            self._deliver(order, carrier)
            order.action_confirm()
        self.assertEqual(term._get_uses(), [f"free delivery of {order.name}"])
        order._action_cancel()
        self.assertFalse(term._get_uses())

    def test_the_customer_reads_a_sentence(self):
        self.assertEqual(self.benefit.description, "Free delivery.")
        self.benefit.carrier_ids = self.post
        self.assertEqual(self.benefit.description, "Free delivery with Post.")

    def test_what_if_counts_the_deliveries_of_the_members(self):
        self.env["loyalty.tier.benefit"].create(
            {
                "tier_id": self.program.tier_ids.sorted("threshold")[1].id,
                "kind": "delivery",
            }
        )
        self._buy_delivered(self.other, self.post)
        self.assertEqual(self._estimate(), 0, "no member")
        self._buy_delivered(self.member, self.post)
        # Free already: taken at what others paid for the same method.
        self.assertEqual(self._estimate(), 7)
        self.benefit.active = False
        self._buy_delivered(self.member, self.courier)
        self._quote(self.member)
        self.assertEqual(self._estimate(), 0, "archived: it gives nothing")
        self.benefit.active = True
        self.assertEqual(self._estimate(), 27)
        self.benefit.carrier_ids = self.courier
        self.assertEqual(self._estimate(), 20)

    def _buy_delivered(self, partner, carrier):
        order = self._quote(partner)
        self._deliver(order, carrier)
        order.action_confirm()

    def _estimate(self):
        """Return what free delivery would have cost for Bronze, of 12 months."""
        wizard = (
            self.env["loyalty.tier.what.if"]
            .with_context(default_program_id=self.program.id)
            .create({})
        )
        # Out of reach: everybody would be in Bronze.
        for number, line in enumerate(wizard.line_ids.sorted("threshold")[1:], 1):
            line.write({"threshold": 9000 * number, "keep_threshold": 9000})
        wizard.action_count()
        costs = wizard.cost_ids.filtered(lambda row: row.tier_id == self.bronze)
        return sum(costs.mapped("cost"))
