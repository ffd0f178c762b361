from odoo.exceptions import AccessError
from odoo.tests import tagged

from .care_common import CareCase
from .claim_common import make_donation


@tagged("post_install", "-at_install")
class TestRightsCompanies(CareCase):
    """A manager of another company changes nothing here, whatever they send."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other Ltd"})
        cls.visitor = cls._make_manager_elsewhere(cls.other)
        cls.program.company_id = cls.company
        cls.reward = cls.program.reward_ids[0]
        cls.reward.issues_coupon = True
        cls.donation = make_donation(cls.program)
        cls.lounge = cls.env["loyalty.entitlement"].create(
            {"name": "Lounge", "program_id": cls.program.id}
        )
        cls.env["loyalty.tier.benefit"].create(
            {
                "tier_id": cls.card.tier_id.id,
                "kind": "entitlement",
                "entitlement_id": cls.lounge.id,
            }
        )
        cls.own_program = cls._make_program(company_id=cls.other.id)
        cls.own_card = cls._make_member("Vera Visitor", cls.own_program)
        cls._post(300)

    def test_a_dialog_tells_no_name_of_another_companys_member(self):
        dialog = self.env["loyalty.pool.join"].with_user(self.visitor)
        values = {"card_id": self.card.id, "program_id": self.own_program.id}
        with self.assertRaises(AccessError):
            dialog.create(values).read(["name"])

    def _facts(self):
        """Return all that could have changed."""
        self.env.invalidate_all()
        card = self.card
        return (
            [card.points, card.member_state, card.partner_id, card.tier_id],
            [card.active, card.account_id, card.code, len(card.claim_ids)],
            len(card.issued_coupon_ids),
            len(card.entitlement_use_ids),
            [self.program.ledger_policy, len(self.program.coupon_ids)],
            self.own_card.points,
        )

    def _assert_refused(self, name, act):
        before = self._facts()
        with self.subTest(name), self.assertRaises(AccessError):
            act()
        self.assertEqual(self._facts(), before, name)

    def _list_wizards(self):
        """Return (model, values, method) of the dialogs that change a member."""
        card = {"card_id": self.card.id}
        # sudo: reasons belong to no company.
        reason = self.env["loyalty.adjustment.reason"].sudo().search([], limit=1).id
        stranger = self._make_partner()
        return (
            (
                "loyalty.adjust",
                {**card, "change": 5, "reason_id": reason},
                "action_adjust",
            ),
            ("loyalty.freeze", {**card, "reason": "other"}, "action_freeze"),
            ("loyalty.erase", {**card, "with_contact": False}, "action_erase"),
            (
                "loyalty.tier.assign",
                {
                    **card,
                    "tier_id": self.program.tier_ids[-1].id,
                    "reason": "Because",
                },
                "action_assign",
            ),
            (
                "loyalty.entitlement.take",
                {**card, "entitlement_id": self.lounge.id},
                "action_take",
            ),
            (
                "loyalty.credit.past",
                {"card_ids": self.card.ids, "since": "2026-01-01"},
                "action_credit",
            ),
            (
                "loyalty.coupon.issue",
                {**card, "reward_id": self.reward.id},
                "action_issue",
            ),
            (
                "loyalty.reward.claim.make",
                {**card, "reward_id": self.donation.id, "points": 20},
                "action_claim",
            ),
            (
                "loyalty.transfer.wizard",
                {
                    **card,
                    "target_card_id": self.own_card.id,
                    "points": 10,
                    "reason": "Mine",
                },
                "action_transfer",
            ),
            ("loyalty.reinstate", {**card, "reason_id": reason}, "action_reinstate"),
            (
                "loyalty.pool.join",
                {
                    **card,
                    "program_id": self.program.id,
                    "name": "Ours",
                    "consent": True,
                },
                "action_join",
            ),
            (
                "loyalty.join",
                {
                    "partner_id": stranger.id,
                    "program_id": self.program.id,
                    "consent": True,
                },
                "action_join",
            ),
            (
                "loyalty.policy.switch",
                {"program_id": self.program.id},
                "action_switch",
            ),
            (
                "loyalty.card.update.balance",
                {**card, "new_balance": 999, "description": "Mine"},
                "action_update_card_point",
            ),
        )

    def test_no_dialog_changes_a_member_of_another_company(self):
        for model, values, method in self._list_wizards():

            def act(model=model, values=values, method=method):
                wizards = self.env[model].with_user(self.visitor)
                getattr(wizards.create(values), method)()

            self._assert_refused(f"{model}.{method}", act)

    def test_no_dialog_tells_of_a_member_of_another_company(self):
        told = {
            "loyalty.adjust": "balance",
            "loyalty.coupon.issue": "balance",
            "loyalty.entitlement.take": "words",
            "loyalty.pool.join": "points",
            "loyalty.reward.claim.make": "balance",
            "loyalty.transfer.wizard": "balance",
        }
        for model, values, _method in self._list_wizards():
            if model not in told:
                continue

            def read(model=model, values=values):
                wizards = self.env[model].with_user(self.visitor)
                wizard = wizards.create(values)
                self.env.flush_all()
                self.env.invalidate_all()
                wizard.read([told[model]])

            self._assert_refused(model, read)

    def test_no_button_changes_a_member_of_another_company(self):
        coupon = self.card._issue_coupon(self.reward, "backoffice")
        claim = self.card._claim_reward(self.donation, "backoffice", points=20)
        for record, method in (
            (self.card, "action_leave"),
            (self.card, "action_unfreeze"),
            (self.card, "action_accept_terms"),
            (self.card, "action_archive"),
            (self.card, "unlink"),
            (coupon, "action_void_coupons"),
            (claim, "action_void"),
            (self.program, "action_archive"),
            (self.program, "action_enrol_house"),
            (self.program.tier_ids[-1], "unlink"),
        ):
            act = getattr(record.with_user(self.visitor), method)
            self._assert_refused(f"{record._name}.{method}", act)
        self.assertEqual((coupon.coupon_state, claim.state), ("issued", "given"))

    def test_no_care_claim_of_another_company_is_filed_or_decided(self):
        _order, _invoice, plan = self._sell()
        claim = self._claim(plan)
        with self.assertRaises(AccessError):
            self._claim(plan, self.visitor)
        for method in ("action_accept", "action_done", "action_cancel"):
            self._assert_refused(method, getattr(claim.with_user(self.visitor), method))
        self.assertEqual(claim.state, "new")
