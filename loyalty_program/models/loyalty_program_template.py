from odoo import api, models
from odoo.fields import Command


class LoyaltyProgram(models.Model):
    """The template "Loyalty programme": a running start in a few clicks."""

    _inherit = "loyalty.program"

    @api.model
    def get_program_templates(self):
        templates = super().get_program_templates()
        if self.env.context.get("menu_type") == "gift_ewallet":
            return templates
        membership = {
            "title": self.env._("Loyalty programme"),
            "description": self.env._(
                "Members collect points and climb four tiers, in every channel"
            ),
            "icon": "loyalty_cards",
        }
        return {"loyalty_membership": membership, **templates}

    @api.model
    def _get_template_values(self):
        values = super()._get_template_values()
        values["loyalty_membership"] = self._prepare_membership_values()
        return values

    @api.model
    def _prepare_membership_values(self):
        """Return the values of the template: 1 point per unit of money, four tiers."""
        symbol = self.env.company.currency_id.symbol
        tiers = [
            (
                self.env._("Bronze"),
                0,
                2,
                self.env._("Welcome: you collect points from now on."),
            ),
            (self.env._("Silver"), 100, 8, self.env._("For regulars.")),
            (self.env._("Gold"), 300, 3, self.env._("For good friends of the house.")),
            (
                self.env._("Platinum"),
                1000,
                4,
                self.env._("For those without whom we would not be here."),
            ),
        ]
        return {
            "name": self.env._("Loyalty programme"),
            "program_type": "loyalty",
            "applies_on": "both",
            "trigger": "auto",
            "portal_visible": True,
            "portal_point_name": self.env._("points"),
            "point_name_one": self.env._("point"),
            "ledger_policy": "strict",
            "earn_on_gift_cards": False,
            "point_value": 0.05,
            "tier_metric": "spend",
            "tier_window_months": 12,
            "terms": self.env._(
                "I want to join and agree that my purchases are stored with my name, "
                "so that I collect points. I can leave at any time."
            ),
            "rule_ids": [
                Command.create({"reward_point_mode": "money", "reward_point_amount": 1})
            ],
            "reward_ids": [
                self._prepare_template_reward(
                    100, 5, self.env._("%(amount)s off", amount=f"{symbol} 5")
                ),
                self._prepare_template_reward(
                    250, 15, self.env._("%(amount)s off", amount=f"{symbol} 15")
                ),
            ],
            "tier_ids": [
                Command.create(
                    {"name": name, "threshold": start, "color": color, "note": note}
                )
                for name, start, color, note in tiers
            ],
        }

    @api.model
    def _prepare_template_reward(self, points, discount, description):
        return Command.create(
            {
                "reward_type": "discount",
                "discount_mode": "per_order",
                "discount": discount,
                "discount_applicability": "order",
                "required_points": points,
                "description": description,
            }
        )

    def action_create_membership_program(self):
        """Create a programme from the template and open it.

        A button above a list calls it, with or without selected records.

        :return: an action
        """
        program = self.create(self._prepare_membership_values())
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_program_action"
        )
        action.update(
            views=[(self.env.ref("loyalty.loyalty_program_view_form").id, "form")],
            res_id=program.id,
            view_mode="form",
        )
        return action
