from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .sql_files import run_sql_file


class LoyaltyCard(models.Model):
    """The account: the card that holds the balance, the lots and the lock.

    A card is its own account, unless it names another. The members of a pool keep
    their number and tier; ``points`` and ``points_pending`` of their cards are copies
    of the account's, kept by the statement that changes the account. Whoever adds up
    balances leaves the cards out that name an account.
    """

    _inherit = "loyalty.card"

    account_id = fields.Many2one(
        comodel_name="loyalty.card",
        help="The card whose balance this member uses; empty: its own.",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    ledger_points = fields.Float(
        help="The balance that the ledger wrote last. A trigger compares it with the "
        "points when a transaction ends.",
        digits=0,
        readonly=True,
        copy=False,
    )
    account_member_ids = fields.One2many(
        comodel_name="loyalty.card",
        inverse_name="account_id",
        string="Members of the account",
        readonly=True,
    )

    _account_is_another = models.Constraint(
        "CHECK (account_id <> id)",
        "A card is its own account when it names none.",
    )

    def init(self):
        """Make the trigger that keeps balances and ledger together."""
        run_sql_file(self.env.cr, "ledger_net")

    @api.constrains("account_id", "program_id")
    def _check_account(self):
        for card in self.filtered("account_id") | self.account_member_ids:
            account = card.account_id
            if account.program_id != card.program_id:
                raise ValidationError(
                    self.env._("A card and its account belong to one programme.")
                )
            if account.account_id or card.account_member_ids:
                raise ValidationError(
                    self.env._("An account cannot belong to another account.")
                )

            # sudo: the lots decide, whether or not the user may see them.
            lots = self.env["loyalty.lot"].sudo()
            if lots.search_count(
                [("card_id", "=", card.id), ("remaining", "!=", 0)], limit=1
            ):
                raise ValidationError(
                    self.env._(
                        "%(card)s still has points of its own. Move them first.",
                        card=card.display_name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if "account_id" in vals:
            accounts = self.browse({card._get_account().id for card in self})
            self.flush_recordset(["account_id"])
            # sudo: the ledger is closed to everybody but the service.
            self.env["loyalty.ledger"].sudo()._refresh_cards(accounts)
        return result

    def _get_account(self):
        """Return the card that holds the balance of this one."""
        self.ensure_one()
        return self.account_id or self

    def _get_entries_domain(self):
        """Return the entries of these accounts and of these members."""
        return Domain("card_id", "in", self.ids) | Domain(
            "member_card_id", "in", self.ids
        )

    def _get_holders(self):
        """Return the contacts whose balance it is, alone or with others."""
        self.ensure_one()
        # sudo: whose balance it is decides about rights, whoever asks.
        account = self.sudo()._get_account()
        return (account | account.account_member_ids).partner_id
