from odoo.fields import Command, Domain
from odoo.http import _generate_routing_rules
from odoo.tests import new_test_user, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from .test_portal_care import CareWebCommon

ADDON = "odoo.addons.loyalty_program_website."
PAGE, FORM, CALL = "page", "form", "call"
#: Programmes, cards and plans that nobody has.
MADE_UP = (0, 10**9, 10**30)


@tagged("post_install", "-at_install")
class TestRouteAccess(CareWebCommon):
    """Each address of this addon, tried by everybody who has no business there.

    The member has one of everything. Guests, another member and an employee without
    rights name the member's records in URL and form: nothing of it changes, and no
    answer tells of it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write({"referral_active": True, "referral_points": 10})
        coupon_reward = cls.program.reward_ids.sorted("required_points")[0]
        coupon_reward.issues_coupon = True
        cls.tour = cls.env["loyalty.reward"].create(
            {
                "program_id": cls.program.id,
                "reward_type": "experience",
                "required_points": 10,
                "experience_date_ids": [Command.create({"capacity": 9})],
            }
        )
        cls._give_points(cls, cls.card, 1000)
        cls.coupon = cls.card._issue_coupon(coupon_reward, "website")
        cls.claim = cls.card._claim_reward(cls.tour, "website")
        cls.plan = cls._make_plan(cls.member)
        cls.care_claim = cls.env["loyalty.care.claim"].create(
            {"plan_id": cls.plan.id, "description": "Fell off a cliff."}
        )
        cls.member.write(
            {"loyalty_birth_date": "1990-07-10", "loyalty_birth_consent": True}
        )
        pool = cls.env["loyalty.pool"]._make(cls.program, "Secret Home")
        cls.invitation = pool._invite(cls.card)
        cls.other_card = cls.program._enrol(cls.other, "backoffice", True)
        cls._give_points(cls, cls.other_card, 1000, key="test:other")
        cls.clerk = new_test_user(
            cls.env, "test_clerk", groups="base.group_user", password="test_clerk"
        )
        cls.code = cls.card._get_referral_code()

    def _list_attempts(self):
        """Return {route: [(kind, address, what is sent)]}: the member's records."""
        return {
            **self._list_page_attempts(),
            **self._list_form_attempts(),
            **self._list_care_attempts(),
            **self._list_shop_attempts(),
            # The last one: who has left has no card to try the others with.
            "/my/loyalty/leave": self._send(
                "/my/loyalty/leave", {"program_id": self.program.id}
            ),
        }

    def _list_page_attempts(self):
        program = self.program.id
        history = f"/my/loyalty_card/{self.card.id}/history"
        several = {
            f"/my/loyalty/<int:program_id>/{name}": [
                (PAGE, f"/my/loyalty/{one}/{name}", None) for one in (program, *MADE_UP)
            ]
            for name in ("points", "tier", "friends")
        }
        return {
            "/my/loyalty": [(PAGE, "/my/loyalty", None)],
            **several,
            "/my/loyalty/<int:program_id>/points/page/<int:page>": [
                (PAGE, f"/my/loyalty/{program}/points/page/2", None)
            ],
            "/my/loyalty_card/<int:card_id>/history": [(PAGE, history, None)],
            "/my/loyalty_card/<int:card_id>/history/page/<int:page>": [
                (PAGE, f"{history}/page/2", None)
            ],
            "/my/loyalty_card/<int:card_id>/values": [
                (CALL, f"/my/loyalty_card/{self.card.id}/values", {})
            ],
        }

    def _list_form_attempts(self):
        forms = {
            "birthday": {"forget": 1},
            "claim": {"reward_id": self.tour.id, "card_id": self.card.id},
            "claim/cancel": {"claim_id": self.claim.id},
            "coupon": {"card_id": self.card.id},
            "friend_code": {"friend_code": "2222-2222"},
            "join": {},
            "sharing": {"answer": "accept", "invitation_id": self.invitation.id},
        }
        return {
            f"/my/loyalty/{name}": self._send(
                f"/my/loyalty/{name}", {"program_id": self.program.id, **form}
            )
            for name, form in forms.items()
        }

    def _list_care_attempts(self):
        care = f"/my/care/{self.plan.id}"
        item = {
            "item_id": self.item.id,
            "template_id": self.care.product_tmpl_id.id,
        }
        return {
            "/my/care": [(PAGE, "/my/care", None)],
            "/my/care/<int:plan_id>": [
                (PAGE, f"/my/care/{one}", None) for one in (self.plan.id, *MADE_UP)
            ],
            "/my/care/<int:plan_id>/claim": self._send(
                f"{care}/claim", {"description": "Not mine.", "agrees": "yes"}
            ),
            "/my/care/<int:plan_id>/cancel": self._send(
                f"{care}/cancel", {"claim_id": self.care_claim.id}
            ),
            "/my/care/add": self._send("/my/care/add", item),
        }

    def _list_shop_attempts(self):
        item = self.item.id
        album = {
            "product_template_id": self.album.product_tmpl_id.id,
            "product_id": self.album.id,
            "quantity": 1,
            "care_item_line_id": item,
        }
        return {
            "/shop/cart/care": [
                (FORM, "/shop/cart/care", {"line_id": one, "item_id": item})
                for one in (item, "x")
            ],
            "/shop/cart/add": [(CALL, "/shop/cart/add", album)],
            "/shop/claimreward": [
                (PAGE, f"/shop/claimreward?reward_id={one}", None)
                for one in (self.tour.id, "x")
            ],
            "/shop/pricelist": [
                (PAGE, "/shop/pricelist?promo=22222222", None),
                (FORM, "/shop/pricelist", {"promo": self.coupon.code}),
            ],
            "/wallet/top_up": [
                (PAGE, f"/wallet/top_up?trigger_product_id={one}", None)
                for one in (self.album.id, "x")
            ],
            "/refer/<string:code>": [
                (PAGE, f"/refer/{one}", None) for one in (self.code, "22222222", "%00")
            ],
        }

    def _send(self, url, form):
        """Return a form that is sent, and its address being opened."""
        return [(FORM, url, form), (PAGE, url, None)]

    def _take_stock(self):
        """Return everything of the member that somebody could have changed."""
        self.env.invalidate_all()
        return {
            "points": self.card.points,
            "entries": self.card._count_portal_entries(Domain.TRUE),
            "membership": (self.card.member_state, self.card.account_id.id),
            "birthday": self.member.loyalty_birth_date,
            "claims": [(one.id, one.state) for one in self.card.claim_ids],
            "coupon": self.coupon.coupon_state,
            "care": [(one.id, one.state) for one in self.plan.claim_ids],
            "invitation": self.invitation.state,
            "orders": self.env["sale.order"].search_count(
                [("partner_id", "=", self.member.id)]
            ),
            "friends": self.env["loyalty.referral"].search_count(
                [("card_id", "=", self.card.id)]
            ),
        }

    def _list_secrets(self):
        return {
            "name": "Mia Member",
            "e-mail": self.member.email,
            "number": self.card.member_number,
            "card": self.card.code,
            "coupon": self.coupon.code,
            "plan": self.plan.name,
            "care claim": "Fell off a cliff",
            "order": self.item.order_id.name,
            "pool": "Secret Home",
        }

    def _try(self, kind, url, sent):
        """Return (status, last address, text) of one attempt."""
        if kind == CALL:
            try:
                return 200, url, str(self.make_jsonrpc_request(url, sent))
            except JsonRpcException as error:
                return 200, "/web/login", str(error)
        answer = self._post_form(url, **sent) if kind == FORM else self.url_open(url)
        return answer.status_code, answer.url, answer.text

    def _attack(self, user):
        """Try everything and return {(route, kind): last address}."""
        before, secrets, ends = self._take_stock(), self._list_secrets(), {}
        for route, attempts in self._list_attempts().items():
            for kind, url, sent in attempts:
                with self.subTest(who=user and user.login, kind=kind, url=url):
                    self.authenticate(user and user.login, user and user.login)
                    status, ends[route, kind], text = self._try(kind, url, sent)
                    self.assertLess(status, 500)
                    self.assertNotEqual(status, 405, "a form's address may be opened")
                    told = [what for what, text_ in secrets.items() if text_ in text]
                    self.assertFalse(told)
                    self.assertEqual(self._take_stock(), before)
        return ends

    def test_no_route_is_forgotten_here(self):
        modules = self.env.registry._init_modules
        routes = {
            url
            for url, endpoint in _generate_routing_rules(modules, nodb_only=False)
            if endpoint.__module__.startswith(ADDON)
        }
        self.assertEqual(set(self._list_attempts()), routes)

    @mute_logger("odoo.http")
    def test_a_guest_is_sent_to_the_log_in(self):
        public = {
            "/shop/cart/care",
            "/shop/cart/add",
            "/shop/claimreward",
            "/shop/pricelist",
            "/refer/<string:code>",
        }
        for (route, _kind), url in self._attack(None).items():
            with self.subTest(route):
                self.assertEqual("/web/login" in url, route not in public)

    @mute_logger("odoo.http")
    def test_another_member_gets_at_nothing(self):
        self._attack(self.other_user)

    @mute_logger("odoo.http")
    def test_an_employee_without_rights_gets_at_nothing(self):
        self._attack(self.clerk)
        self.assertFalse(self._get_card(self.clerk.partner_id))

    def test_the_member_has_it_all(self):
        """The other tests would pass if the records were nowhere to be seen."""
        self._sign_in(self.member_user)
        pages = ("/my/loyalty", "/my/care", f"/my/care/{self.plan.id}")
        pages += (f"/my/loyalty_card/{self.card.id}/history", "/my/orders")
        seen = "".join(self.url_open(url).text for url in pages)
        for what, text in self._list_secrets().items():
            # A member's card has a code that is for tills; mail is on another page.
            if what not in ("card", "e-mail"):
                self.assertIn(text, seen, what)
