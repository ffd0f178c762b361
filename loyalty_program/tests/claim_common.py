from datetime import datetime

from odoo.fields import Command
from odoo.tests import Form

from .common import LoyaltyCase

SUMMER = datetime(2026, 7, 12, 16, 0)
AUTUMN = datetime(2026, 9, 20, 16, 0)


def make_reward(program, kind, **values):
    """Return a reward of the catalogue that takes 100 points."""
    return program.env["loyalty.reward"].create(
        {
            "program_id": program.id,
            "reward_type": kind,
            "required_points": 100,
            **values,
        }
    )


def make_donation(program):
    """Return a reward that gives 0.05 for each point to a cause, in steps of 20."""
    cause = program.env["loyalty.cause"].create({"name": "Trees"})
    return make_reward(
        program,
        "donation",
        cause_id=cause.id,
        discount_mode="per_point",
        discount=0.05,
        required_points=20,
    )


class ClaimCase(LoyaltyCase):
    """What tests of the catalogue's kinds of rewards share."""

    @classmethod
    def _make_reward(cls, kind, **values):
        return make_reward(cls.program, kind, **values)

    @classmethod
    def _close_warehouses(cls):
        """Let staff hand things over, where an inventory would send them."""
        if "stock.warehouse" in cls.env:
            # SQL: what tills and deliveries hold open is closed as well.
            cls.env.cr.execute(
                "UPDATE stock_warehouse SET active = FALSE WHERE company_id = %s",
                [cls.company.id],
            )
            cls.env["stock.warehouse"].invalidate_model(["active"])

    def _claim(self, reward=None, card=None, **wish):
        """Claim the reward of the test in the back office."""
        return (card or self.card)._claim_reward(
            reward or self.gift, "backoffice", **wish
        )

    def _notes(self, record):
        return record.message_ids.mapped("body")

    def _mails_of(self, act):
        """Return the mails that the act queued."""
        before = self.env["mail.mail"].search([])
        act()
        return self.env["mail.mail"].search([]) - before


class ExperienceCase(ClaimCase):
    """A tour on two days, one of them with a single place, and two members."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gift = cls._make_reward(
            "experience",
            description="Tour of the roastery",
            experience_date_ids=[
                Command.create({"starts_at": SUMMER, "capacity": 1, "place": "Yard"}),
                Command.create({"starts_at": AUTUMN, "capacity": 2}),
            ],
        )
        cls.summer, cls.autumn = cls.gift.experience_date_ids
        cls.member.email = "mira@example.com"
        cls._post(500, "bonus")
        cls.other = cls._make_member("Otto Other")
        cls._post(500, "bonus", cls.other)

    def _ask(self, date=None, card=None):
        return self._claim(card=card, date=str((date or self.summer).id))

    def _assert_leads_home(self, mail, claim):
        """Assert that a mail says where the member may call the request off."""
        self.assertIn(f'href="{claim._get_mail_url()}"', mail.body_html)

    def _decline(self, claims, user=None, note="The roaster is being repaired."):
        wizard = self.env["loyalty.claim.decline"].with_user(user or self.loyalty_user)
        action = claims.with_user(user or self.loyalty_user).action_decline()
        Form(wizard.with_context(**action["context"]))
        wizard.create(
            {"claim_ids": [Command.set(claims.ids)], "note": note}
        ).action_decline()
