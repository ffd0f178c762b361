from datetime import date

from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestPortalBirthday(LoyaltyWebsiteCommon):
    """Customers tell their birthday with consent, and take it back."""

    def setUp(self):
        super().setUp()
        self.program.birthday_points = 20
        self._sign_in(self.member_user)

    def _tell(self, **form):
        values = {"program_id": self.program.id, "born": "1990-07-10", **form}
        return self._post_form("/my/loyalty/birthday", **values)

    def test_told_with_consent_and_taken_back(self):
        self.assertIn("Your birthday", self._read_main("/my/loyalty"))
        answer = self._tell(consent="yes")
        self.assertIn("we will think of you", answer.text)
        self.assertEqual(self.member.loyalty_birth_date, date(1990, 7, 10))
        self.assertTrue(self.member.loyalty_birth_consent_on)
        self.assertIn('value="1990-07-10"', self._read_main("/my/loyalty"))
        self._tell(forget="1")
        self.assertFalse(self.member.loyalty_birth_date)
        self.assertFalse(self.member.loyalty_birth_consent)

    def test_bad_input_keeps_nothing(self):
        for form, reason in (
            ({}, "tick the box"),
            ({"consent": "yes", "born": "10.7."}, "the month and the year"),
            ({"consent": "yes", "born": "1850-01-01"}, "last 130 years"),
        ):
            self.assertIn(reason, self._tell(**form).text)
            self.assertFalse(self.member.loyalty_birth_date)

    def test_who_is_no_member_tells_nothing(self):
        self._sign_in(self.other_user)
        self._tell(consent="yes")
        self.assertFalse(self.other.loyalty_birth_date)

    def test_without_a_gift_nobody_asks(self):
        self.program.birthday_points = 0
        self.assertNotIn("Your birthday", self._read_main("/my/loyalty"))
