from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon

ODD_VALUES = ("", "abc", "-1", "0", "²", "1.5", "9" * 40, "'; --", "\x00", "all,gained")


@tagged("post_install", "-at_install")
class TestPortalParameters(LoyaltyWebsiteCommon):
    """Made-up parameters get an ordinary page, never an error."""

    def setUp(self):
        super().setUp()
        for number in range(25):
            self._give_points(self.card, number + 1, key=f"test:gift:{number}")
        self._sign_in(self.member_user)
        self.url = f"/my/loyalty/{self.program.id}/points"

    def test_made_up_parameters_show_the_first_page_as_usual(self):
        usual = self._count_entries(self.url_open(self.url))
        self.assertEqual(usual, 20)
        for name in ("page", "sortby", "filterby", "back"):
            for value in ODD_VALUES:
                with self.subTest(name=name, value=value):
                    answer = self._get_with_parameter(self.url, name, value)
                    self.assertEqual(answer.status_code, 200)
                    self.assertEqual(self._count_entries(answer), usual)

    def test_a_page_beyond_the_last_is_the_last(self):
        for page in (2, 3, 99_999_999, 10**30):
            with self.subTest(page):
                answer = self.url_open(f"{self.url}/page/{page}")
                self.assertEqual(answer.status_code, 200)
        self.assertEqual(self._count_entries(self.url_open(f"{self.url}/page/3")), 5)

    def test_the_overview_takes_any_parameter(self):
        for value in ODD_VALUES:
            with self.subTest(value):
                answer = self._get_with_parameter("/my/loyalty", "back", value)
                self.assertEqual(answer.status_code, 200)

    def _get_with_parameter(self, url, name, value):
        return self.opener.get(self.base_url() + url, params={name: value}, timeout=30)

    def _count_entries(self, answer):
        return answer.text.count("o_lp_entry_points")
