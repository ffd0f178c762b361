import base64

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import JPEG, ReferralImageMixin
from odoo.addons.loyalty_program.tests.common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestReferralImage(ReferralImageMixin, LoyaltyCase):
    """Every member has an image, of their words, drawn when it says something new."""

    def _draw(self):
        """Return the member's image, and what was drawn for it just now."""
        self.drawn.clear()
        image = self.card._get_referral_image()
        return image, self.drawn[-1] if self.drawn else None

    def test_it_has_the_name_the_offer_the_code_and_a_qr_code(self):
        image, page = self._draw()
        self.assertEqual(base64.b64decode(image.image), JPEG)
        for shown in (
            "Mira invites you",
            "Join, and you get 30 points after your first order.",
            self.card.referral_text,
            self.program.name,
            "data:image/png;base64,iVBOR",
        ):
            self.assertIn(shown, page)
        for private in ("Mira Member", self.card.code, self.card.member_number):
            self.assertNotIn(private, page)

    def test_it_is_drawn_again_when_it_says_something_else(self):
        image, page = self._draw()
        self.assertTrue(page)
        self.assertEqual(self._draw(), (image, None))
        self.program.referral_friend_points = 40
        self.assertIn("40 points", self._draw()[1])
        self.member.name = "Mara Member"
        self.assertIn("Mara invites you", self._draw()[1])
        self.program.referral_campaign_id.content_button = "x"
        self.assertTrue(self._draw()[1])
        self.assertEqual(self._draw(), (image, None))

    def test_another_member_has_another_one(self):
        image, _page = self._draw()
        other = self._make_member("Olga Other")
        self.drawn.clear()
        self.assertNotEqual(other._get_referral_image(), image)
        self.assertIn(other.referral_text, self.drawn[-1])
        campaign = self.program.referral_campaign_id
        self.assertEqual(campaign.card_ids.loyalty_card_id, self.card | other)

    def test_odoos_own_designs_show_the_same(self):
        self._draw()
        designs = self.env["card.template"].search([])
        for design in designs:
            self.program.referral_campaign_id.card_template_id = design
            with self.subTest(design=design.name):
                _image, page = self._draw()
                self.assertIn("Mira invites you", page)
                self.assertIn(self.card.referral_text, page)

    def test_odoo_draws_all_at_once_as_for_other_campaigns(self):
        image, _page = self._draw()
        other = self._make_member("Olga Other")
        cards = self.program.referral_campaign_id._update_cards(
            [("id", "in", (self.card | other).ids)]
        )
        self.assertEqual(cards.loyalty_card_id, other)
        self.assertIn(other.referral_text, self.drawn[-1])
        self.assertEqual(self.card._get_referral_image(), image)

    def test_a_design_put_away_ends_the_images(self):
        self._draw()
        self.program.referral_campaign_id.active = False
        self.assertFalse(self.card._has_referral_image())
        self.assertFalse(self.card._get_referral_image())
        with self.assertRaisesRegex(UserError, "no images for friends now"):
            self.card.action_view_referral_image()

    def test_a_deleted_design_is_made_anew(self):
        self._draw()
        self.program.referral_campaign_id.unlink()
        # Odoo names the link of a campaign after the second in which it was made.
        with freeze_time("2026-07-01 10:00:00"):
            image, page = self._draw()
        self.assertEqual(image.campaign_id, self.program.referral_campaign_id)
        self.assertTrue(page)

    def test_staff_see_it_and_its_link(self):
        action = self.card.with_user(self.loyalty_user).action_view_referral_image()
        image = self.env["card.card"].with_user(self.loyalty_user)
        image = image.browse(action["res_id"])
        self.assertEqual(image.display_name, "Mira invites you")
        tracker = self.card._get_referral_tracker()
        self.assertEqual(image.loyalty_link, tracker.short_url)

    def test_an_image_that_fails_is_told_and_nothing_is_kept(self):
        self._draw()
        self.program.referral_friend_points = 40
        reports = type(self.env["ir.actions.report"])
        self.patch(reports, "_run_wkhtmltoimage", lambda *_args: [None])
        with self.assertRaisesRegex(UserError, "could not be drawn"):
            self._draw()

    def test_a_server_that_cannot_draw_says_so(self):
        images = type(self.env["card.card"])
        self.patch(images, "_can_draw_referrals", lambda _self: False)
        self.assertFalse(self.card._get_referral_image())
        self.assertFalse(self.program.can_draw_referrals)
        with self.assertRaisesRegex(UserError, "wkhtmltoimage"):
            self.card.action_view_referral_image()
        self.assertFalse(self.program.referral_campaign_id)

    def test_who_is_erased_is_on_no_image(self):
        image, _page = self._draw()
        campaign = self.program.referral_campaign_id
        self.assertTrue(campaign.image_preview)
        self.card.with_user(self.manager)._erase(with_contact=False)
        self.assertFalse(image.exists() or campaign.image_preview)
