from uuid import uuid4

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.loyalty_program.tests.commit_common import CommittingCase


class TillRaceCase(CommittingCase):
    """An open till, sales orders and web carts that want the same at one instant."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls._commit() as env:
            cls.session = cls._open_till(env).id
            program = env["loyalty.program"].browse(cls.program)
            cls.reward = program.reward_ids.sorted("required_points")[0].id

    @classmethod
    def _open_till(cls, env):
        """Return the open session of a till that needs no chart of accounts."""
        journals = env["account.journal"].create(
            [
                {"name": "At once", "code": uuid4().hex[:5].upper(), "type": kind}
                for kind in ("general", "sale")
            ]
        )
        method = env["pos.payment.method"].create(
            {"name": "At once", "journal_id": False}
        )
        till = env["pos.config"].create(
            {
                "name": "At once",
                "payment_method_ids": [Command.set(method.ids)],
                "journal_id": journals[0].id,
                "invoice_journal_id": journals[1].id,
            }
        )
        session = env["pos.session"].create({"config_id": till.id})
        session.state = "opened"
        return session

    @classmethod
    def _neutralise(cls):
        super()._neutralise()
        with cls._commit() as env:
            session = env["pos.session"].browse(cls.session)
            # SQL: closed without the books, of which this till has none.
            env.cr.execute(
                SQL("UPDATE pos_session SET state = 'closed' WHERE id = %s", session.id)
            )
            session.invalidate_recordset()
            till = session.config_id
            till.active = False
            till.payment_method_ids.active = False
            (till.journal_id | till.invoice_journal_id).active = False

    # === Clients ===

    def _prepare_sale(self, card_id, coupon_id=None):
        """Return a sale of 20 with the reward of 5 for 100 points, as a till's.

        :param coupon_id: the member's coupon that gives it, instead of the points
        """
        with self._commit() as env:
            reward = env["loyalty.reward"].browse(self.reward)
            card = env["loyalty.card"].browse(card_id)
            payer, cost = card, 100
            if coupon_id:
                payer, cost = card.browse(coupon_id), 1
                reward = payer.program_id.reward_ids
            session = env["pos.session"].browse(self.session)
            claimed = {
                "is_reward_line": True,
                "reward_id": reward.id,
                "coupon_id": payer.id,
                "reward_identifier_code": str(uuid4()),
                "points_cost": cost,
            }
            method = session.config_id.payment_method_ids
            payment = {"amount": 15, "payment_method_id": method.id}
            return {
                "amount_paid": 15,
                "amount_return": 0,
                "amount_tax": 0,
                "amount_total": 15,
                "date_order": fields.Datetime.to_string(fields.Datetime.now()),
                "lines": [
                    self._prepare_line(self.product, 20),
                    self._prepare_line(
                        reward.discount_line_product_id.id, -5, **claimed
                    ),
                ],
                "partner_id": card.partner_id.id,
                "payment_ids": [
                    Command.create({**payment, "name": fields.Datetime.now()})
                ],
                "session_id": session.id,
                "state": "paid",
                "to_invoice": False,
                "user_id": session.user_id.id,
                "uuid": str(uuid4()),
            }

    def _prepare_line(self, product_id, price, **values):
        return Command.create(
            {
                "product_id": product_id,
                "qty": 1,
                "price_unit": price,
                "price_subtotal": price,
                "price_subtotal_incl": price,
                "tax_ids": [Command.set([])],
                "uuid": str(uuid4()),
                **values,
            }
        )

    def _ask(self, card_id, sale, env, cost=100):
        """Ask for the points, as a till does when the customer is about to pay."""
        orders = env["pos.order"].with_context(loyalty_order=sale["uuid"])
        answer = orders.validate_coupon_programs({str(card_id): -cost}, [])
        if not answer["successful"]:
            raise UserError(answer["payload"]["message"])
        return 1

    def _send(self, sale):
        with self._commit() as env:
            data = env["pos.order"].sync_from_ui([sale])
            return data["pos.order"][-1]["id"]

    def _make_cart(self, card_id, reward=True):
        """Return the id of a cart: the webshop's, if there is one."""
        order_id = self._make_order(card_id, 20, reward=reward)
        with self._commit() as env:
            order = env["sale.order"].browse(order_id)
            if "website_id" in order._fields:
                order.website_id = env["website"].search([], limit=1)
        return order_id
