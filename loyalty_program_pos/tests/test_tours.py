from decimal import Decimal

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.loyalty_program.engine.values import Posting
from odoo.addons.point_of_sale.tests.test_frontend import TestPointOfSaleHttpCommon


class TourCase(TestPointOfSaleHttpCommon):
    """A till with a club, and a record to sell."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("loyalty_program.group_loyalty_manager")
        # A till loads the first hundred contacts, archived ones among them; the tests
        # that commit leave many, and none of those here may be crowded out.
        cls.env["ir.config_parameter"].set_param(
            "point_of_sale.limited_customer_count", "100000"
        )
        programs = cls.env["loyalty.program"]
        programs.search([]).active = False
        cls.program = programs.create(
            {**programs._prepare_membership_values(), "name": "Record Club"}
        )
        cls.program.currency_id = cls.main_pos_config.currency_id
        cls.program.reward_ids.sorted("required_points")[0].description = "5 off"
        cls._make_till_product("Record", 120)

    @classmethod
    def _make_till_product(cls, name, price):
        return cls.env["product.product"].create(
            {
                "name": name,
                "list_price": price,
                "available_in_pos": True,
                "taxes_id": [Command.clear()],
                "type": "consu",
            }
        )


@tagged("post_install", "-at_install")
class TestTours(TourCase):
    """One path through a real browser: join, buy, see the points, spend them."""

    def test_a_customer_joins_at_the_till_and_earns(self):
        partner = self.env["res.partner"].create({"name": "Stan Stranger"})
        self.main_pos_config.with_user(self.pos_user).open_ui()
        self.start_pos_tour("loyalty_program_pos.join_and_earn")
        card = self.program._get_member_card(partner)
        self.assertEqual(card.points, 120)
        self.assertEqual(card.join_channel, "pos")
        self.assertEqual(card.tier_id.name, "Silver")

    def test_a_member_claims_a_reward_at_the_till(self):
        partner = self.env["res.partner"].create({"name": "Mira Member"})
        card = self.program.sudo()._enrol(partner, "pos", True)
        with self.env["loyalty.ledger"].sudo()._claim(gain="opening"):
            card.points = 150
        self.main_pos_config.with_user(self.pos_user).open_ui()
        self.start_pos_tour("loyalty_program_pos.claim_reward")
        self.assertEqual(card.points, 165)
        types = card.entry_ids.mapped("entry_type")
        self.assertEqual(sorted(types), ["earn", "opening", "redeem"])

    def test_a_member_of_two_programmes_gets_the_free_cup(self):
        cup = self._make_till_product("Cup", 3)
        stamps = self.program.create(
            self.program._prepare_stamp_card_values(
                9,
                cup,
                name="Cup card",
                house=self.program,
                rule={
                    "reward_point_mode": "unit",
                    "reward_point_amount": 1,
                    "product_ids": cup.ids,
                },
            )
        )
        stamps.currency_id = self.main_pos_config.currency_id
        partner = self.env["res.partner"].create({"name": "Mira Member"})
        card = self.program.sudo()._enrol(partner, "pos", True)
        stamp_card = stamps._get_member_card(partner)
        with self.env["loyalty.ledger"].sudo()._claim(gain="opening"):
            stamp_card.points = 8
        self.main_pos_config.with_user(self.pos_user).open_ui()
        self.start_pos_tour("loyalty_program_pos.free_cup")
        self.assertEqual(stamp_card.points, 8 + 2 - 9)
        self.assertEqual(card.points, 6)

    def test_a_free_product_takes_points_only_when_it_is_chosen(self):
        record = self.env["product.product"].search([("name", "=", "Record")], limit=1)
        self.program.reward_ids.sorted("required_points")[0].write(
            {"reward_type": "product", "reward_product_id": record.id}
        )
        self.program.reward_ids.sorted("required_points")[0].description = "A record"
        partner = self.env["res.partner"].create({"name": "Mira Member"})
        card = self.program.sudo()._enrol(partner, "pos", True)
        with self.env["loyalty.ledger"].sudo()._claim(gain="opening"):
            card.points = 250
        self.main_pos_config.with_user(self.pos_user).open_ui()
        self.start_pos_tour("loyalty_program_pos.free_record")
        self.assertEqual(card.points, 250 - 100 + 240)

    def test_the_tiers_price_list_and_prices_of_rewards_follow_the_customer(self):
        silver = self.program.tier_ids.sorted("threshold")[1]
        self.env.ref("base.group_user").implied_ids += self.env.ref(
            "product.group_product_pricelist"
        )
        pricelists = self.env["product.pricelist"]
        pricelists.search([]).active = False
        usual, trade = pricelists.create(
            [
                {
                    "name": name,
                    "sequence": sequence,
                    "currency_id": self.main_pos_config.currency_id.id,
                    "item_ids": [
                        Command.create(
                            {"compute_price": "percentage", "percent_price": percent}
                        )
                    ],
                }
                for sequence, (name, percent) in enumerate(
                    (("Usual", 0), ("Trade", 30))
                )
            ]
        )
        self.main_pos_config.write(
            {
                "use_pricelist": True,
                "pricelist_id": usual.id,
                "available_pricelist_ids": [Command.set((usual | trade).ids)],
            }
        )
        silver.benefit_ids = [
            Command.create({"kind": "pricelist", "pricelist_id": trade.id}),
            Command.create({"kind": "cheaper_rewards", "points_off": 20}),
        ]
        sara, mira = (
            self.program.sudo()._enrol(
                self.env["res.partner"].create({"name": name}), "pos", True
            )
            for name in ("Sara Silver", "Mira Member")
        )
        self.env["loyalty.ledger"].sudo()._post(
            [
                Posting(
                    card_id=sara.id,
                    entry_type="earn",
                    points=Decimal(150),
                    base_amount=Decimal(150),
                    key="test:silver",
                    counts_for_tier=True,
                )
            ]
        )
        self.assertEqual(sara.tier_id, silver)
        self.main_pos_config.with_user(self.pos_user).open_ui()
        self.start_pos_tour("loyalty_program_pos.tier_prices")
        self.assertEqual(mira.tier_id, silver)
