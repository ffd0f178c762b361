from datetime import datetime, timedelta
from decimal import Decimal

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import tagged
from odoo.tests.common import BaseCase, get_db_name
from odoo.tools import mute_logger

from odoo.addons.loyalty_program.engine.values import Posting

MEMBERS = 6


@tagged("post_install", "-at_install")
class TestTwoWorkers(BaseCase):
    """Two workers on two connections share a campaign and do nothing twice."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self._clean_up)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            program = env["loyalty.program"].create(
                env["loyalty.program"]._prepare_membership_values()
            )
            partners = env["res.partner"].create(
                [
                    {"name": f"Worker test {n}", "email": f"worker{n}@example.com"}
                    for n in range(MEMBERS)
                ]
            )
            members = [(partner, None) for partner in partners]
            cards = program._enrol_batch(members, "backoffice", True)
            env["loyalty.ledger"]._post(
                Posting(
                    card_id=card.id,
                    entry_type="earn",
                    points=Decimal(10),
                    key=f"test/two-workers/{card.id}",
                    base_amount=Decimal(10),
                    occurred_at=datetime.now() - timedelta(days=200),
                )
                for card in cards
            )
            campaign = env["loyalty.campaign"].create(
                {
                    "name": "Two workers",
                    "program_id": program.id,
                    "hold_out_percent": 0,
                }
            )
            campaign.action_start()
            self.campaign_id, self.program_id = campaign.id, program.id
            self.partner_ids = partners.ids
        self.workers = []
        for _worker in range(2):
            cr = self.registry.cursor()
            self.addCleanup(cr.close)
            cr.execute("SET lock_timeout = '2s'")
            env = api.Environment(cr, SUPERUSER_ID, {})
            env.cr.commit()
            self.workers.append(env["loyalty.campaign"].browse(self.campaign_id))

    def _clean_up(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            campaign = env["loyalty.campaign"].browse(self.campaign_id)
            program = env["loyalty.program"].browse(self.program_id)
            participations = campaign.participation_ids
            coupons, mailing = participations.coupon_id, campaign.mailing_id
            utm, coupon_program = campaign.utm_campaign_id, campaign.coupon_program_id
            env["mail.mail"].search([("mailing_id", "=", mailing.id)]).unlink()
            participations.unlink()
            campaign.unlink()
            (coupons | coupon_program.coupon_ids).unlink()
            mailing.unlink()
            utm.unlink()
            # SQL: the ledger lets nobody delete; this test alone wrote real rows.
            for statement in (
                "ALTER TABLE loyalty_ledger_entry DISABLE TRIGGER USER",
                "DELETE FROM loyalty_lot WHERE program_id = %(program)s",
                "DELETE FROM loyalty_ledger_entry WHERE program_id = %(program)s",
                "ALTER TABLE loyalty_ledger_entry ENABLE TRIGGER USER",
                "DELETE FROM loyalty_card WHERE program_id = %(program)s",
            ):
                cr.execute(statement, {"program": self.program_id})
            env.invalidate_all()
            (program | coupon_program).action_archive()
            (program | coupon_program).unlink()
            env["res.partner"].browse(self.partner_ids).unlink()

    def _treat(self, campaign, size):
        return campaign.env["loyalty.participation"]._treat_planned(
            campaign, campaign._get_today(), size
        )

    def test_the_second_worker_waits_for_nothing_and_does_the_rest(self):
        first, second = self.workers
        self.assertEqual(first._claim(first._get_today()), MEMBERS)
        self.assertEqual(second._claim(second._get_today()), 0)
        first.env.cr.commit()
        second.env.cr.rollback()
        self.assertEqual(self._treat(first, 2), 2)
        self.assertEqual(self._treat(second, MEMBERS), MEMBERS - 2)
        first.env.cr.commit()
        second.env.cr.commit()
        self.assertEqual(self._treat(first, MEMBERS), 0)
        first.invalidate_recordset()
        participations = first.participation_ids
        self.assertEqual(len(participations), MEMBERS)
        self.assertEqual(set(participations.mapped("state")), {"done"})
        self.assertEqual(len(participations.coupon_id), MEMBERS)
        self.assertEqual(first.coupon_program_id.coupon_count, MEMBERS)
        self.assertEqual(first.mailing_id.scheduled, MEMBERS)

    @mute_logger("odoo.sql_db")
    def test_a_worker_that_looked_too_early_starts_over(self):
        first, second = self.workers
        today = second._get_today()
        self.assertEqual(first._claim(today), MEMBERS)
        first.env.cr.commit()
        with self.assertRaises(SerializationFailure):
            second._claim(today)
        second.env.cr.rollback()
        self.assertEqual(second._claim(today), 0)
