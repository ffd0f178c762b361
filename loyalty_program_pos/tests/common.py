from uuid import uuid4

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.point_of_sale.tests.common import CommonPosTest


class TillCase(CommonPosTest):
    """A till with an open register, a cashier, a member and somebody who is none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give_rights()
        cls.env["loyalty.program"].search([]).active = False
        cls.till = cls.pos_config_usd
        cls.cashier = new_test_user(
            cls.env,
            "till_cashier",
            groups="base.group_user,point_of_sale.group_pos_user",
            company_id=cls.env.company.id,
        )
        cls.program = cls._make_program()
        cls.till.with_user(cls.cashier).open_ui()
        cls.till.current_session_id.set_opening_control(0, "")
        cls.member = cls.env["res.partner"].create({"name": "Mira Member"})
        cls.stranger = cls.env["res.partner"].create({"name": "Stan Stranger"})
        cls.card = cls._make_card(cls.member)
        cls.coffee = cls._make_product("Coffee", 4)
        cls.record = cls._make_product("Record", 30)

    @classmethod
    def _give_rights(cls):
        cls.env.user.group_ids += cls.env.ref("loyalty_program.group_loyalty_manager")

    @classmethod
    def _make_card(cls, partner):
        return cls.program.sudo()._enrol(partner, "pos", True)

    @classmethod
    def _make_program(cls, **values):
        program = cls.env["loyalty.program"].create(
            {**cls.env["loyalty.program"]._prepare_membership_values(), **values}
        )
        program.currency_id = cls.till.currency_id
        return program

    @classmethod
    def _make_product(cls, name, price):
        return cls.env["product.product"].create(
            {
                "name": name,
                "list_price": price,
                "available_in_pos": True,
                "taxes_id": [Command.clear()],
                "type": "consu",
            }
        )

    def _line(self, product, qty=1, price=None, **values):
        price = product.list_price if price is None else price
        amount = qty * price
        return Command.create(
            {
                "product_id": product.id,
                "qty": qty,
                "price_unit": price,
                "price_subtotal": amount,
                "price_subtotal_incl": amount,
                "tax_ids": [Command.set([])],
                "uuid": str(uuid4()),
                **values,
            }
        )

    def _reward_line(self, reward, amount, card=None, qty=1, **values):
        card = self.card if card is None else card
        return self._line(
            reward.discount_line_product_id,
            qty=qty,
            price=-amount / qty,
            is_reward_line=True,
            reward_id=reward.id,
            coupon_id=card.id,
            reward_identifier_code=str(uuid4()),
            **{"points_cost": reward.required_points, **values},
        )

    def _order_values(self, partner, *lines, **values):
        total = sum(command[2]["price_subtotal_incl"] for command in lines)
        if any(line.get("refunded_orderline_id") for _command, _id, line in lines):
            # As Odoo's till does: the order's total keeps its sign, the lines do not.
            values = {"is_refund": True, **values}
            for _command, _id, line in lines:
                for name in ("price_subtotal", "price_subtotal_incl"):
                    line[name] = -line[name]
        return {
            "amount_paid": total,
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": total,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "lines": list(lines),
            "partner_id": partner.id,
            "payment_ids": [
                Command.create(
                    {
                        "amount": total,
                        "name": fields.Datetime.now(),
                        "payment_method_id": self.bank_payment_method.id,
                    }
                )
            ],
            "session_id": self.till.current_session_id.id,
            "state": "paid",
            "to_invoice": False,
            "user_id": self.cashier.id,
            "uuid": str(uuid4()),
            **values,
        }

    def _sync(self, values):
        """Send an order the way a till does; return it."""
        data = self.env["pos.order"].with_user(self.cashier).sync_from_ui([values])
        return self.env["pos.order"].browse(data["pos.order"][-1]["id"])

    def _sell(self, partner, *lines, **values):
        return self._sync(self._order_values(partner, *lines, **values))

    def _refund(self, order, qty, number=0, **values):
        line = order.lines[number]
        return self._sell(
            self.member,
            self._line(
                line.product_id,
                -qty,
                price=line.price_unit,
                refunded_orderline_id=line.id,
            ),
            **values,
        )

    def _give(self, points, card=None):
        """Let a member have points from the start."""
        card = card or self.card
        with self.env["loyalty.ledger"].sudo()._claim(gain="opening"):
            card.sudo().points += points

    def _entries(self, order):
        return self.env["loyalty.ledger.entry"].search(
            [("origin_model", "=", "pos.order"), ("origin_id", "=", order.id)],
            order="id",
        )
