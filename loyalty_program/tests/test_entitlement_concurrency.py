from odoo.exceptions import UserError
from odoo.tests import tagged

from .commit_common import CommittingCase


@tagged("post_install", "-at_install")
class TestEntitlementConcurrency(CommittingCase):
    """Two colleagues take the last one at the same moment: one gets it."""

    def _take(self, env):
        card = env["loyalty.card"].browse(self.card_id)
        entitlement = env["loyalty.entitlement"].browse(self.entitlement_id)
        return len(card._take_entitlement(entitlement))

    def test_the_last_one_is_taken_once(self):
        (self.card_id,) = self._make_members(1)
        with self._commit() as env:
            program = env["loyalty.program"].browse(self.program)
            self.entitlement_id = (
                env["loyalty.entitlement"]
                .create({"name": "Last seat", "program_id": program.id})
                .id
            )
            env["loyalty.tier.benefit"].create(
                {
                    "tier_id": env["loyalty.card"].browse(self.card_id).tier_id.id,
                    "kind": "entitlement",
                    "entitlement_id": self.entitlement_id,
                    "entitlement_count": 1,
                }
            )
        results, _tries = self._race(self._take, self._take, self._take)
        taken = [result for result in results if result == 1]
        refused = [result for result in results if isinstance(result, UserError)]
        self.assertEqual((len(taken), len(refused)), (1, 2), results)
        with self._commit() as env:
            uses = env["loyalty.entitlement.use"].search(
                [("card_id", "=", self.card_id)]
            )
            self.assertEqual(uses.mapped("number"), [1])
