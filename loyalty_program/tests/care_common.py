from odoo.fields import Command

from .common import LoyaltyCase


class CareCase(LoyaltyCase):
    """A shop that sells a drone, and a care plan for it: a year, two claims."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=cls.company, install_demo=False
        )
        # A service: what an inventory knows of a delivery is another addon's matter.
        cls.drone = cls._make_product("Drone", 800, invoice_policy="order")
        cls.plan_product = cls._make_care_product(cls.drone)
        cls.plans = cls.env["loyalty.care.plan"]

    @classmethod
    def _make_care_product(cls, items, **values):
        return cls._make_product(
            "Drone Care",
            90,
            invoice_policy="order",
            is_care_plan=True,
            care_product_tmpl_ids=[Command.set(items.product_tmpl_id.ids)],
            **{"care_fee": 49, **values},
        )

    @classmethod
    def _line(cls, product, quantity=1, **values):
        return {"product_id": product.id, "product_uom_qty": quantity, **values}

    def _quote(self, *lines, partner=None):
        return self._make_order(partner or self.member, *lines)

    def _buy_drone(self, quantity=1, partner=None):
        """Return the confirmed line of a drone that was bought without a plan."""
        order = self._quote(self._line(self.drone, quantity), partner=partner)
        order.action_confirm()
        return order.order_line

    def _invoice(self, order):
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        return invoice

    def _pay(self, order):
        """Invoice an order and pay it; return the invoice."""
        invoice = self._invoice(order)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({}).action_create_payments()
        return invoice

    def _sell(self, *lines, partner=None):
        """Sell a drone with its plan, or other lines, paid.

        :return: (order, invoice, plans)
        """
        lines = lines or (self._line(self.drone), self._line(self.plan_product))
        order = self._quote(*lines, partner=partner)
        order.action_confirm()
        invoice = self._pay(order)
        return order, invoice, self._plans_of(order)

    def _plans_of(self, order):
        return self.plans.search(
            [("origin_model", "=", "sale.order"), ("origin_id", "=", order.id)],
            order="item_unit",
        )

    def _credit(self, invoice, *, keep=None, quantity=None, price=None):
        """Give the money of an invoice back.

        :param keep: product whose line alone goes back, all of them without it
        """
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        note = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        if keep:
            note.invoice_line_ids.filtered(
                lambda line: line.product_id != keep
            ).unlink()
        if quantity is not None:
            note.invoice_line_ids.quantity = quantity
        if price is not None:
            note.invoice_line_ids.price_unit = price
        note.action_post()
        return note

    def _claim(self, plan, user=None):
        return (
            self.env["loyalty.care.claim"]
            .with_user(user or self.loyalty_user)
            .create({"plan_id": plan.id, "description": "Fell into a tree."})
        )
