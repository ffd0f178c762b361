from odoo import api, models
from odoo.exceptions import AccessError


class LoyaltyHistory(models.Model):
    """Stock's notes about a balance: for members, nobody writes them by hand."""

    _inherit = "loyalty.history"

    @api.model_create_multi
    def create(self, vals_list):
        cards = self.env["loyalty.card"].browse(
            vals["card_id"] for vals in vals_list if vals.get("card_id")
        )
        self._check_kept_by_suite(cards)
        return super().create(vals_list)

    def write(self, vals):
        # sudo: the cards' programmes decide, whoever writes.
        cards = self.sudo().card_id
        if vals.get("card_id"):
            cards |= cards.browse(vals["card_id"])
        self._check_kept_by_suite(cards)
        return super().write(vals)

    def _check_kept_by_suite(self, cards):
        """Refuse notes on members' cards from anybody but the documents' own code.

        :raise AccessError: a person writes, or a context's default names the card
        """
        if self.env.su:
            return
        # sudo: the programme decides, whether or not the user may see it.
        cards = (cards | cards.browse(self.env.context.get("default_card_id"))).sudo()
        if any(card.program_id.ledger_policy == "strict" for card in cards.exists()):
            raise AccessError(
                self.env._("The history of a member's points is written by the ledger.")
            )
