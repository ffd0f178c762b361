from odoo.fields import Command
from odoo.tests import tagged

from .claim_common import ClaimCase

#: Rows of the short list and of the long one.
FEW, MANY = 3, 12


@tagged("post_install", "-at_install")
class TestListQueries(ClaimCase):
    """A list of the back office asks the database as often for many rows as for few."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cards = cls.env["loyalty.card"]
        for number in range(MANY):
            cls.cards |= cls._make_member(f"Member {number}")
        for card in cls.cards:
            cls._post(1000, "bonus", card)

    def _assert_flat(self, view, domain):
        """Compare the queries of a list of few and of many rows of its own kind."""
        view = self.env.ref(f"loyalty_program.{view}")
        model = self.env[view.model].with_user(self.manager)
        names = model.get_view(view.id, "list")["models"][view.model]
        many2one = {"fields": {"display_name": {}}}
        spec = {
            name: many2one if model._fields[name].type == "many2one" else {}
            for name in names
        }
        counts = []
        # The first look warms up what no list pays for.
        for limit in (FEW, FEW, MANY):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = model.web_search_read(domain, spec, limit=limit)["records"]
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(rows), limit, view.name)
        self.assertEqual(counts[1], counts[2], view.name)

    def test_claims_of_the_catalogue(self):
        cause = self.env["loyalty.cause"].create({"name": "Trees"})
        tour = self._make_reward(
            "experience", experience_date_ids=[Command.create({"capacity": MANY})]
        )
        trees = self._make_reward(
            "donation", cause_id=cause.id, discount_mode="per_order", discount=5
        )
        for card in self.cards:
            self._claim(tour, card)
            self._claim(trees, card)
        for view, kind in (
            ("loyalty_reward_claim_view_list", "donation"),
            ("loyalty_experience_claim_view_list", "experience"),
            ("loyalty_physical_claim_view_list", "experience"),
        ):
            self._assert_flat(view, [("kind", "=", kind)])

    def test_coupons(self):
        reward = self.program.reward_ids.sorted("required_points")[0]
        reward.issues_coupon = True
        for card in self.cards:
            card._issue_coupon(reward, "backoffice")
        domain = [("source_card_id", "in", self.cards.ids)]
        self._assert_flat("loyalty_card_view_list_coupon", domain)

    def test_care_plans_and_their_claims(self):
        plans = self.env["loyalty.care.plan"].create(
            [
                {
                    "name": f"PLAN-{number}",
                    "partner_id": card.partner_id.id,
                    "company_id": self.company.id,
                    "product_id": self.product.id,
                    "item_product_id": self.product.id,
                    "item_model": "sale.order",
                    "item_line_id": 0,
                    "item_unit": number,
                    "months": 12,
                    "claims_included": 2,
                    "currency_id": self.currency.id,
                    "paid_on": "2026-06-30",
                    "starts_on": "2026-06-30",
                    "ends_on": "2099-12-31",
                    "state": "active",
                    "key": f"list:{number}",
                    "origin_model": "sale.order",
                    "origin_line_id": 0,
                }
                for number, card in enumerate(self.cards)
            ]
        )
        self.env["loyalty.care.claim"].create(
            [{"plan_id": plan.id, "description": "It broke."} for plan in plans]
        )
        self._assert_flat("loyalty_care_plan_view_list", [("id", "in", plans.ids)])
        domain = [("plan_id", "in", plans.ids)]
        self._assert_flat("loyalty_care_claim_view_list", domain)

    def test_partner_codes(self):
        pool = self.env["loyalty.code.pool"].create({"name": "Cinema"})
        self.env["loyalty.partner.code"].create(
            [{"pool_id": pool.id, "code": f"C-{number}"} for number in range(MANY)]
        )
        film = self._make_reward("partner_code", code_pool_id=pool.id)
        for card in self.cards:
            self._claim(film, card)
        domain = [("pool_id", "=", pool.id)]
        self._assert_flat("loyalty_partner_code_view_list", domain)
