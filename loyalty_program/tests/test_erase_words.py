from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .care_common import CareCase
from .claim_common import ExperienceCase
from .common import NOW
from .referral_common import ReferralCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestEraseWords(ExperienceCase):
    """What staff wrote about a member goes with the member."""

    def _erase(self):
        self.card.with_user(self.manager)._erase(with_contact=False)

    def test_why_a_request_was_declined(self):
        claim = self._ask()
        self._decline(claim, note="Mira shouted at the roaster.")
        self._erase()
        self.assertFalse(claim.decline_note)
        self.assertEqual(claim.state, "declined")

    def test_why_a_tier_was_given(self):
        silver = self.program.tier_ids.sorted("threshold")[1]
        self.env["loyalty.tier.assign"].with_user(self.manager).create(
            {
                "card_id": self.card.id,
                "tier_id": silver.id,
                "reason": "Mira is the mayor's wife",
            }
        ).action_assign()
        change = self.env["loyalty.tier.change"].search(
            [("card_id", "=", self.card.id), ("reason", "!=", False)]
        )
        self.assertEqual(change.reason, "Mira is the mayor's wife")
        self._erase()
        self.assertFalse(change.reason)
        self.assertEqual(change.to_tier_id, silver)

    def test_what_was_noted_with_a_service(self):
        bronze = self.program.tier_ids.sorted("threshold")[0]
        tour = self.env["loyalty.entitlement"].create(
            {"name": "Tour", "program_id": self.program.id}
        )
        bronze.benefit_ids = [
            Command.create({"kind": "entitlement", "entitlement_id": tour.id})
        ]
        day = self.program._get_local_date()
        self.card._take_entitlement(tour, day, "Came with a wheelchair")
        use = self.card.entitlement_use_ids
        self.assertEqual(use.note, "Came with a wheelchair")
        self._erase()
        self.assertFalse(use.note)
        self.assertEqual(use.taken_on, day)

    def test_a_pool_named_after_the_member(self):
        pools = self.env["loyalty.pool"]
        named = pools._make(self.program, "Mira Member and friends")
        for card in (self.card, self.other):
            named._add(card, "backoffice")
        self._erase()
        self.assertEqual(named.name, "Otto Other")
        self.assertEqual(named.owner_id, self.other)
        self.other.with_user(self.manager)._erase(with_contact=False)
        self.assertEqual(named.name, "Erased")

    def test_a_pool_keeps_a_name_that_only_begins_alike(self):
        short = self._make_member("Ro Ma")
        pool = self.env["loyalty.pool"]._make(self.program, "Friends of the roaster")
        for card in (short, self.other):
            pool._add(card, "backoffice")
        short.with_user(self.manager)._erase(with_contact=False)
        self.assertEqual(pool.name, "Friends of the roaster")

    def test_the_pool_of_a_company_keeps_the_companys_name(self):
        self.program.pool_contacts = True
        firm = self._make_partner("Gruber & Sons", is_company=True)
        son = self._make_partner("Sepp Gruber", parent_id=firm.id)
        card = self.program._enrol(son, "backoffice", True)
        pool = card.pool_id
        card.with_user(self.manager)._erase(with_contact=False)
        self.assertEqual(pool.name, "Gruber & Sons")

    def test_a_pool_of_others_keeps_the_name_that_they_chose(self):
        pool = self.env["loyalty.pool"]._make(self.program, "Home")
        for card in (self.card, self.other):
            pool._add(card, "backoffice")
        self._erase()
        self.assertEqual(pool.name, "Home")


@tagged("post_install", "-at_install")
class TestEraseReferral(ReferralCase):
    def test_why_the_referral_of_a_member_was_decided(self):
        twin = self._make_partner("Mirabelle", phone=self.member.phone)
        referral = self._claim(twin)
        self.assertEqual(referral.state, "blocked")
        referral.with_user(self.manager)._decide("reject", "Mira's second account")
        self.card.with_user(self.manager)._erase(with_contact=False)
        self.assertFalse(referral.decision)
        self.assertEqual(referral.state, "rejected")


@tagged("post_install", "-at_install")
class TestEraseCare(CareCase):
    def test_what_was_told_under_an_address_of_the_customer(self):
        address = self._make_partner(
            "Mira's shed", parent_id=self.member.id, type="delivery"
        )
        _order, _invoice, plan = self._sell(partner=address)
        claim = self.env["loyalty.care.claim"].create(
            {"plan_id": plan.id, "description": "Mira fell into the pond with it"}
        )
        self.assertEqual(plan.partner_id, address)
        self.card.with_user(self.manager)._erase(with_contact=True)
        self.assertEqual(claim.description, "Erased")
