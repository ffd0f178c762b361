from dataclasses import dataclass
from decimal import Decimal

from odoo import api, models, tools

from ..engine.values import EarnRule


@dataclass(frozen=True)
class RuleFacts:
    """A rule of a programme, as long as nobody changes it.

    :param EarnRule rule: not narrowed to products yet
    :param domain: list, the products that count; None means every product
    :param code: what is entered to make the rule count, or False
    """

    rule: EarnRule
    domain: list | None
    code: str | bool


class LoyaltyRule(models.Model):
    """Rules are read with every purchase and changed once a year."""

    _inherit = "loyalty.rule"

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _prepare_facts(self):
        self.ensure_one()
        # A rule for products that are archived is not for all the others.
        rule = self.with_context(active_test=False)
        domain = rule._get_valid_product_domain()
        # What was read for everybody is nobody's view of it.
        rule.invalidate_recordset(["product_ids"], flush=False)
        return RuleFacts(
            rule=EarnRule(
                rule_id=self.id,
                mode=self.reward_point_mode,
                amount=Decimal(repr(self.reward_point_amount)),
                minimum_quantity=Decimal(self.minimum_qty),
                minimum_amount=Decimal(repr(self.minimum_amount)),
                minimum_untaxed=self.minimum_amount_tax_mode == "excl",
                needs_code=self.mode == "with_code",
            ),
            domain=list(domain) if domain else None,
            code=self.code,
        )


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    @tools.ormcache("self.id")
    def _get_rule_facts(self):
        """Return the facts of the active rules, in their order.

        Remembered by Odoo's own cache, which all workers of a server empty together:
        nothing of a user or a customer is in it.

        :rtype: tuple
        """
        # sudo: one answer for all users; rules are read to compute, not to show.
        rules = self.sudo().with_context(active_test=True).rule_ids
        return tuple(rule._prepare_facts() for rule in rules)

    def _has_code_rule(self):
        """Tell whether any rule waits for a code."""
        return any(facts.rule.needs_code for facts in self._get_rule_facts())
