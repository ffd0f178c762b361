import io
import re

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.misc import file_open, file_path

from ..importer.formats import MEMBERS, OPENINGS, PURCHASES
from ..importer.job import ImportJob
from ..models.loyalty_history_import_wording import FILE_MESSAGES, LINE_MESSAGES
from .import_common import HEADERS, HistoryImportCase


@tagged("post_install", "-at_install")
class TestImportMembers(HistoryImportCase):
    def test_a_member_comes_over_with_number_day_and_consent(self):
        self.run_import(
            MEMBERS, "A1,Zoë Reed,zoe@example.com,+1 555,2024-05-01,2024-04-30,v7"
        )
        card = self.card("A1")
        self.assertEqual(card.partner_id.name, "Zoë Reed")
        self.assertEqual(card.partner_id.email, "zoe@example.com")
        self.assertTrue(card.member_number)
        self.assertEqual(str(card.joined_on), "2024-05-01")
        self.assertEqual(card.join_channel, "import")
        self.assertEqual(str(card.terms_accepted_on.date()), "2024-04-30")
        self.assertEqual(card.terms_version, "v7")
        self.assertEqual(card.tier_id, self.program.tier_ids[0])

    def test_without_a_version_the_consent_names_the_old_system(self):
        self.run_import(MEMBERS, "A1,Ada,,,2024-05-01,2024-05-01,", source="Old till")
        self.assertEqual(self.card("A1").terms_version, "Old till")

    def test_a_member_without_consent_is_a_bad_line(self):
        report = self.check(MEMBERS, "A1,Ada,,,2024-05-01,,")
        self.assertEqual(self.reasons(report), [(2, "Consent given on is missing.")])

    def test_members_again_change_nothing(self):
        line = "A1,Ada,,,2024-05-01,2024-05-01,1"
        self.run_import(MEMBERS, line)
        number = self.card("A1").member_number
        report = self.run_import(MEMBERS, line.replace("2024", "2023"))
        self.assertEqual((report.rows, report.known), (1, 1))
        self.assertEqual(self.card("A1").member_number, number)
        self.assertEqual(str(self.card("A1").joined_on), "2024-05-01")

    def test_whoever_left_is_not_brought_back_by_an_old_file(self):
        line = "A1,Ada,,,2024-05-01,2024-05-01,1"
        self.run_import(MEMBERS, line)
        card = self.card("A1")
        card._leave()
        expected = [(2, "“A1” has left the programme.")]
        self.assertEqual(self.reasons(self.check(MEMBERS, line)), expected)
        report = self.check(PURCHASES, f"A1,{self.day(9)},1,10,", consent=True)
        self.assertEqual(self.reasons(report), expected)
        self.assertEqual(card.member_state, "left")

    def test_a_contact_with_the_reference_joins_and_keeps_its_name(self):
        partner = self.env["res.partner"].create({"name": "Known", "ref": "A1"})
        self.run_import(MEMBERS, "A1,Other,,,2024-05-01,2024-05-01,1")
        self.assertEqual(self.card("A1").partner_id, partner)
        self.assertEqual(partner.name, "Known")

    def test_an_address_that_names_one_contact_finds_it(self):
        partner = self.env["res.partner"].create(
            {"name": "Known", "email": "Ada@Example.com"}
        )
        self.run_import(
            MEMBERS,
            "A1,Ada,ada@example.com,,2024-05-01,2024-05-01,1",
            "A2,Ben,ada@example.com,,2024-05-01,2024-05-01,1",
        )
        self.assertEqual(self.card("A1").partner_id, partner)
        self.assertEqual(partner.ref, "A1")
        self.assertEqual(self.card("A2").partner_id.name, "Ben")

    def test_a_member_found_by_address_gets_the_reference_for_later_files(self):
        partner = self.env["res.partner"].create(
            {"name": "Known", "email": "ada@example.com"}
        )
        card = self.program._enrol(partner, "backoffice", True)
        self.run_import(MEMBERS, "A1,Ada,ada@example.com,,2024-05-01,2024-05-01,1")
        self.run_import(OPENINGS, f"A1,50,{self.day(9)}")
        self.assertEqual(card.points, 50)

    def test_an_address_that_two_contacts_share_names_nobody(self):
        couple = self.env["res.partner"].create(
            [{"name": name, "email": "two@example.com"} for name in ("One", "Two")]
        )
        self.run_import(MEMBERS, "A1,Ada,two@example.com,,2024-05-01,2024-05-01,1")
        self.assertNotIn(self.card("A1").partner_id, couple)

    def test_a_reference_that_names_several_or_archived_contacts_is_a_bad_line(self):
        self.env["res.partner"].create(
            [
                {"name": "One", "ref": "A1"},
                {"name": "Two", "ref": "A1"},
                {"name": "Gone", "ref": "A2", "active": False},
            ]
        )
        lines = [f"{ref},Ada,,,2024-05-01,2024-05-01,1" for ref in ("A1", "A2")]
        self.assertEqual(
            self.reasons(self.check(MEMBERS, *lines)),
            [
                (2, "Several contacts have the reference “A1”."),
                (3, "The contact with the reference “A2” is archived."),
            ],
        )

    def test_a_contact_of_another_company_is_left_alone(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        theirs = self.env["res.partner"].create(
            {"name": "Theirs", "ref": "A1", "company_id": company.id}
        )
        self.program.company_id = self.env.company
        self.run_import(MEMBERS, "A1,Ours,,,2024-05-01,2024-05-01,1")
        self.assertFalse(self.program._get_member_card(theirs))
        self.assertIn("Ours", self.program.coupon_ids.partner_id.mapped("name"))

    def test_nobody_is_written_to(self):
        self.program.communication_plan_ids = [
            (
                0,
                0,
                {
                    "trigger": "create",
                    "mail_template_id": self.env.ref(
                        "loyalty.mail_template_loyalty_card"
                    ).id,
                },
            )
        ]
        mails = self.env["mail.mail"].search_count([])
        self.run_import(MEMBERS, "A1,Ada,ada@example.com,,2024-05-01,2024-05-01,1")
        self.run_import(PURCHASES, f"A1,{self.day(1)},1,500,")
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)


