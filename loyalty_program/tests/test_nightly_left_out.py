from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from .claim_common import ExperienceCase
from .common import NOW
from odoo.addons.loyalty_program.models import (
    loyalty_expiry_reminder,
    loyalty_ledger_batch,
    loyalty_ledger_sunset,
)

LOGGER = "odoo.addons.loyalty_program.models.loyalty_ledger_batch"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestNightlyLeftOut(ExperienceCase):
    """Who breaks a batch of the night is left out of it, and nobody else is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.spend_until = "2026-07-20"
        cls.members = cls.card | cls.other
        for number in range(4):
            cls.members |= cls._make_member(f"Member {number}")
        for card in cls.members:
            card.partner_id.email = f"m{card.id}@example.com"
            cls._post(10, "bonus", card)
        cls.bad = cls.members[2]
        for module in (loyalty_expiry_reminder, loyalty_ledger_sunset):
            size = "BATCH" if hasattr(module, "BATCH") else "MAIL_BATCH"
            cls.classPatch(module, size, 3)

    def _break_mails(self, template, *bad):
        """Let a template be one that cannot be rendered for some members."""
        template = self.env.ref(f"loyalty_program.{template}")
        ids = [card.id for card in bad]
        template.subject = f"{{{{ 1 / (0 if {self._card} in {ids} else 1) }}}} mails"

    def _get_mailed(self, run, errors):
        with self.assertLogs(LOGGER, "ERROR") as logs:
            mails = self._mails_of(run)
        self.assertEqual(len(logs.records), errors, logs.output)
        return mails.recipient_ids

    def _remind(self):
        list(self.env["loyalty.expiry.reminder"]._run_reminders())
        self.env.invalidate_all()

    def test_a_mail_that_fails_costs_nobody_else_theirs(self):
        self._card = "object.card_id.id"
        self._break_mails("mail_template_expiry_reminder", self.bad)
        told = self._get_mailed(self._remind, errors=1)
        self.assertEqual(told, (self.members - self.bad).partner_id)
        # Nobody promised that member anything: the next night tries again.
        self._break_mails("mail_template_expiry_reminder")
        self.assertEqual(
            self._mails_of(self._remind).recipient_ids, self.bad.partner_id
        )

    def test_the_notice_of_the_end_goes_on_after_who_breaks_it(self):
        self._card = "object.id"
        self.program.sunset_notice_on = "2026-06-30"
        self._break_mails("mail_template_sunset", self.bad)
        told = self._get_mailed(self._run_nightly, errors=1)
        self.assertEqual(told, (self.members - self.bad).partner_id)
        self.assertFalse(self.bad.sunset_noticed_on)

    def test_a_step_that_fails_for_many_ends_with_few_words(self):
        self.patch(loyalty_ledger_batch, "MOST_FAULTS", 1)
        self._card = "object.card_id.id"
        self._break_mails("mail_template_expiry_reminder", *self.members)
        self.assertFalse(self._get_mailed(self._remind, errors=2))

    def test_a_tier_that_fails_keeps_nobody_from_theirs(self):
        # SQL: as if the period of everybody ended yesterday.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE loyalty_card SET tier_review_on = '2026-06-29' WHERE id = ANY(%s)",
            [self.members.ids],
        )
        self.env.invalidate_all()
        programs = self.env.registry["loyalty.program"]
        stock = programs._requalify
        seen = []

        def requalify(program, card_ids, is_recheck=False):
            if self.bad.id in card_ids:
                raise ValueError("A tier of another addon.")
            seen.extend(card_ids)
            return stock(program, card_ids, is_recheck)

        with (
            patch.object(programs, "_requalify", requalify),
            self.assertLogs(LOGGER, "ERROR") as logs,
        ):
            self._run_nightly()
        self.assertEqual(len(logs.records), 1, logs.output)
        self.assertEqual(sorted(seen), sorted((self.members - self.bad).ids))
        self.assertEqual(str(self.bad.tier_review_on), "2026-06-29")

    def test_a_gift_that_fails_costs_nobody_else_theirs(self):
        self.program.tier_ids.benefit_ids.unlink()
        self.env["loyalty.tier.benefit"].create(
            {
                "tier_id": self.card.tier_id.id,
                "kind": "yearly_gift",
                "gift_points": 5,
            }
        )
        gifts = self.env.registry["loyalty.gift"]
        stock = gifts._give

        def give(model, cards, *args, **values):
            if self.bad in cards:
                raise ValueError("A gift of another addon.")
            return stock(model, cards, *args, **values)

        before = {card: card.points for card in self.members}
        with (
            patch.object(gifts, "_give", give),
            self.assertLogs(LOGGER, "ERROR") as logs,
        ):
            self._run_nightly()
        self.assertEqual(len(logs.records), 1, logs.output)
        gained = {card: card.points - before[card] for card in self.members}
        self.assertEqual(gained, {c: 0 if c == self.bad else 5 for c in self.members})

    def test_a_request_that_cannot_be_declined_keeps_no_other_waiting(self):
        first, second = self._ask(), self._ask(self.autumn, self.other)
        claims = self.env.registry["loyalty.reward.claim"]
        stock = claims._take_back_experience

        def take_back(claim):
            if claim == first:
                raise ValueError("A reward of another addon.")
            return stock(claim)

        with (
            patch.object(claims, "_take_back_experience", take_back),
            self.assertLogs(LOGGER, "ERROR"),
            freeze_time("2026-11-01 10:00:00"),
        ):
            self._run_nightly()
        self.assertEqual((first.state, second.state), ("requested", "declined"))
