from odoo.tests import freeze_time

from .common import NOW, LoyaltyCase


@freeze_time(NOW)
class StampCase(LoyaltyCase):
    """A stamp card that comes with the house's programme: nine cups, the tenth free."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cup = cls._make_product("Cup", 3)
        cls.cake = cls._make_product("Cake", 4)
        cls.stamps = cls._make_stamp_card()
        cls.stamp_card = cls.stamps._enrol(cls.member, "backoffice", True)

    @classmethod
    def _make_stamp_card(cls, **answers):
        """Return the programme that the manager's answers to the wizard make."""
        wizard = (
            cls.env["loyalty.stamp.card"]
            .with_user(cls.manager)
            .create({"product_ids": cls.cup.ids, "needed": 9, **answers})
        )
        action = wizard.action_create()
        return cls.env["loyalty.program"].browse(action["res_id"])

    def _cups(self, quantity, product=None):
        product = product or self.cup
        return {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "price_unit": product.list_price,
        }

    def _claim_cup(self, order):
        """Claim the stamp card's reward once, as stock's button does."""
        reward = self.stamps.reward_ids
        order._update_programs_and_rewards()
        result = order._apply_program_reward(
            reward, self.stamp_card.with_env(order.env)
        )
        order._update_programs_and_rewards()
        return result

    def _free_cups(self, order):
        return sum(order.order_line.filtered("reward_id").mapped("product_uom_qty"), 0)