@tagged("post_install", "-at_install")
class TestImportOpenings(HistoryImportCase):
    def test_a_balance_comes_over_and_lifts_no_tier(self):
        self.join("A1")
        self.run_import(OPENINGS, f"A1,5000,{self.day(30)}")
        entry = self.entries()
        self.assertEqual(entry.entry_type, "opening")
        self.assertFalse(entry.tier_date)
        self.assertEqual(self.card("A1").points, 5000)
        self.assertEqual(self.card("A1").tier_id, self.program.tier_ids[0])

    def test_an_old_balance_expires_by_its_own_day(self):
        self.join("A1", "A2")
        self.run_import(OPENINGS, f"A1,50,{self.day(400)}", f"A2,70,{self.day(300)}")
        list(self.env["loyalty.ledger"]._run_daily())
        self.assertEqual(self.card("A1").points, 0)
        self.assertEqual(self.card("A2").points, 70)

    def test_a_balance_comes_over_once(self):
        self.join("A1")
        for _time in range(2):
            self.run_import(OPENINGS, f"A1,50,{self.day(3)}")
        self.assertEqual(self.card("A1").points, 50)

    def test_a_balance_of_somebody_unknown_is_a_bad_line(self):
        report = self.check(OPENINGS, f"A9,50,{self.day(3)}")
        self.assertEqual(
            self.reasons(report), [(2, "“A9” is no member of the programme.")]
        )


