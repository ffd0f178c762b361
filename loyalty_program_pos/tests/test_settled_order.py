from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestSettledOrder(TillCase):
    """Sales orders that a till settles, in a database with Odoo's own ``pos_sale``.

    The addon does not depend on it; ``./dev test`` installs it beside.
    """

    def test_a_sales_order_settled_here_takes_its_own_points_back(self):
        # Odoo lets nobody settle a sales order who may not read it.
        self.cashier.group_ids += self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        orders = self.env["sale.order"].sudo()
        order = orders.create(
            {
                "partner_id": self.member.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.record.id,
                            "product_uom_qty": 2,
                            "price_unit": 30,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        self.assertEqual(self.card.points, 60)
        settled = self._sell(
            self.member,
            self._line(
                self.record,
                2,
                sale_order_origin_id=order.id,
                sale_order_line_id=order.order_line.id,
            ),
        )
        self.assertEqual(self.card.points, 60)
        refund = self._refund(settled, 1)
        self.assertEqual(self.card.points, 30)
        self.assertEqual(self._entries(refund).reverses_id.origin_id, order.id)
        self._refund(settled, 1)
        self.assertEqual(self.card.points, 0)
