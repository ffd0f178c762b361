from odoo import models


class LoyaltyProgram(models.Model):
    """Sentences of the customer's pages that name the programme and what it gives."""

    _inherit = "loyalty.program"

    def _describe_portal_join(self):
        return self.env._("Join %(program)s", program=self.name)

    def _describe_portal_version(self):
        return self.env._("(version %(version)s)", version=self.terms_version)

    def _describe_portal_rewards(self, least):
        """Return from how many points on there are rewards.

        :param float least: points of the cheapest one
        """
        return self.env._(
            "Rewards from %(points)s on", points=self._format_portal_points(least)
        )

    def _describe_portal_tiers(self):
        names = self.tier_ids.sorted("threshold").mapped("name")
        return self.env._("Tiers: %(tiers)s", tiers=", ".join(names))

    def _describe_portal_cover(self):
        """Return why joining takes no consent of its own."""
        return self.env._(
            "You are a member of %(program)s. This card comes with it.",
            program=self.house_program_id.name,
        )

    def _describe_portal_friends(self):
        return self.env._("Bring a friend to %(program)s", program=self.name)

    def _describe_portal_donations(self, amount):
        """Return what a member gave to causes.

        :param float amount: money
        """
        return self.env._(
            "You donated %(amount)s this year. Thank you!",
            amount=self.currency_id.format(amount),
        )
