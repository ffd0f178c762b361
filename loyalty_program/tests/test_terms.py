from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestTerms(LoyaltyCase):
    """Each version of the terms is kept, with who accepted it when."""

    def _versions(self):
        return self.program.terms_ids.sorted("id").mapped("version")

    def test_joining_accepts_the_version_of_now(self):
        acceptance = self.card.acceptance_ids
        self.assertEqual(acceptance.terms_id, self.program.terms_ids)
        self.assertEqual(acceptance.channel, "backoffice")
        self.assertIn("collect points", acceptance.terms_id.text)
        self.assertEqual(self.card.terms_version, "1")

    def test_an_accepted_text_is_kept_and_a_change_is_a_new_version(self):
        first = self.program.terms_ids
        before = first.text
        self.program.terms = "<p>Be nice.</p>"
        self.assertEqual(self.program.terms_version, "2")
        self.assertEqual(self._versions(), ["1", "2"])
        self.assertEqual(first.text, before)

    def test_a_text_that_nobody_accepted_is_corrected_in_place(self):
        program = self._make_program(name="New")
        program.terms = "<p>Be nice.</p>"
        self.assertEqual(program.terms_ids.mapped("version"), ["1"])
        self.assertIn("nice", program.terms_ids.text)

    def test_a_version_may_have_a_name_of_its_own(self):
        self.program.write({"terms": "<p>Be nice.</p>", "terms_version": "2026-07"})
        self.assertEqual(self._versions(), ["1", "2026-07"])
        joined = self._make_member("Next")
        self.assertEqual(joined.acceptance_ids.terms_id.version, "2026-07")

    def test_an_accepted_version_is_not_deleted(self):
        with self.assertRaises(UserError):
            self.program.terms_ids.unlink()

    def test_nobody_writes_versions_or_acceptances_by_hand(self):
        with self.assertRaises(AccessError):
            self.program.terms_ids.with_user(self.manager).write({"text": "x"})
        with self.assertRaises(AccessError):
            self.card.acceptance_ids.with_user(self.manager).unlink()

    def test_members_are_asked_anew_by_setting(self):
        self.program.terms = "<p>Be nice.</p>"
        self.assertFalse(self.card.terms_due)
        self.program.terms_ask_members = True
        self.card.invalidate_recordset()
        self.assertTrue(self.card.terms_due)
        self.assertEqual(self.card.member_state, "joined")
        self.card.with_user(self.loyalty_user).action_accept_terms()
        self.assertFalse(self.card.terms_due)
        self.assertEqual(
            self.card.acceptance_ids.terms_id.mapped("version"), ["2", "1"]
        )

    def test_who_sells_accepts_nothing_for_others(self):
        with self.assertRaises(AccessError):
            self.card.with_user(self.salesperson).action_accept_terms()

    def test_who_left_is_asked_nothing(self):
        self.program.write({"terms": "<p>Be nice.</p>", "terms_ask_members": True})
        self.card._leave()
        self.assertFalse(self.card.terms_due)
        with self.assertRaises(UserError):
            self.card._accept_terms("backoffice")

    def test_an_import_takes_over_the_consent_to_other_words(self):
        card = self.program._enrol(self._make_partner(), "import", True)
        self.assertFalse(card.acceptance_ids)

    def test_a_translation_is_kept_with_its_version(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        program = self._make_program(name="New", terms="<p>Be nice.</p>")
        program.update_field_translations(
            "terms", {"fr_FR": {"Be nice.": "Soyez gentils."}}
        )
        terms = program.terms_ids.with_context(lang="fr_FR")
        self.assertEqual(len(terms), 1)
        self.assertIn("gentils", terms.text)
        self.assertIn("nice", terms.with_context(lang="en_US").text)
