from functools import partial

from odoo.tests import tagged

from .commit_common import CommittingCase


@tagged("post_install", "-at_install")
class TestEarnCapConcurrency(CommittingCase):
    """Purchases at the same instant cannot both see room below a limit."""

    def test_purchases_at_once_share_the_limit_of_their_member(self):
        with self._commit() as env:
            env["loyalty.program"].browse(self.program).member_cap = 250
        (card,) = self._make_members(1)
        orders = [self._make_order(card) for _order in range(4)]
        acts = [partial(self._confirm, order) for order in orders]
        results, tries = self._race(*acts)
        self.assertEqual(results, [1] * 4)
        self.assertGreater(tries, 4, "they had met")
        self.assertEqual(self._get_balance(card), 250)
