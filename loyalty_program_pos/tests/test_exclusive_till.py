from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestExclusiveTill(TillCase):
    """What the till is told, and what the server does with what it sold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold = cls.program.tier_ids.sorted("threshold")[2]
        cls.pressing = cls._make_product("Pressing", 50)
        cls.pressing.audience_tier_ids = cls.gold
        cls.reason = "“Pressing” is only for these tiers: Gold."

    def _make_gold(self):
        self.card.sudo().tier_id = self.gold
        self.env.invalidate_all()

    def test_the_till_loads_it_with_its_audience(self):
        self.pressing.audience_look = "hidden"
        templates = self.env["product.template"].with_user(self.cashier)
        loaded = templates._load_pos_data_read(
            self.pressing.product_tmpl_id.with_user(self.cashier), self.till
        )[0]
        self.assertEqual(
            loaded["audience_terms"],
            {"tiers": self.gold.ids, "segments": [], "both": False},
        )
        self.assertEqual(loaded["audience_words"], self.reason)
        domain = templates._load_pos_data_domain({}, self.till)
        self.assertIn(self.pressing.product_tmpl_id.id, templates.search(domain).ids)

    def test_a_paid_sale_to_another_is_kept_and_flagged(self):
        for partner in (self.member, self.stranger, self.env["res.partner"]):
            order = self._sell(partner, self._line(self.pressing))
            self.assertEqual(order.state, "paid")
            self.assertEqual(order.exclusive_note, self.reason)
            notes = "".join(order.message_ids.mapped("body"))
            self.assertEqual(notes.count("whom it is not for"), 1)

    def test_what_is_theirs_what_comes_back_and_what_is_open_is_not_flagged(self):
        self._make_gold()
        sold = self._sell(self.member, self._line(self.pressing))
        self.assertFalse(sold.exclusive_note)
        self.card.sudo().tier_id = self.program.tier_ids[0]
        self.env.invalidate_all()
        self.assertFalse(self._refund(sold, 1).exclusive_note)
        self.pressing.open_to_all_from = "2001-01-01 00:00:00"
        opened = self._sell(self.stranger, self._line(self.pressing))
        self.assertFalse(opened.exclusive_note)

    def test_a_quotation_that_a_till_settled_is_confirmed(self):
        """Where ``pos_sale`` is there: the money came, so nothing is refused."""
        # Odoo asks for it: who settles quotations may confirm them.
        self.cashier.group_ids += self.env.ref("sales_team.group_sale_salesman")
        self.env.user.group_ids += self.env.ref("sales_team.group_sale_manager")
        line = {"product_id": self.pressing.id, "tax_ids": [Command.clear()]}
        order = self.env["sale.order"].create(
            {
                "partner_id": self.stranger.id,
                "user_id": self.cashier.id,
                "order_line": [Command.create(line)],
            }
        )
        self.assertEqual(order.exclusive_warning, self.reason)
        links = {"sale_order_origin_id", "sale_order_line_id"}
        self.assertLessEqual(links, self.env["pos.order.line"]._fields.keys())
        sold = self._sell(
            self.stranger,
            self._line(
                self.pressing,
                sale_order_origin_id=order.id,
                sale_order_line_id=order.order_line.id,
            ),
        )
        self.assertEqual(sold.state, "paid")
        self.assertEqual(order.state, "sale")
        self.assertIn("Pressing", order.activity_ids.note)
        self.assertFalse(sold.exclusive_note)
