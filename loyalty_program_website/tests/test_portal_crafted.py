from odoo.http import Request
from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon

ODD_TEXTS = ("", "abc", "-1", "9" * 40, "a\x00b", "x" * 5000)
#: What each form of the member's page sends.
FORMS = {
    "/my/loyalty/birthday": ("program_id", "consent", "born", "forget"),
    "/my/loyalty/claim": ("program_id", "reward_id", "token", "points", "date"),
    "/my/loyalty/claim/cancel": ("program_id", "claim_id"),
    "/my/loyalty/coupon": ("program_id", "reward_id", "token"),
    "/my/loyalty/friend_code": ("program_id", "friend_code"),
    "/my/loyalty/join": ("program_id", "consent", "terms_version", "friend_code"),
    "/my/loyalty/sharing": ("program_id", "answer", "invitation_id"),
}


@tagged("post_install", "-at_install")
class TestPortalCrafted(LoyaltyWebsiteCommon):
    """Forms that somebody made up get a page with words, never a server error."""

    def setUp(self):
        super().setUp()
        self._give_points(self.card, 250)
        self.program.write({"referral_points": 50, "referral_active": True})
        self.reward = self.program.reward_ids.sorted("required_points")[0]
        self.reward.issues_coupon = True
        self._sign_in(self.member_user)

    def _send(self, path, sent, name):
        files = {}
        if sent == "a file":
            files = {name: ("a.txt", b"a file", "text/plain")}
        values = {
            "program_id": self.program.id,
            "reward_id": self.reward.id,
            "consent": "yes",
            **({} if files else {name: sent}),
            "csrf_token": Request.csrf_token(self),
        }
        if files:
            values.pop(name, None)
        return self.url_open(path, data=values, files=files or None)

    def test_made_up_forms_are_answered(self):
        for path, names in FORMS.items():
            for name in names:
                for sent in (*ODD_TEXTS, "a file"):
                    with self.subTest(path=path, name=name, sent=sent[:10]):
                        answer = self._send(path, sent, name)
                        self.assertEqual(answer.status_code, 200)
