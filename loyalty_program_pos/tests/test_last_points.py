from functools import partial
from uuid import uuid4

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.loyalty_program.tests.commit_common import CommittingCase

CLIENTS = 16


@tagged("post_install", "-at_install")
class TestLastPoints(CommittingCase):
    """Tills, sales orders and web carts want the same last points at one instant."""

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

    def _prepare_sale(self, card_id):
        """Return a sale of 20 with the reward of 5 for 100 points, as a till's."""
        with self._commit() as env:
            reward = env["loyalty.reward"].browse(self.reward)
            card = env["loyalty.card"].browse(card_id)
            session = env["pos.session"].browse(self.session)
            claimed = {
                "is_reward_line": True,
                "reward_id": reward.id,
                "coupon_id": card.id,
                "reward_identifier_code": str(uuid4()),
                "points_cost": 100,
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

    def _ask(self, card_id, sale, env):
        """Ask for the points, as a till does when the customer is about to pay."""
        orders = env["pos.order"].with_context(loyalty_order=sale["uuid"])
        answer = orders.validate_coupon_programs({str(card_id): -100}, [])
        if not answer["successful"]:
            raise UserError(answer["payload"]["message"])
        return 1

    def _send(self, sale):
        with self._commit() as env:
            data = env["pos.order"].sync_from_ui([sale])
            return data["pos.order"][-1]["id"]

    def _make_cart(self, card_id):
        """Return the id of a cart with the reward: the webshop's, if there is one."""
        order_id = self._make_order(card_id, 20, reward=True)
        with self._commit() as env:
            order = env["sale.order"].browse(order_id)
            if "website_id" in order._fields:
                order.website_id = env["website"].search([], limit=1)
        return order_id

    # === Tests ===

    def test_sixteen_clients_of_three_channels_and_one_wins(self):
        (card,) = self._make_members(1, points=100)
        orders = [self._make_order(card, 20, reward=True) for _order in range(6)]
        carts = [self._make_cart(card) for _cart in range(5)]
        sales = [self._prepare_sale(card) for _sale in range(5)]
        acts = [partial(self._confirm, order) for order in orders + carts]
        acts += [partial(self._ask, card, sale) for sale in sales]
        self.assertEqual(len(acts), CLIENTS)
        results, _tries = self._race(*acts)
        refusals = [r for r in results if isinstance(r, UserError)]
        self.assertEqual(results.count(1), 1, results)
        self.assertEqual(len(refusals), CLIENTS - 1)
        for refusal in refusals:
            self.assertRegex(str(refusal), "points|reward")
            self.assertNotIn("serialize", str(refusal))
        # The till that was told "yes" finds the points there.
        for sale, result in zip(sales, results[-len(sales) :], strict=True):
            if result == 1:
                self._send(sale)
        # Whoever won bought for 20 with 5 off, which earns 15.
        self.assertEqual(self._get_balance(card), 15)

    def test_the_same_sale_of_two_servers_posts_once(self):
        (card,) = self._make_members(1, points=100)
        sale = self._prepare_sale(card)

        def send(env):
            data = env["pos.order"].sync_from_ui([sale])
            return data["pos.order"][-1]["id"]

        results, _tries = self._race(send, send)
        self.assertEqual(len(set(results)), 1, results)
        self.assertEqual(self._get_balance(card), 15)
