from odoo.tests import tagged

from .commit_common import CommittingCase


@tagged("post_install", "-at_install")
class TestGiftWorkers(CommittingCase):
    """Whoever gives them at the same moment: every gift is given once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls._commit() as env:
            program = env["loyalty.program"].browse(cls.program)
            program.write({"birthday_points": 7, "frozen_earns": False})
            silver = program.tier_ids.sorted("threshold")[1]
            cls.silver = silver.id
            env["loyalty.tier.benefit"].create(
                [
                    {"tier_id": silver.id, "kind": kind, "gift_points": points}
                    for kind, points in (("entry_gift", 50), ("yearly_gift", 30))
                ]
            )

    def _give(self, env):
        """Do what a worker of the nightly job does for the programme."""
        program = env["loyalty.program"].browse(self.program)
        return sum(len(cards) for cards in program._run_gifts())

    def _owe(self, card_ids):
        """Let members reach Silver while frozen: the night owes them all three."""
        with self._commit() as env:
            cards = env["loyalty.card"].browse(card_ids)
            cards.member_state = "frozen"
            env["loyalty.ledger"]._post(
                [
                    self._make_posting(
                        card.id, 150, base_amount=150, counts_for_tier=True
                    )
                    for card in cards
                ],
                notify=False,
            )
            self.assertEqual(set(cards.tier_id.ids), {self.silver})
            self.assertFalse(env["loyalty.gift"].search([("card_id", "in", card_ids)]))
            cards.member_state = "joined"
            today = env["loyalty.program"].browse(self.program)._get_local_date()
            cards.partner_id.write(
                {
                    "loyalty_birth_date": today.replace(year=1988),
                    "loyalty_birth_consent": True,
                }
            )

    def _get_gifts(self, card_id):
        """Return the points of the gifts, as the rows and as the ledger have them."""
        with self._commit() as env:
            gifts = env["loyalty.gift"].search([("card_id", "=", card_id)])
            entries = env["loyalty.ledger.entry"].search(
                [("card_id", "=", card_id), ("entry_type", "=", "bonus")]
            )
            return sorted(gifts.mapped("points")), sorted(entries.mapped("points"))

    def test_two_workers_give_each_gift_once(self):
        card_ids = self._make_members(6)
        self._owe(card_ids)
        self._race(self._give, self._give)
        # What a worker left to the other one, the next round finds.
        with self._commit() as env:
            self._give(env)
        with self._commit() as env:
            self.assertEqual(self._give(env), 0)
        for card_id in card_ids:
            self.assertEqual(self._get_gifts(card_id), ([7, 30, 50], [7, 30, 50]))
            self.assertEqual(self._get_balance(card_id), 150 + 87)

    def test_two_orders_that_reach_the_tier_at_once_bring_one_gift(self):
        (card_id,) = self._make_members(1)
        orders = [self._make_order(card_id, 150) for _number in range(2)]
        self._race(*(lambda env, own=own: self._confirm(own, env) for own in orders))
        with self._commit() as env:
            env["loyalty.ledger"]._cron_fold()
        self.assertEqual(self._get_gifts(card_id), ([50], [50]))
        self.assertEqual(self._get_balance(card_id), 350)
