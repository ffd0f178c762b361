import json
from pathlib import Path

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.loyalty_program.tests.common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestEventApi(HttpCase, LoyaltyCase):
    """Other systems report events over Odoo's JSON-2 API."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.event.rule"].create(
            {
                "program_id": cls.program.id,
                "event_type_id": cls.env.ref(
                    "loyalty_program.loyalty_event_type_review"
                ).id,
                "points": 50,
            }
        )
        wizard = cls.env["loyalty.event.poster"].create({"name": "Review widget"})
        cls.key = wizard.action_connect()["context"]["default_key"]
        cls.poster = cls.env["res.users"].search(
            [("group_ids", "in", wizard._get_poster_group().ids)]
        )
        cls._keep_keys(cls.poster)

    @classmethod
    def _make_key(cls, user):
        keys = cls.env["res.users.apikeys"].with_user(user).sudo()
        key = keys._generate("rpc", "test", fields.Datetime.now())
        cls._keep_keys(user)
        return key

    @classmethod
    def _keep_keys(cls, user):
        # The test's clock stands still, the database's does not.
        cls.env.cr.execute(
            "UPDATE res_users_apikeys SET expiration_date = NULL WHERE user_id = %s",
            (user.id,),
        )

    def _call(self, method, model="loyalty.event", bearer=None, body=None):
        with mute_logger("odoo.http"):
            return self.url_open(
                f"/json/2/{model}/{method}",
                data=json.dumps(body or {}),
                headers={
                    "Content-Type": "application/json",
                    "Authorization": f"Bearer {bearer or self.key}",
                },
            )

    def _report(self, bearer=None, **values):
        body = {
            "event_type": "review",
            "key": "r1",
            "member_number": self.card.member_number,
            "payload": {"rating": 5},
            **values,
        }
        return self._call("record", bearer=bearer, body=body)

    def _entries_of_member(self):
        self.env.invalidate_all()
        return [(e.entry_type, e.points, e.channel) for e in self._entries()]

    def test_a_poster_reports_an_event_and_reads_the_answer(self):
        response = self._report()
        self.assertEqual(response.status_code, 200, response.text)
        answer = response.json()
        self.assertEqual(answer["points"], 50)
        self.assertEqual(
            answer["awards"],
            [
                {
                    "program": self.program.name,
                    "member_number": self.card.member_number,
                    "points": 50,
                }
            ],
        )
        self.assertEqual(self._entries_of_member(), [("bonus", 50, "api")])
        event = self.env["loyalty.event"].browse(answer["event_id"])
        self.assertEqual(event.recorded_by_id, self.poster)

    def test_the_example_of_the_documentation_works(self):
        path = Path(__file__).parent / "data" / "event_example.json"
        example = json.loads(path.read_text())
        self.program.name = example["answer"]["awards"][0]["program"]
        # SQL: no member changes the own number.
        self.env.cr.execute(
            "UPDATE loyalty_card SET member_number = %s WHERE id = %s",
            (example["request"]["member_number"], self.card.id),
        )
        self.env.invalidate_all()
        answer = self._call("record", body=example["request"]).json()
        self.assertEqual(answer, {**example["answer"], "event_id": answer["event_id"]})

    def test_a_retry_posts_once_and_gets_the_same_answer(self):
        first, second = self._report(), self._report()
        self.assertEqual(second.json(), first.json())
        self.assertEqual(len(self._entries_of_member()), 1)

    def test_a_member_is_named_by_contact_as_well(self):
        response = self._report(partner_id=self.member.id, member_number=None)
        self.assertEqual(response.json()["points"], 50)

    def test_the_number_of_a_merged_card_goes_on_working(self):
        number = self.card.member_number
        kept = self._make_member("Mira Married")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.member | kept.partner_id).ids, kept.partner_id)
        response = self._report(member_number=number)
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(
            response.json()["awards"][0]["member_number"], kept.member_number
        )

    def test_no_system_takes_the_place_of_the_suites_own_events(self):
        kind = self.env.ref("loyalty_program.loyalty_event_type_signup")
        self.env["loyalty.event.rule"].create(
            {"program_id": self.program.id, "event_type_id": kind.id, "points": 20}
        )
        second = self._make_program(name="Second")
        card = self._make_card(second, partner_id=self.member.id)
        self.env["loyalty.event.rule"].create(
            {"program_id": second.id, "event_type_id": kind.id, "points": 7}
        )
        forged = {
            "event_type": "signup",
            "key": card._get_sign_up_key(),
            "source": "signup",
            "payload": {},
        }
        response = self._report(**forged)
        self.assertEqual(response.json()["points"], 20)
        second._enrol(self.member, "backoffice", True)
        self.assertEqual(card.points, 7)

    def test_the_same_key_with_other_content_is_refused(self):
        self._report()
        response = self._report(payload={"rating": 1})
        self.assertEqual(response.status_code, 422)
        self.assertIn("used before", response.json()["message"])
        self.assertEqual(len(self._entries_of_member()), 1)

    def test_bad_input_gets_a_clear_error_and_posts_nothing(self):
        for body, words in (
            ({"member_number": "M999999"}, "no such member"),
            ({"member_number": None}, "Name the member"),
            ({"partner_id": self.member.id}, "Name the member"),
            ({"member_number": None, "partner_id": 10**20}, "no such member"),
            ({"member_number": None, "partner_id": "1"}, "no such member"),
            ({"member_number": "\0"}, "no such member"),
            ({"event_type": "walk"}, "no type of event"),
            ({"payload": {"rating": float("nan")}}, "not of the type"),
            ({"payload": {"rating": 5, "stars": 1}}, "no field"),
            ({"occurred_at": "2999-01-01T00:00:00Z"}, "can have happened"),
            ({"value": float("inf")}, "have no value"),
            ({"points": 5000}, "An event has no"),
            ({"channel": "pos"}, "An event has no"),
        ):
            with self.subTest(body=body):
                response = self._report(**body)
                self.assertEqual(response.status_code, 422, response.text)
                self.assertIn(words, response.json()["message"])
        self.assertFalse(self._entries_of_member())

    def test_a_poster_reads_and_writes_nothing_else(self):
        self._report()
        for model in (
            "loyalty.event",
            "loyalty.event.type",
            "loyalty.event.rule",
            "loyalty.card",
            "loyalty.program",
            "loyalty.ledger.entry",
            "res.partner",
            "res.company",
            "sale.order",
            "product.template",
            "ir.config_parameter",
            "ir.model",
        ):
            with self.subTest(model=model):
                response = self._call("search_read", model, body={"fields": ["id"]})
                self.assertEqual(response.status_code, 403, response.text)
        for method in ("_record", "_reward", "_find_member"):
            self.assertEqual(self._call(method).status_code, 403)
        response = self._call("create", body={"vals_list": [{"key": "forged"}]})
        self.assertEqual(response.status_code, 403)

    def test_others_may_not_report(self):
        portal = new_test_user(self.env, "event_portal", groups="base.group_portal")
        for user in (self.salesperson, self.manager, portal):
            with self.subTest(user=user.login):
                response = self._report(bearer=self._make_key(user))
                self.assertEqual(response.status_code, 403, response.text)
        self.assertFalse(self._entries_of_member())

    def test_a_bad_key_opens_nothing(self):
        response = self._report(bearer="0" * 40)
        self.assertEqual(response.status_code, 401)
        self.assertFalse(self._entries_of_member())

    def test_the_context_of_a_caller_changes_nothing(self):
        context = {"active_test": False, "default_value": 7, "lang": "en_US"}
        response = self._report(context=context)
        self.assertEqual(response.json()["points"], 50)

    def test_only_administrators_connect_systems(self):
        action = self.env["loyalty.event.poster"].with_user(self.manager)
        self.assertFalse(action.has_access("create"))
        self.assertFalse(self.poster._is_internal())
        self.assertFalse(self.poster._is_portal())
