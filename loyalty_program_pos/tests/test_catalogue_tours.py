from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .test_tours import TourCase
from odoo.addons.loyalty_program.tests.claim_common import make_donation, make_reward


@tagged("post_install", "-at_install")
class TestCatalogueTours(TourCase):
    """Points become rewards, and plans cover purchases, by a cashier's clicks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls.env["res.partner"].create({"name": "Mira Member"})
        cls.card = cls.program.sudo()._enrol(cls.member, "pos", True)

    def _give(self, points, card):
        with self.env["loyalty.ledger"].sudo()._claim(gain="opening"):
            card.points = points

    def _tour(self, name):
        self.main_pos_config.with_user(self.pos_user).open_ui()
        self.start_pos_tour(f"loyalty_program_pos.{name}")

    def _make_reward(self, kind, **values):
        return make_reward(self.program, kind, **values)

    def test_a_cashier_turns_points_into_rewards(self):
        self._give(300, self.card)
        make_donation(self.program).description = "Trees"
        evening = self._make_reward(
            "experience", description="An evening", required_points=100
        )
        self._make_reward("experience", description="A cruise", required_points=9000)
        now = fields.Datetime.now()
        self.env["loyalty.experience.date"].create(
            [
                {
                    "reward_id": evening.id,
                    "starts_at": now + timedelta(days=days),
                    "place": place,
                    "capacity": capacity,
                }
                for days, place, capacity in (
                    (1, "Full house", 0),
                    (2, "First night", 3),
                    (3, "Second night", 1),
                )
            ]
        )
        self._tour("catalogue")
        kinds = self.card.claim_ids.sorted("id").mapped("kind")
        self.assertEqual(kinds, ["donation", "experience"])
        self.assertEqual(self.card.claim_ids.mapped("channel"), ["pos", "pos"])
        self.assertEqual(evening.experience_date_ids.mapped("taken"), [0, 0, 1])
        self.assertEqual(self.card.points, 160)

    def _make_promotion(self, code, percentage):
        programs = self.env["loyalty.program"]
        reward = {"discount": percentage, "discount_applicability": "order"}
        programs.create(
            {
                **programs._program_type_default_values()["promo_code"],
                "name": code,
                "program_type": "promo_code",
                "currency_id": self.main_pos_config.currency_id.id,
                "rule_ids": [Command.create({"mode": "with_code", "code": code})],
                "reward_ids": [Command.create(reward)],
            }
        )

    def test_a_coupon_is_read_as_people_type_it(self):
        cup = self._make_till_product("Cup", 3)
        rule = {
            "reward_point_mode": "unit",
            "reward_point_amount": 1,
            "product_ids": cup.ids,
        }
        stamps = self.program.create(
            self.program._prepare_stamp_card_values(
                9, cup, name="Cup card", house=self.program, rule=rule
            )
        )
        stamps.currency_id = self.main_pos_config.currency_id
        stamp_card = stamps.sudo()._enrol(self.member, "pos", True)
        self._give(3, stamp_card)
        self._give(150, self.card)
        self.program.reward_ids.sorted("required_points")[0].issues_coupon = True
        self._make_promotion("WELCOME1", 1)
        self._tour("coupon_code")
        coupon = self.env["loyalty.card"].search(
            [("source_card_id", "=", self.card.id)]
        )
        self.assertEqual(coupon.coupon_state, "used")
        self.assertEqual(stamp_card.points, 4)
        self.assertEqual(self.card.points, 50 + 118)

    def test_a_plan_is_sold_for_an_earlier_purchase_and_claimed(self):
        record = self.env["product.product"].search([("name", "=", "Record")], limit=1)
        plan = self._make_till_product("Warranty", 9)
        plan.product_tmpl_id.write(
            {
                "type": "service",
                "is_care_plan": True,
                "care_fee": 5,
                "care_product_tmpl_ids": [Command.set(record.product_tmpl_id.ids)],
            }
        )
        self._tour("care_plan")
        plan = self.env["loyalty.care.plan"].search(
            [("partner_id", "=", self.member.id)]
        )
        self.assertEqual((len(plan), plan.state), (1, "active"))
        self.assertEqual(plan._get_item().product_id, record)
        self.assertNotEqual(plan.item_id, plan.origin_id)
        self.assertEqual(plan.claim_ids.description, "It jumps.")
