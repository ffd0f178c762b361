"""Tests of stock's defects: they pass with the suite and fail on plain Odoo."""

from contextlib import nullcontext
from functools import wraps

from dateutil.relativedelta import relativedelta

from odoo import fields

from .commit_common import CommittingCase
from .common import LoyaltyCase


def on_stock(symptom, error=AssertionError):
    """Say in which way plain Odoo fails a test.

    With the suite the test is as it stands. Without it (``./dev test --defects``) the
    test passes when its body fails like that, and fails when it fails in any other
    way, or when Odoo has mended the defect itself.

    :param str symptom: regular expression for what the failure says
    :param error: the kind of failure
    """

    def mark(test):
        @wraps(test)
        def run(self):
            if has_suite(self):
                return test(self)
            # The first failure is the symptom; one inside of a subtest is it as well.
            self.subTest = lambda *_args, **_values: nullcontext()
            try:
                test(self)
            except error as failure:
                self.assertRegex(str(failure), symptom)
            else:
                raise self.failureException("plain Odoo passes this test")

        return run

    return mark


def has_suite(case):
    """Tell whether the suite is installed in the database of a test."""
    return "loyalty.ledger" in case.registry


class StockTooCase(LoyaltyCase):
    """A shop with or without the suite: a test asks the same of both.

    Without the suite its own settings are left out, points are given as Odoo's wizard
    does and the story is that of ``loyalty.history``.
    """

    @classmethod
    def _make_user(cls, login, groups, **values):
        known = [
            name
            for name in groups.split(",")
            if cls.env.ref(name, raise_if_not_found=False)
        ]
        return super()._make_user(login, ",".join(known), **values)

    @classmethod
    def _make_program(cls, **values):
        if has_suite(cls):
            return super()._make_program(**values)
        return cls._make_recorded_program(**values)

    @classmethod
    def _make_member(cls, name, program=None):
        if has_suite(cls):
            return super()._make_member(name, program)
        partner = cls._make_partner(name)
        return cls._make_card(program or cls.program, partner_id=partner.id)

    @classmethod
    def _set(cls, record, **values):
        """Write settings; those that only the suite knows count with it only."""
        record.write({k: v for k, v in values.items() if k in record._fields})

    @classmethod
    def _let_expire(cls, count, mode="earning", **values):
        if has_suite(cls):
            super()._let_expire(count, mode, **values)
        else:
            end = fields.Date.today() + relativedelta(months=count)
            cls.program.coupon_ids.expiration_date = end

    @classmethod
    def _post(cls, points, entry_type="adjust", card=None, **values):
        if has_suite(cls):
            return super()._post(points, entry_type, card, **values)
        card, points = card or cls.card, float(points)
        if values.get("expires_on"):
            card.expiration_date = values["expires_on"]
        card.points += points
        return cls.env["loyalty.history"].create(
            {
                "card_id": card.id,
                "description": entry_type,
                "issued": max(points, 0),
                "used": max(-points, 0),
            }
        )

    def _run_nightly(self):
        if has_suite(self):
            super()._run_nightly()
        else:
            # There is nothing that plain Odoo does with points at night.
            jobs = self.env["ir.cron"].search([("model_id.model", "like", "loyalty.")])
            self.assertFalse(jobs)

    def _entries(self, order=None, card=None):
        if has_suite(self):
            return super()._entries(order, card)
        domain = [("card_id", "=", (card or self.card).id)]
        if order is not None:
            domain += [("order_model", "=", order._name), ("order_id", "=", order.id)]
        return self.env["loyalty.history"].search(domain, order="id")

    def _story(self, order=None, card=None):
        if has_suite(self):
            return super()._story(order, card)
        return [
            ("earn", row.issued) if row.issued else ("redeem", -row.used)
            for row in self._entries(order, card)
        ]

    def assert_balanced(self, card=None):
        if has_suite(self):
            super().assert_balanced(card)
        else:
            card = card or self.card
            told = sum(row.issued - row.used for row in card.history_ids)
            self.assertEqual(card.points, told, "balance and history")


class StockTooCommittingCase(CommittingCase):
    """Real transactions with or without the suite."""

    @classmethod
    def _prepare_program(cls, env):
        if has_suite(cls):
            return super()._prepare_program(env)
        return {"program_type": "loyalty", "applies_on": "both", "trigger": "auto"}

    @classmethod
    def _neutralise(cls):
        # Without the suite the database is thrown away right afterwards.
        if has_suite(cls):
            super()._neutralise()
