from odoo import models


class SaleOrder(models.Model):
    """What an order gave and took, on the customer's page of it."""

    _inherit = "sale.order"

    def _list_loyalty_figures(self):
        """Return what each programme gave and took for this order, in words.

        Odoo adds them up, whatever they count: points, stamps and money of wallets.

        :return: list of {"program": name, "earned": words, "used": words}; the words
            are empty where there is nothing to say
        """
        self.ensure_one()
        # sudo: customers cannot read the history; it is that of an order they see.
        history = self.env["loyalty.history"].sudo()
        lines = history.search(
            [("order_model", "=", self._name), ("order_id", "=", self.id)]
        )
        figures = []
        by_card = lines.grouped("card_id")
        for card in lines.card_id.sorted(lambda own: (own.program_id.id, own.id)):
            program, own = card.program_id, by_card[card]
            issued, used = sum(own.mapped("issued")), sum(own.mapped("used"))
            if not (program.is_nominative or program.is_payment_program):
                # The points of a promotion are its own business.
                continue
            words = program if program._is_strict() else card
            if issued or used:
                figures.append(
                    {
                        "program": program.name,
                        "earned": words._format_points(issued) if issued else "",
                        "used": words._format_points(used) if used else "",
                    }
                )
        return figures
