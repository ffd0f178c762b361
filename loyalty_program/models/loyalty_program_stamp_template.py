from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..engine.rounding import to_decimal

TEMPLATE = "loyalty_stamps"

#: Finest rate that every channel counts alike, in stamps per unit of money.
FINEST_RATE = Decimal("0.000001")


class LoyaltyProgram(models.Model):
    """The template "Stamp card": buy nine, the tenth is free."""

    _inherit = "loyalty.program"

    @api.model
    def get_program_templates(self):
        templates = super().get_program_templates()
        if self.env.context.get("menu_type") == "gift_ewallet":
            return templates
        card = {
            "title": self.env._("Stamp card"),
            "description": self.env._("Buy nine, the tenth is free"),
            "icon": "loyalty_cards",
        }
        first, *rest = templates.items()
        return dict([first, (TEMPLATE, card), *rest])

    @api.model
    def create_from_template(self, template_id):
        """Ask first what a stamp is for: a stamp card without goods is none."""
        if template_id != TEMPLATE:
            return super().create_from_template(template_id)
        return self.action_create_stamp_card()

    @api.model
    def action_create_stamp_card(self):
        """Open the questions that make a stamp card.

        A button above a list calls it, with or without selected records.

        :return: an action
        """
        self.env["loyalty.program"].check_access("create")
        return self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_stamp_card_action"
        )

    @api.model
    def _prepare_stamp_card_values(self, needed, reward, **facts):
        """Return the values of a stamp card.

        :param int needed: stamps of a full card
        :param reward: the product that a full card gives
        :param facts: ``name``; ``rule`` (values of the earning rule, None for visits),
            ``surplus`` and ``house``
        """
        house = facts.get("house") or self
        rule = facts.get("rule")
        return {
            "name": facts.get("name") or self.env._("Stamp card"),
            "program_type": "loyalty",
            "applies_on": "both",
            "trigger": "auto",
            "portal_visible": True,
            "portal_point_name": self.env._("stamps"),
            "point_name_one": self.env._("stamp"),
            "ledger_policy": "strict",
            "shows_stamps": True,
            "stamp_surplus": facts.get("surplus") or "kept",
            "house_program_id": house.id,
            "company_id": house.company_id.id or self.env.company.id,
            "point_value": round(reward.list_price / needed, 4),
            "terms": self._prepare_stamp_terms(house),
            "rule_ids": [Command.clear()] + ([Command.create(rule)] if rule else []),
            "reward_ids": [
                Command.clear(),
                Command.create(
                    {
                        "reward_type": "product",
                        "reward_product_id": reward.id,
                        "reward_product_qty": 1,
                        "required_points": needed,
                        "description": self.env._(
                            "Free %(product)s", product=reward.display_name
                        ),
                    }
                ),
            ],
        }

    def _prepare_stamp_terms(self, house):
        if house:
            return self.env._(
                "This stamp card comes with “%(name)s”, and its terms hold here too.",
                name=house.name,
            )
        return self.env._(
            "I want this stamp card and agree that my purchases are stored with my "
            "name, so that I collect stamps. I can leave at any time."
        )

    @api.model
    def _get_stamp_rate(self, amount):
        """Return the stamps per unit of money that make one for every ``amount``.

        :raise UserError: no such rate is exact, and a third of a stamp is lost money
        """
        money = to_decimal(amount)
        if money <= 0:
            raise UserError(self.env._("A stamp costs more than nothing."))
        rate = (1 / money).quantize(FINEST_RATE)
        if rate * money != 1:
            raise UserError(
                self.env._(
                    "A stamp for every %(amount)s cannot be counted exactly. Take 1, "
                    "2, 2.50, 4, 5, 8, 10, 12.50, 20, 25, 40, 50 or 100, or give a "
                    "stamp for every purchase from %(amount)s on.",
                    amount=f"{money.normalize():f}",
                )
            )
        return float(rate)
