from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestIndexes(TransactionCase):
    """No request of the suite reads a whole table of history."""

    def _get_indexed_columns(self, table):
        """Return the columns that lead an index of the table."""
        self.env.cr.execute(
            """
            SELECT a.attname FROM pg_index i
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = %s::regclass
            """,
            (table,),
        )
        return {row[0] for row in self.env.cr.fetchall()}

    def test_the_history_of_an_order_is_found_by_an_index(self):
        self.assertIn("order_id", self._get_indexed_columns("loyalty_history"))

    def test_what_points_to_a_card_is_found_by_an_index(self):
        self.assertIn(
            "coupon_id", self._get_indexed_columns("sale_order_coupon_points")
        )
        columns = self._get_indexed_columns("sale_order_line")
        self.assertLessEqual({"coupon_id", "reward_id"}, columns)
