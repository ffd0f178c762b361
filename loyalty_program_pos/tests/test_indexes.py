from odoo.tests import tagged

from odoo.addons.loyalty_program.tests import test_indexes


@tagged("post_install", "-at_install")
class TestTillIndexes(test_indexes.TestIndexes):
    """The same for the till's tables."""

    def test_what_a_till_order_took_from_a_card_is_found_by_an_index(self):
        columns = self._get_indexed_columns("pos_order_line")
        self.assertLessEqual({"coupon_id", "reward_id"}, columns)
