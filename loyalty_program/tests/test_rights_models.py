from odoo.tests import tagged

from .rights_common import RightsCase

#: {model: role=rights}, r read, w write, c create, d delete. What a role holds by
#: another one is not said again: managers adjust, who adjusts is a user, and so on.
RIGHTS = {
    "loyalty.adjust": "adjuster=rwc",
    "loyalty.adjustment": "user=r",
    "loyalty.adjustment.reason": "user=r manager=rwcd",
    "loyalty.audit": "manager=r",
    "loyalty.audit.difference": "manager=r",
    "loyalty.audit.part": "manager=r",
    "loyalty.care.claim": "user=rwc",
    "loyalty.care.plan": "user=r",
    "loyalty.cause": "user=r manager=rwcd",
    "loyalty.check.in": "user=r",
    "loyalty.check.in.scan": "user=r",
    "loyalty.check.in.show": "user=rwc",
    "loyalty.claim.decline": "user=rwc",
    "loyalty.code.attempt": "system=r",
    "loyalty.code.import": "manager=rwc",
    "loyalty.code.pool": "user=r manager=rwcd",
    "loyalty.coupon.batch": "user=r manager=rwcd",
    "loyalty.coupon.issue": "user=rwc",
    "loyalty.coupon.print": "user=rwc",
    "loyalty.coupon.reminder": "user=r",
    "loyalty.credit.past": "manager=rwc",
    "loyalty.entitlement": "employee=r manager=rwcd",
    "loyalty.entitlement.take": "user=rwc",
    "loyalty.entitlement.use": "user=r",
    "loyalty.erase": "manager=rwc",
    "loyalty.event": "user=r",
    "loyalty.event.award": "user=r",
    "loyalty.event.field": "user=r manager=rwcd",
    "loyalty.event.poster": "system=rwcd",
    "loyalty.event.rule": "user=r manager=rwcd",
    "loyalty.event.type": "user=r manager=rwcd",
    "loyalty.experience.date": "user=r manager=rwcd",
    "loyalty.experience.reminder": "user=r",
    "loyalty.expiry.reminder": "user=r",
    "loyalty.freeze": "user=rwc",
    "loyalty.gift": "user=r",
    "loyalty.history.import.column": "manager=rwcd",
    "loyalty.history.import.wizard": "manager=rwcd",
    "loyalty.join": "user=rwc",
    "loyalty.ledger.entry": "accountant=r user=r",
    "loyalty.ledger.queue": "manager=r",
    "loyalty.liability": "accountant=r manager=r",
    "loyalty.liability.day": "accountant=rwc manager=rwc",
    "loyalty.lot": "user=r",
    "loyalty.lot.use": "user=r",
    "loyalty.merge": "user=r",
    "loyalty.paid.membership": "user=r",
    "loyalty.partner.code": "manager=rd",
    "loyalty.policy.switch": "manager=rwc",
    "loyalty.pool": "user=r manager=rw",
    "loyalty.pool.join": "user=rwc",
    "loyalty.pool.member": "user=r",
    "loyalty.referral": "user=r",
    "loyalty.referral.claim": "user=rwc",
    "loyalty.referral.decide": "adjuster=rwc",
    "loyalty.reinstate": "adjuster=rwc",
    "loyalty.reservation": "manager=r",
    "loyalty.reward.claim": "user=r",
    "loyalty.reward.claim.make": "user=rwc",
    "loyalty.reward.group": "employee=r manager=rwcd",
    "loyalty.reward.slot": "manager=r",
    "loyalty.segment": "user=r manager=rwcd",
    "loyalty.split": "manager=rwc",
    "loyalty.stamp.card": "manager=rwc",
    "loyalty.terms": "user=r",
    "loyalty.terms.acceptance": "user=r",
    "loyalty.tier": "employee=r manager=rwcd",
    "loyalty.tier.assign": "manager=rwc",
    "loyalty.tier.benefit": "employee=r manager=rwcd",
    "loyalty.tier.change": "user=r",
    "loyalty.tier.recheck": "manager=r",
    "loyalty.tier.warning": "user=r",
    "loyalty.tier.what.if": "manager=rwcd",
    "loyalty.tier.what.if.cost": "manager=rwcd",
    "loyalty.tier.what.if.line": "manager=rwcd",
    "loyalty.tier.what.if.move": "manager=rwcd",
    "loyalty.transfer": "user=r",
    "loyalty.transfer.wizard": "adjuster=rwc",
}

#: Rows that belong to no company, and why.
SHARED = {
    "loyalty.adjustment.reason": "words that all companies share",
    "loyalty.audit": "one run checks the whole database and tells sums of rows",
    "loyalty.audit.part": "stretches of ids, no member and no points",
    "loyalty.code.attempt": "hashes without a company, for administrators",
    "loyalty.event.field": "the schema of events, as it is documented",
    "loyalty.event.type": "the schema of events, as it is documented",
    "loyalty.ledger.queue": "which entries wait; the entries have their own rule",
    "loyalty.reward.group": "names of groups that all companies share",
    "loyalty.tier.recheck": "stretches of ids, no member and no tier",
}


@tagged("post_install", "-at_install")
class TestRightsModels(RightsCase):
    """Who may do what with which model, as people agreed on it."""

    def test_each_role_has_exactly_its_rights(self):
        self.assert_rights(RIGHTS)

    def test_companies_are_kept_apart(self):
        self.assert_companies_kept_apart(SHARED)
