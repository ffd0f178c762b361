from odoo import models


class LoyaltyLedgerEntry(models.Model):
    _inherit = "loyalty.ledger.entry"

    def _get_portal_values(self):
        """Return what the member's own page shows of each entry.

        :return: dicts with ``entry``, ``pending`` (the lot that waits, or empty) and
            ``order_url`` (where the signed-in user may open the order behind it)
        :rtype: list[dict]
        """
        # sudo: the lots belong to entries that the caller may show already.
        lots_sudo = (
            self.env["loyalty.lot"]
            .sudo()
            .search(
                [
                    ("entry_id", "in", self.ids),
                    ("state", "=", "pending"),
                    ("remaining", "!=", 0),
                ]
            )
        )
        pending = {lot.entry_id.id: lot for lot in lots_sudo}
        order_ids = self._get_readable_order_ids()
        return [
            {
                "entry": entry,
                "pending": pending.get(entry.id, self.env["loyalty.lot"]),
                "order_url": f"/my/orders/{entry.origin_id}"
                if entry.origin_model == "sale.order" and entry.origin_id in order_ids
                else None,
            }
            for entry in self
        ]

    def _get_readable_order_ids(self):
        """Return the ids of the sales orders behind the entries that the user may read.

        The entries come in sudo; the user's own rights decide about the orders.
        """
        orders = self.env["sale.order"].sudo(False)
        if not orders.has_access("read"):
            return set()
        entries = self.filtered(lambda entry: entry.origin_model == "sale.order")
        return set(orders.search([("id", "in", entries.mapped("origin_id"))]).ids)

    def _get_portal_title(self):
        """Return what happened, in the words of a customer."""
        self.ensure_one()
        title = {
            "earn": self.env._("Purchase"),
            "bonus": self.env._("Bonus"),
            "redeem": self.env._("Reward"),
            "redeem_reversal": self.env._("Reward given back"),
            "earn_reversal": self.env._("Purchase cancelled or returned"),
            "expire": self.env._("Expired"),
            "reinstate": self.env._("Points given back"),
            "adjust": self.env._("Correction by the shop"),
            "transfer": self.env._("Transfer"),
            "opening": self.env._("Opening balance"),
        }
        return title.get(self.entry_type) or self.display_name