@tagged("post_install", "-at_install")
class TestImportPurchases(HistoryImportCase):
    def test_points_are_those_that_the_programme_gives(self):
        self.join("A1")
        self.program.rule_ids.reward_point_amount = 2
        self.run_import(PURCHASES, f"A1,{self.day(60)},3,9.90,")
        entry = self.entries()
        self.assertEqual((entry.points, entry.base_amount), (19, 9.90))
        self.assertEqual(entry.channel, "import")
        self.assertIn("9.9", entry.breakdown_text)

    def test_a_purchase_within_the_return_window_is_pending(self):
        self.join("A1")
        self.run_import(
            PURCHASES, f"A1,{self.day(3)},1,40,", f"A1,{self.day(60)},1,50,"
        )
        card = self.card("A1")
        self.assertEqual((card.points, card.points_pending), (50, 40))

    def test_only_the_purchases_of_the_window_count_for_the_tier(self):
        self.join("A1", "A2")
        self.run_import(
            PURCHASES, f"A1,{self.day(500)},1,900,", f"A2,{self.day(100)},1,900,"
        )
        names = [self.card(ref).tier_id.name for ref in ("A1", "A2")]
        self.assertEqual(names, ["Bronze", "Gold"])

    def test_the_day_is_the_day_of_the_company_wherever_it_is(self):
        for zone in ("Pacific/Auckland", "America/Los_Angeles"):
            self.env.company.partner_id.tz = zone
            self.join(zone)
            day = self.day(40)
            self.run_import(PURCHASES, f"{zone},{day},1,10,")
            entry = self.card(zone).entry_ids
            local = self.program._get_local_date(entry.occurred_at)
            self.assertEqual(str(local), day)

    def test_a_purchase_of_today_is_not_posted_into_the_future(self):
        self.join("A1")
        self.run_import(PURCHASES, f"A1,{self.day(0)},1,10,")
        # Before noon it is dated now, which may be after its transaction began.
        self.assertLessEqual(self.entries().occurred_at, fields.Datetime.now())

    def test_an_unknown_customer_joins_only_where_everybody_agreed(self):
        lines = [f"A1,{self.day(20)},1,10,", f"A1,{self.day(50)},1,10,"]
        with self.assertRaisesRegex(UserError, "Line 2: “A1” is no member"):
            self.run_import(PURCHASES, *lines)
        self.assertFalse(self.entries())
        report = self.run_import(PURCHASES, *lines, consent=True)
        self.assertEqual(list(report.joining), ["A1"])
        self.assertEqual(str(self.card("A1").joined_on), self.day(50))
        self.assertEqual(self.card("A1").points, 20)

    def test_one_bad_line_holds_the_whole_file_back(self):
        self.join("A1")
        lines = [f"A1,{self.day(9)},1,10,", f"A1,{self.day(9)},1,NaN,"]
        with self.assertRaisesRegex(UserError, "Nothing was imported.*\nLine 3: "):
            self.run_import(PURCHASES, *lines)
        self.assertFalse(self.entries())

    def test_only_the_lines_that_the_user_gave_up_are_left_out(self):
        self.join("A1")
        lines = [f"A1,{self.day(9)},1,{value}," for value in ("10", "x", "-1")]
        with self.assertRaisesRegex(UserError, "Line 4: "):
            self.run_import(PURCHASES, *lines, skip=[3])
        report = self.run_import(PURCHASES, *lines, skip=[3, 4])
        self.assertEqual((report.rows, len(report.faults)), (1, 2))
        self.assertEqual(self.entries().mapped("base_amount"), [10])

    def test_a_later_file_that_overlaps_brings_only_what_is_new(self):
        self.join("A1")
        old = [f"A1,{self.day(40)},1,10,", f"A1,{self.day(40)},1,10,"]
        self.run_import(PURCHASES, *old)
        report = self.run_import(PURCHASES, f"A1,{self.day(30)},1,7,", *old)
        self.assertEqual((report.rows, report.known), (3, 2))
        self.assertEqual(sum(self.entries().mapped("base_amount")), 27)

    def test_what_was_imported_stays_when_the_rules_change(self):
        self.join("A1")
        line = f"A1,{self.day(40)},1,10,"
        self.run_import(PURCHASES, line)
        self.program.rule_ids.reward_point_amount = 5
        self.run_import(PURCHASES, line)
        self.assertEqual(self.entries().mapped("points"), [10])

    def test_another_old_system_may_know_the_same_purchase(self):
        self.join("A1")
        line = f"A1,{self.day(40)},1,10,"
        self.run_import(PURCHASES, line, source="till")
        self.run_import(PURCHASES, line, source="webshop")
        self.assertEqual(len(self.entries()), 2)

    def test_the_check_changes_nothing(self):
        line = f"A1,{self.day(40)},1,10.50,"
        contacts = self.env["res.partner"].search_count([])
        report = self.check(PURCHASES, line, line, consent=True)
        self.assertEqual((report.rows, report.points), (2, 20))
        self.assertEqual(str(report.amount), "21.00")
        self.assertEqual(self.env["res.partner"].search_count([]), contacts)
        self.assertFalse(self.entries())


@tagged("post_install", "-at_install")
class TestImportRefusals(HistoryImportCase):
    def refuse(self, content, kind=PURCHASES):
        with self.assertRaises(UserError) as caught:
            self.service._check(self.program, ImportJob(kind), io.BytesIO(content))
        return str(caught.exception)

    def test_a_programme_that_takes_no_members_takes_no_file(self):
        self.program.ledger_policy = "stock"
        self.assertIn("takes no members", self.refuse(b"x"))

    def test_the_reason_is_a_sentence_for_the_user(self):
        self.assertIn("is empty", self.refuse(b""))
        self.assertIn("spreadsheet", self.refuse(b"PK\x03\x04"))
        self.assertIn("Date, Amount", self.refuse(b"reference;x\n1;2\n"))
        self.assertIn(
            "not written in UTF-8 (byte 2)", self.refuse(b"r\xe9f,date,amount\n")
        )

    def test_thousands_of_bad_lines_say_that_the_format_is_wrong(self):
        header = HEADERS[OPENINGS].encode()
        text = self.refuse(header + b"\nA,x,x" * 10_001, OPENINGS)
        self.assertIn("more than 10000 bad lines", text)

    def test_a_line_of_50_megabytes_is_one_bad_line(self):
        header = HEADERS[OPENINGS].encode()
        stream = io.BytesIO(header + b"\n" + b"9" * 50_000_000)
        report = self.service._check(self.program, ImportJob(OPENINGS), stream)
        self.assertEqual(
            self.reasons(report), [(2, "The line is longer than 10000 bytes.")]
        )

    def test_every_code_of_the_checks_has_a_wording(self):
        codes = {"Problem": set(), "FileError": set()}
        folder = file_path("loyalty_program/importer")
        for name in ("cells", "checking", "formats", "reading"):
            with file_open(f"{folder}/{name}.py") as source:
                for kind, code in re.findall(
                    r'(Problem|FileError)\(\s*"(\w+)"', source.read()
                ):
                    codes[kind].add(code)
        self.assertGreater(len(codes["Problem"]), 15)
        self.assertLessEqual(codes["Problem"], set(LINE_MESSAGES))
        self.assertLessEqual(codes["FileError"], set(FILE_MESSAGES))
