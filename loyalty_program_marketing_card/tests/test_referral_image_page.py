from lxml import html

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import JPEG, ReferralImageMixin
from odoo.addons.loyalty_program_website.tests.common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestReferralImagePage(ReferralImageMixin, LoyaltyWebsiteCommon):
    """The image on the member's page, under their link and in its preview."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.code = cls.card._get_referral_code()
        cls.path = f"/refer/{cls.code}/card.jpg"

    def _find_image(self):
        return self.env["card.card"].search([("loyalty_card_id", "=", self.card.id)])

    def test_the_member_finds_and_saves_it(self):
        self._sign_in(self.member_user)
        page = self._read_main(f"/my/loyalty/{self.program.id}/friends")
        self.assertIn(self.path, page)
        self.assertIn("Save image", page)
        # The page itself waits for no drawing.
        self.assertFalse(self.drawn)
        answer = self.url_open(self.path)
        self.assertEqual(answer.content, JPEG)
        self.assertEqual(answer.headers["Content-Type"], "image/jpeg")
        self.assertIn(self.card.referral_text, self.drawn[-1])
        drawn = len(self.drawn)
        self.assertEqual(self.url_open(self.path).content, JPEG)
        self.assertEqual(len(self.drawn), drawn)

    def test_a_messenger_shows_it_and_that_is_counted(self):
        self.authenticate(None, None)
        page = html.fromstring(self.url_open(f"/refer/{self.code}").content)
        (url,) = page.xpath("//meta[@property='og:image']/@content")
        self.assertTrue(url.endswith(self.path))
        self.url_open(self.path)
        self.assertEqual(self._find_image().share_status, "visited")
        self.url_open(self.path, headers={"User-Agent": "WhatsApp/2.23"})
        self.assertEqual(self._find_image().share_status, "shared")

    @mute_logger("odoo.http")
    def test_numbers_find_nothing(self):
        image = self.card._get_referral_image()
        self.authenticate(None, None)
        for path in (
            f"/cards/{image.id}/card.jpg",
            f"/cards/{image.id}/preview",
            f"/cards/{image.id}/redirect",
            f"/web/image/card.card/{image.id}/image",
        ):
            answer = self.url_open(path, allow_redirects=False)
            with self.subTest(path=path):
                self.assertNotEqual(answer.content, JPEG)
                self.assertNotIn(self.code, answer.text + str(answer.headers))
                self.assertNotIn("Mia", answer.text)

    def test_a_code_that_is_none(self):
        self.authenticate(None, None)
        answer = self.url_open("/refer/2222-2222/card.jpg")
        self.assertEqual(answer.status_code, 404)

    def test_without_images_the_page_is_as_it_was(self):
        self.card._get_referral_image()
        self.program.referral_campaign_id.active = False
        self._sign_in(self.member_user)
        page = self._read_main(f"/my/loyalty/{self.program.id}/friends")
        self.assertNotIn("card.jpg", page)
        self.assertIn(self.card.referral_text, page)
        self.assertEqual(self.url_open(self.path).status_code, 404)
        landing = self.url_open(f"/refer/{self.code}").text
        self.assertNotIn("og:image", landing)
