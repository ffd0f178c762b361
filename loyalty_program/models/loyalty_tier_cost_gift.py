from odoo import models
from odoo.tools import SQL

from .loyalty_tier_cost import Estimate
from .loyalty_tier_gift import GIFTS


class LoyaltyTierBenefit(models.Model):
    """What gifts cost: points at their value, coupons as if each of them was used."""

    _inherit = "loyalty.tier.benefit"

    def _estimate_cost(self, facts):
        if self.kind not in GIFTS:
            return super()._estimate_cost(facts)
        years = facts.months / 12
        if self.kind == "entry_gift":
            count, words = (
                facts.entering,
                self.env._(
                    "Once for each member who would reach the tier: %(count)s.",
                    count=facts.entering,
                ),
            )
        elif self.kind == "yearly_gift":
            count, words = (
                facts.members * years,
                self.env._(
                    "Once a year for each member: %(count)s.",
                    count=facts.members,
                ),
            )
        else:
            told = self._count_birthdays(facts)
            count, words = (
                told * years,
                self.env._(
                    "Once a year for each member who told a birthday: %(count)s.",
                    count=told,
                ),
            )
        return self._estimate_gift(count, words)

    def _estimate_gift(self, count, words):
        """Return the cost of so many gifts, as far as their value can be known."""
        points, coupons = self._get_gift()
        worth, known = 0.0, [words]
        if points and self.program_id.point_value:
            worth += float(points) * self.program_id.point_value
        elif points:
            known.append(
                self.env._(
                    "The points are not counted: the programme does not say what a "
                    "point is worth."
                )
            )
        value = coupons._get_coupon_worth(self.program_id.currency_id)
        if value:
            worth += value
            known.append(self.env._("Every coupon is taken as used."))
        elif coupons:
            known.append(
                self.env._(
                    "What the coupon “%(coupon)s” is worth depends on the purchase: it "
                    "is not counted.",
                    coupon=coupons.name,
                )
            )
        return Estimate(worth * count if worth else None, " ".join(known))

    def _count_birthdays(self, facts):
        # SQL: a count of the members whom the tier would have.
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*) FROM loyalty_card c
                JOIN res_partner p ON p.id = c.partner_id
                WHERE c.id IN (%s) AND p.active AND p.loyalty_birth_consent
                    AND p.loyalty_birth_date IS NOT NULL
                """,
                facts.cards,
            )
        )
        return rows[0][0]


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    def _get_coupon_worth(self, currency):
        """Return what a coupon of this programme gives away, in ``currency``.

        A product at its cost, an amount as it is; 0 for no programme, and where it
        depends on what is bought with it.
        """
        # sudo: what a product costs is not for everybody, the sum of all of it is.
        program = self.sudo()
        reward = program.reward_ids.sorted("required_points")[:1]
        if reward.reward_type == "product":
            products = reward.reward_product_ids.with_company(program.company_id)
            # Where there is a choice, the dearest is taken.
            cost = max(products.mapped("standard_price"), default=0)
            return self._convert_worth(cost * reward.reward_product_qty, currency)
        if reward.reward_type != "discount" or reward.discount_mode == "percent":
            return 0.0
        times = reward.required_points if reward.discount_mode == "per_point" else 1
        return self._convert_worth(reward.discount * times, currency)

    def _convert_worth(self, amount, currency):
        company = self.company_id or self.env.company
        return self.currency_id._convert(
            amount, currency, company, self._get_local_date()
        )
