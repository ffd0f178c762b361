from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import CampaignCase


@tagged("post_install", "-at_install")
class TestCampaignAudience(CampaignCase):
    """A campaign for some tiers or segments takes up their members, nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold_tier = cls._get_tier("Gold")
        cls.bronze, cls.friend = cls._lapse(), cls._lapse()
        cls.gold, cls.gold_friend = cls._lapse(amount=400), cls._lapse(amount=400)
        cls.friends = cls.env["loyalty.segment"].create(
            {
                "name": "Friends",
                "kind": "manual",
                "partner_ids": [
                    Command.set((cls.friend | cls.gold_friend).partner_id.ids)
                ],
            }
        )

    def _take_up(self, **audience):
        """Return the cards that a campaign for this audience takes up."""
        campaign = self._create_campaign(**audience)
        wizard = self.env["loyalty.campaign.run"].create({"campaign_id": campaign.id})
        promised = wizard.due_count
        taken = set(self._run(campaign))
        self.assertEqual(len(taken), promised, "the preview counts what the run does")
        return taken

    def test_tiers_segments_either_and_both(self):
        everybody = {self.bronze, self.friend, self.gold, self.gold_friend}
        tiers, segments = self.gold_tier.ids, self.friends.ids
        self.assertEqual(self._take_up(), everybody)
        self.assertEqual(
            self._take_up(audience_tier_ids=tiers), {self.gold, self.gold_friend}
        )
        self.assertEqual(
            self._take_up(audience_segment_ids=segments),
            {self.friend, self.gold_friend},
        )
        both = {"audience_tier_ids": tiers, "audience_segment_ids": segments}
        self.assertEqual(self._take_up(**both), everybody - {self.bronze})
        self.assertEqual(self._take_up(audience_join="all", **both), {self.gold_friend})

    def test_who_was_taken_up_keeps_the_group_and_is_measured(self):
        self.campaign.hold_out_percent = 90
        before = {
            card: row.member_group for card, row in self._run(self.campaign).items()
        }
        self.campaign.audience_tier_ids = self.gold_tier
        late = self._lapse(), self._lapse(amount=400)
        with self._after(days=1):
            self._buy(self.bronze, amount=30)
            rows = self._run(self.campaign)
        self.assertEqual(
            {card: rows[card].member_group for card in before}, before, "as drawn"
        )
        self.assertEqual(set(rows) - set(before), {late[1]})
        self.assertEqual(
            (rows[self.bronze].outcome, rows[self.bronze].revenue), ("returned", 30)
        )

    def test_the_draw_is_the_same_with_and_without_an_audience(self):
        service = self.env["loyalty.win.back"]
        today = self.campaign._get_today()

        def draw():
            rows = self.env.execute_query(service._query_due(self.campaign, today))
            return {card_id: drawn for card_id, *_facts, drawn in rows}

        free = draw()
        self.campaign.audience_tier_ids = self.gold_tier
        self.assertEqual(
            draw(), {card.id: free[card.id] for card in self.gold | self.gold_friend}
        )

    def test_it_says_for_whom(self):
        self.assertFalse(self.campaign.audience_words)
        self.campaign.audience_tier_ids = self.gold_tier | self._get_tier("Silver")
        self.assertEqual(
            self.campaign.audience_words, "Only for these tiers: Silver, Gold."
        )

    def test_a_tier_that_is_named_stays(self):
        platinum = self._get_tier("Platinum")
        self.campaign.audience_tier_ids = platinum
        with self.assertRaisesRegex(UserError, "We miss you"):
            platinum.unlink()

    def test_tiers_of_another_company_are_refused(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        other = self._create_program(company)
        with self.assertRaisesRegex(ValidationError, "Elsewhere|another company"):
            self.campaign.audience_tier_ids = other.tier_ids[:1]

    def test_managers_set_it_and_users_look_on(self):
        manager = new_test_user(
            self.env, "audience_manager", "loyalty_program.group_loyalty_manager"
        )
        user = new_test_user(
            self.env, "audience_user", "loyalty_program.group_loyalty_user"
        )
        seller = new_test_user(
            self.env, "audience_seller", "sales_team.group_sale_salesman"
        )
        campaign = self.campaign.with_user(manager)
        campaign.write(
            {
                "audience_tier_ids": self.gold_tier.ids,
                "audience_segment_ids": self.friends.ids,
                "audience_join": "all",
            }
        )
        campaign._run_now()
        self.assertEqual(set(self._get_participations()), {self.gold_friend})
        seen = self.campaign.with_user(user)
        self.assertEqual(seen.audience_segment_ids, self.friends)
        self.assertIn("Gold", seen.audience_words)
        with self.assertRaises(AccessError):
            seen.audience_tier_ids = False
        with self.assertRaises(AccessError):
            self.campaign.with_user(seller).read(["audience_words"])
