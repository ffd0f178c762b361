from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count

from freezegun import freeze_time

from odoo.tests import TransactionCase

from odoo.addons.loyalty_program.engine.values import Posting

#: The moment at which every test begins.
NOW = datetime(2026, 6, 30, 12, 0)

_number = count(1)


class CampaignCase(TransactionCase):
    """A programme with four tiers, members, and purchases on chosen days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Starting the frozen clock is slow, moving it is not.
        freezer = freeze_time(NOW)
        cls.clock = freezer.start()
        cls.addClassCleanup(freezer.stop)
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.program = cls._create_program()
        cls.campaign = cls._create_campaign()

    @contextmanager
    def _after(self, days):
        """Let days pass for as long as the context is open."""
        self.clock.move_to(NOW + timedelta(days=days))
        try:
            yield
        finally:
            self.clock.move_to(NOW)

    @classmethod
    def _create_program(cls, company=None):
        company = company or cls.env.company
        programs = cls.env["loyalty.program"].with_company(company)
        values = programs._prepare_membership_values()
        return programs.create({**values, "company_id": company.id})

    @classmethod
    def _create_campaign(cls, program=None, **values):
        program = program or cls.program
        campaign = cls.env["loyalty.campaign"].create(
            {
                "name": "We miss you",
                "program_id": program.id,
                "company_id": program.company_id.id,
                "hold_out_percent": 0,
                **values,
            }
        )
        campaign.action_start()
        return campaign

    @classmethod
    def _get_tier(cls, name):
        return cls.program.tier_ids.filtered(lambda tier: tier.name == name)

    @classmethod
    def _join(cls, program=None, **values):
        """Make a new customer a member and return their card."""
        number = next(_number)
        partner = cls.env["res.partner"].create(
            {
                "name": f"Member {number}",
                "email": f"member{number}@example.com",
                **values,
            }
        )
        return (program or cls.program)._enrol(partner, "backoffice", True)

    @classmethod
    def _buy(cls, cards, days_ago=0, amount=20):
        """Post a purchase for each card and return the entries."""
        return cls.env["loyalty.ledger"]._post(
            Posting(
                card_id=card.id,
                entry_type="earn",
                points=Decimal(amount),
                key=f"test/purchase/{next(_number)}",
                base_amount=Decimal(amount),
                occurred_at=datetime.now() - timedelta(days=days_ago),
                counts_for_tier=True,
            )
            for card in cards
        )

    @classmethod
    def _take_back(cls, entry):
        """Post the reversal of a purchase."""
        return cls.env["loyalty.ledger"]._post(
            [
                Posting(
                    card_id=entry.card_id.id,
                    entry_type="earn_reversal",
                    points=-Decimal(str(entry.points)),
                    key=f"test/reversal/{entry.id}",
                    base_amount=-Decimal(str(entry.base_amount)),
                    reverses_id=entry.id,
                    counts_for_tier=True,
                )
            ]
        )

    @classmethod
    def _lapse(cls, days_ago=90, amount=20, **values):
        """Return the card of a new member who bought once, long ago."""
        card = cls._join(**values)
        cls._buy(card, days_ago, amount)
        return card

    def _run(self, campaign=None):
        """Run a campaign and return its participations by card."""
        campaign = campaign or self.campaign
        campaign._run_now()
        return self._get_participations(campaign)

    def _get_participations(self, campaign=None):
        campaign = campaign or self.campaign
        found = self.env["loyalty.participation"].search(
            [("campaign_id", "=", campaign.id)], order="id"
        )
        return found.grouped("card_id")
