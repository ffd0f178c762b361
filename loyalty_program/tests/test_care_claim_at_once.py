from functools import partial
from uuid import uuid4

from odoo import fields
from odoo.tests import tagged

from .commit_common import CommittingCase

LEFT = 3
CLAIMS = 8


@tagged("post_install", "-at_install")
class TestCareClaimAtOnce(CommittingCase):
    """A care plan with some claims left, and more claims at the same time."""

    def _make_plan(self):
        """Return the id of a running plan: of a sale that is none of this test's."""
        (card,) = self._make_members(1)
        with self._commit() as env:
            today = fields.Date.today()
            plan = env["loyalty.care.plan"].create(
                {
                    "name": "At once",
                    "partner_id": env["loyalty.card"].browse(card).partner_id.id,
                    "company_id": env.company.id,
                    "product_id": self.product,
                    "item_product_id": self.product,
                    "item_model": "sale.order",
                    "item_line_id": 0,
                    "item_unit": uuid4().int % 1_000_000_000,
                    "months": 12,
                    "claims_included": LEFT,
                    "currency_id": env.company.currency_id.id,
                    "paid_on": today,
                    "starts_on": today,
                    "ends_on": fields.Date.add(today, years=1),
                    "state": "active",
                    "key": f"race:{uuid4()}",
                    "origin_model": "sale.order",
                    "origin_line_id": 0,
                }
            )
            return plan.id

    def _file(self, plan_id, env):
        claims = env["loyalty.care.claim"]
        return claims.create({"plan_id": plan_id, "description": "It broke."}).id

    def test_as_many_are_filed_as_are_left(self):
        plan = self._make_plan()
        claims, refusals = self._race_in_waves([partial(self._file, plan)] * CLAIMS)
        self.assertEqual((len(claims), len(refusals)), (LEFT, CLAIMS - LEFT))
        for refusal in refusals:
            self.assertIn("All claims of the care plan", str(refusal))
        with self._commit() as env:
            filed = env["loyalty.care.claim"].browse(claims)
            self.assertEqual(sorted(filed.mapped("number")), [0, 1, 2])
            self.assertEqual(filed.plan_id.claims_left, 0)
            filed.plan_id._cancel("The test is over.")
