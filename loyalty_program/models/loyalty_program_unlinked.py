from dataclasses import replace

from odoo import models

from ..engine.values import ZERO


class LoyaltyProgram(models.Model):
    """Goods that come back without their sale: they take what they would earn today."""

    _inherit = "loyalty.program"

    def _evaluate_unlinked(self, basket, refs, own, factor):
        """Return (points, money) that goods take beyond what they have lowered already.

        In the sum of their own document they have lowered what it earns.

        :param Basket basket: the document
        :param refs: ids of its lines of goods that come back
        :param own: (points, money) that the document earns
        :param Decimal factor: what multiplies the member's points
        """
        sold = [line for line in basket.lines if line.ref not in refs]
        back = [
            replace(
                line,
                quantity=-line.quantity,
                total=-line.total,
                untaxed=-line.untaxed,
                is_discount=False,
            )
            for line in basket.lines
            if line.ref in refs
        ]
        earned = self._evaluate(replace(basket, lines=tuple(sold)), factor)
        returned = self._evaluate(
            replace(basket, lines=tuple(back), due=ZERO, vouchers=ZERO), factor
        )
        points, base = own
        return (
            max(points - earned.points + returned.points, ZERO),
            max(base - earned.base + returned.base, ZERO),
        )
