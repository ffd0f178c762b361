from odoo import models

from .sale_order_line_coming import UNPAID_STATES

#: Invoices to look at before the transaction ends, on the cursor.
UNPAID = "loyalty_program.unpaid_invoices"


class AccountMove(models.Model):
    """The moment at which the money of an invoice goes back: a bounced payment.

    What an order earned by being paid goes along, and is there again when it is paid.
    """

    _inherit = "account.move"

    def _compute_field_value(self, field):
        result = super()._compute_field_value(field)
        if field.name == "payment_state":
            self._note_unpaid()
        return result

    def _note_unpaid(self):
        if not self.env["loyalty.program"]._has_payment_moment():
            return
        unpaid = self.filtered(
            lambda move: (
                move.id
                and move.move_type == "out_invoice"
                and move.payment_state in UNPAID_STATES
            )
        )
        if not unpaid:
            return
        precommit = self.env.cr.precommit
        if UNPAID not in precommit.data:
            precommit.data[UNPAID] = set()
            # sudo: that the money is gone is a fact, whoever books it.
            precommit.add(self.sudo().env["account.move"]._sync_noted_unpaid)
        precommit.data[UNPAID].update(unpaid.ids)

    def _sync_noted_unpaid(self):
        """Bring the points of orders up to date whose invoices are not paid."""
        ids = self.env.cr.precommit.data.pop(UNPAID, ())
        self.browse(sorted(ids)).exists()._sync_loyalty(refuse_debt=False)
