from .common import LoyaltyCase


class ClaimCase(LoyaltyCase):
    """What tests of the catalogue's kinds of rewards share."""

    @classmethod
    def _make_reward(cls, kind, **values):
        """Return a reward of the catalogue that takes 100 points."""
        return cls.env["loyalty.reward"].create(
            {
                "program_id": cls.program.id,
                "reward_type": kind,
                "required_points": 100,
                **values,
            }
        )

    def _claim(self, reward=None, card=None, **wish):
        """Claim the reward of the test in the back office."""
        return (card or self.card)._claim_reward(
            reward or self.gift, "backoffice", **wish
        )

    def _notes(self, record):
        return record.message_ids.mapped("body")
