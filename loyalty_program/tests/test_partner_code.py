import base64
from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .claim_common import ClaimCase
from .common import NOW


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestPartnerCode(ClaimCase):
    """Codes of a partner: imported all or none, each given once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool = cls.env["loyalty.code.pool"].create(
            {
                "name": "Cinema",
                "instructions": "Enter it at the box office.",
                "low_level": 1,
                "user_id": cls.manager.id,
            }
        )
        cls.gift = cls._make_reward("partner_code", code_pool_id=cls.pool.id)
        cls.member.email = "mira@example.com"
        cls._post(1000, "bonus")

    def _import(self, text="", user=None, **values):
        wizard = self.env["loyalty.code.import"].with_user(user or self.manager)
        return wizard.create(
            {"pool_id": self.pool.id, "text": text, **values}
        ).action_import()

    def _mails(self):
        return self.env["mail.mail"].search(
            [("model", "=", "loyalty.reward.claim")], order="id desc"
        )

    def _triggers(self):
        cron = self.env.ref("loyalty_program.ir_cron_code_pool")
        return self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])

    # === Import ===

    def test_a_list_is_imported(self):
        self._import("A-1\nA-2;2026-12-31\n")
        content = base64.b64encode("code,until\r\nB-1,\r\n".encode("utf-8-sig"))
        self._import(file=content)
        codes = self.pool.code_ids
        self.assertEqual(codes.mapped("code"), ["A-1", "A-2", "B-1"])
        self.assertEqual(codes[1].until, date(2026, 12, 31))
        self.assertEqual((self.pool.code_count, self.pool.free_count), (3, 3))
        self.assertIn("Imported codes: 2.", " ".join(self._notes(self.pool)))

    def test_the_last_day_of_a_code_is_the_programmes_wherever_staff_are(self):
        self._import("A-1;2026-06-30")
        pool = self.pool.with_context(tz="Pacific/Auckland")
        with freeze_time("2026-06-30 14:00:00"):
            pool.invalidate_recordset(["free_count"])
            self.assertEqual(pool.free_count, 1)
            self.assertEqual(
                self.env["loyalty.partner.code"]
                .with_context(tz="Pacific/Auckland")
                ._count_free(pool),
                {pool.id: 1},
            )
            self.assertTrue(self._claim())

    def test_a_code_of_today_is_imported_wherever_staff_are(self):
        self.company.partner_id.tz = "America/New_York"
        self.pool = self.pool.with_context(tz="Pacific/Auckland")
        self.manager.tz = "Pacific/Auckland"
        with freeze_time("2026-06-30 14:00:00"):
            self._import("A-1;2026-06-30")
        self.assertEqual(self.pool.code_ids.code, "A-1")

    def test_bad_lines_are_told_by_number_and_nothing_is_imported(self):
        self._import("KNOWN")
        with self.assertRaises(UserError) as caught:
            self._import("GOOD\nGOOD\nA B\nC;31.12.2026\nD;2020-01-01")
        text = str(caught.exception)
        for words in (
            "Nothing was imported",
            "Line 2: “GOOD” stands in line 1",
            "Line 3: “A B” has spaces",
            "Line 4: “31.12.2026” is no day",
            "Line 5: “2020-01-01” is over",
        ):
            self.assertIn(words, text)
        with self.assertRaisesRegex(UserError, "Line 2: “KNOWN” is in the pool"):
            self._import("NEW\nKNOWN")
        with self.assertRaisesRegex(UserError, "and 10 more"):
            self._import("X\n" * 31)
        for values, words in (
            ({"text": "code\n\n"}, "no codes"),
            ({"file": base64.b64encode(b"\xff\xfe\x00")}, "UTF-8"),
            ({"text": "A", "file": base64.b64encode(b"B")}, "not both"),
        ):
            with self.assertRaisesRegex(UserError, words, msg=str(values)):
                self._import(**values)
        self.assertEqual(self.pool.code_ids.mapped("code"), ["KNOWN"])

    def test_only_managers_import_and_see_codes(self):
        self._import("A-1")
        for user in (self.loyalty_user, self.salesperson):
            with self.assertRaises(AccessError):
                self._import("B-1", user)
            with self.assertRaises(AccessError):
                self.pool.code_ids.with_user(user).read(["code"])
        claim = self._claim()
        self.assertEqual(claim.with_user(self.loyalty_user).partner_code, "A-1")
        with self.assertRaises(UserError):
            claim.partner_code_ids.with_user(self.manager).unlink()

    # === Giving ===

    def test_each_member_gets_another_code_by_page_and_mail(self):
        self._import("A-1\nA-2;2026-12-31")
        first, second = self._claim(), self._claim()
        self.assertEqual({first.partner_code, second.partner_code}, {"A-1", "A-2"})
        self.assertEqual(self.card.points, 800)
        dated = (first | second).filtered(lambda own: own.partner_code == "A-2")
        self.assertIn("until 12/31/2026", dated._describe_given())
        mail = self._mails()[0]
        self.assertIn(second.partner_code, mail.body_html)
        self.assertIn("box office", mail.body_html)
        self.assertEqual(mail.recipient_ids, self.member)
        with self.assertRaisesRegex(UserError, "no codes left"):
            self._claim()
        self.assertEqual((self.card.points, len(self._mails())), (800, 2))

    def test_a_code_that_is_over_is_not_given(self):
        self._import("A-1;2026-06-30")
        with freeze_time("2026-07-01 10:00:00"):
            self.assertEqual(self.pool.free_count, 0)
            with self.assertRaisesRegex(UserError, "no codes left"):
                self._claim()
        self.assertEqual(self._claim().partner_code, "A-1")

    def test_the_code_of_a_void_claim_is_not_given_again(self):
        self._import("A-1")
        claim = self._claim()
        claim.with_user(self.manager).action_void()
        self.assertEqual((claim.state, self.card.points), ("void", 1000))
        self.assertIn("Have the partner block it", " ".join(self._notes(claim)))
        with self.assertRaisesRegex(UserError, "no codes left"):
            self._claim()
        with self.assertRaisesRegex(UserError, "in the pool already"):
            self._import("A-1")

    def test_a_pool_that_runs_low_is_told_once(self):
        self._import("A-1\nA-2\nA-3")
        pools = self.env["loyalty.code.pool"]
        before = self._triggers()
        self._claim()
        self.assertEqual(self._triggers(), before)
        pools._cron_warn()
        self.assertFalse(self.pool.activity_ids)
        self._claim()
        self.assertNotEqual(self._triggers(), before)
        pools._cron_warn()
        pools._cron_warn()
        activity = self.pool.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn("Codes left: 1", activity.summary)
        self._import("B-1\nB-2")
        pools._cron_warn()
        self.assertFalse(self.pool.activity_ids)

    def test_an_erased_member_is_named_by_no_claim(self):
        self._import("A-1")
        claim = self._claim()
        self.env["loyalty.erase"].with_user(self.manager).create(
            {"card_id": self.card.id, "with_contact": True}
        ).action_erase()
        texts = [claim.display_name, *self._notes(claim)]
        self.assertNotIn("Mira", " ".join(texts))
        self.assertFalse(claim.partner_id)
        self.assertEqual((claim.points, claim.partner_code), (100, "A-1"))

    def test_bad_settings_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "out of which pool"):
            self._make_reward("partner_code")
        other = self.env["res.company"].create({"name": "Other"})
        self.program.company_id = self.company
        with self.assertRaisesRegex(ValidationError, "another company"):
            self._make_reward(
                "partner_code",
                code_pool_id=self.pool.copy({"company_id": other.id}).id,
            )
