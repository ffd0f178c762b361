from decimal import Decimal

from odoo import fields, models


class PosOrder(models.Model):
    """Which money of a till order earns, and which codes it carries."""

    _inherit = "pos.order"

    loyalty_codes = fields.Text(
        string="Codes",
        help="The promotion codes that were entered at the till, one in a line.",
    )

    def _get_entered_rule_ids(self, program):
        """Return the ids of the rules whose code was entered at the till.

        The till names codes, not rules: who does not know a code opens nothing.

        :rtype: frozenset
        """
        codes = {code.strip() for code in (self.loyalty_codes or "").splitlines()}
        return frozenset(
            facts.rule.rule_id
            for facts in program._get_rule_facts()
            if facts.rule.needs_code and facts.code and facts.code in codes
        )

    def _get_loyalty_dues(self, program):
        """Return (money to pay, part of it that comes from gift cards and earns none).

        :return: two Decimals in the order's currency
        """
        vouchers = self.lines.filtered(
            lambda line: line.reward_id.program_id.is_payment_program
        )
        if program.earn_on_gift_cards or not vouchers:
            return Decimal(0), Decimal(0)
        paid = -sum(
            line._get_loyalty_amount(line._get_loyalty_money()) for line in vouchers
        )
        due = sum(
            line._get_loyalty_amount(line._get_loyalty_money())
            for line in self.lines - vouchers
        )
        return due, paid
