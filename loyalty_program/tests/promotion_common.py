from contextlib import ExitStack, contextmanager, nullcontext
from unittest.mock import patch

from odoo.fields import Command

from .common import LoyaltyCase


class PromotionCase(LoyaltyCase):
    """Promotions by hand, and Odoo's own way of looking at them beside the suite's."""

    @classmethod
    def _make_promotion(cls, rule=None, **values):
        """Return an automatic promotion of 5 % off the order.

        :param rule: values of its one rule
        """
        return cls.env["loyalty.program"].create(
            {
                "name": "Promotion",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [Command.clear(), Command.create(rule or {})],
                "reward_ids": [Command.clear(), Command.create({"discount": 5})],
                **values,
            }
        )

    def _look(self, order):
        """Do what a page with an order does; return the programmes it may claim of."""
        order._update_programs_and_rewards()
        rewards = order._get_claimable_rewards()
        return self.env["loyalty.card"].union(*rewards).program_id

    @contextmanager
    def _as_in_odoo(self):
        """Ask each promotion, make cards one by one, look each up among all."""
        programs = self.env.registry["loyalty.program"]
        orders = self.env.registry["sale.order"]
        nothing = nullcontext()
        with ExitStack() as stack:
            for model, name, value in (
                (programs, "_is_for_automatic", lambda *_args: False),
                (orders, "_collecting", lambda *_args: nothing),
                (orders, "_summing", lambda *_args: nothing),
            ):
                stack.enter_context(patch.object(model, name, value))
            yield
