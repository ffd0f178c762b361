from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ReferralImageMixin
from odoo.addons.loyalty_program.tests.common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestReferralImageAccess(ReferralImageMixin, LoyaltyCase):
    """Odoo shows all cards to everybody; a member's image is found by its code."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.image = cls.card._get_referral_image()

    def _make_reader(self, groups):
        return new_test_user(self.env, groups.replace(".", "_"), groups=groups)

    def _may_read(self, user):
        image = self.image.with_user(user)
        try:
            return bool(image.read(["image", "display_name"]))
        except AccessError:
            return False

    def test_who_reads_images_of_members(self):
        for groups, expected in (
            ("base.group_public", False),
            ("base.group_portal", False),
            ("base.group_user", False),
            ("loyalty_program.group_loyalty_user", True),
            ("marketing_card.marketing_card_group_user", True),
        ):
            with self.subTest(groups=groups):
                self.assertEqual(self._may_read(self._make_reader(groups)), expected)

    def test_images_of_other_companies_are_theirs(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.program.company_id = self.company
        user = self._make_reader("loyalty_program.group_loyalty_user")
        user.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.assertFalse(self._may_read(user))

    def test_cards_of_other_campaigns_are_as_before(self):
        campaign = self.env["card.campaign"].create(
            {"name": "Fair", "preview_record_ref": f"res.partner,{self.member.id}"}
        )
        card = campaign.card_ids.create(
            {"campaign_id": campaign.id, "res_id": self.member.id}
        )
        self.assertFalse(card.loyalty_card_id)
        self.assertEqual(card.display_name, self.member.display_name)
        self.assertIn("/cards/", card._get_path("preview"))
        user = self._make_reader("base.group_portal")
        self.assertTrue(card.with_user(user).read(["display_name"]))

    def test_no_path_of_it_has_the_members_own_code(self):
        for suffix in ("card.jpg", "preview", "redirect"):
            path = self.image._get_path(suffix)
            self.assertIn(f"/refer/{self.card.referral_code}", path)
            self.assertNotIn(self.card.code, path)
