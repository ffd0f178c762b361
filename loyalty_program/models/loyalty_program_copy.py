from odoo import models


class LoyaltyProgram(models.Model):
    """A copy of a programme speaks of its own tiers, rewards and services.

    What Odoo copies names those of the programme that was copied.
    """

    _inherit = "loyalty.program"

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for vals in vals_list:
            for command in vals.get("tier_ids") or ():
                if isinstance(command[2], dict):
                    # They follow, once there is what they speak of.
                    command[2].pop("benefit_ids", None)
        return vals_list

    def copy(self, default=None):
        parts = [
            (program.tier_ids, program.reward_ids, program.rule_ids) for program in self
        ]
        copies = super().copy(default)
        given = set(default or ())
        for copy, (tiers, rewards, rules) in zip(copies, parts, strict=True):
            own_tiers = {} if "tier_ids" in given else _pair(tiers, copy.tier_ids)
            own_rewards = (
                {} if "reward_ids" in given else _pair(rewards, copy.reward_ids)
            )
            own_rules = {} if "rule_ids" in given else _pair(rules, copy.rule_ids)
            for own in (*own_rewards.values(), *own_rules.values()):
                own._hand_audience_on(own_tiers)
            for tier, own in own_tiers.items():
                tier.benefit_ids._copy_to(own, own_rewards)
        return copies


class LoyaltyAudienceMixin(models.AbstractModel):
    _inherit = "loyalty.audience.mixin"

    def _hand_audience_on(self, successors):
        """Let the audience name other tiers instead.

        :param dict successors: {tier: the one that is named from now on}
        """
        for record in self:
            tiers = record.audience_tier_ids
            if any(tier in successors for tier in tiers):
                record.audience_tier_ids = tiers.browse(
                    successors.get(tier, tier).id for tier in tiers
                )


class LoyaltyTierBenefit(models.Model):
    _inherit = "loyalty.tier.benefit"

    def _copy_to(self, tier, rewards):
        """Copy benefits to a tier of another programme.

        What names rewards that are not there is left out: no benefit of a tier is for
        other rewards than was said.

        :param dict rewards: {reward: the one of that programme}
        """
        for benefit in self:
            if any(reward not in rewards for reward in benefit.cheaper_reward_ids):
                continue
            values = {"tier_id": tier.id}
            if service := benefit.entitlement_id:
                values["entitlement_id"] = service._get_own(tier.program_id).id
            named = [rewards[reward] for reward in benefit.cheaper_reward_ids]
            values["cheaper_reward_ids"] = tier.env["loyalty.reward"].union(*named).ids
            benefit.copy(values)


class LoyaltyEntitlement(models.Model):
    _inherit = "loyalty.entitlement"

    def _get_own(self, program):
        """Return the same event or service of another programme, made if need be."""
        self.ensure_one()
        domain = [("program_id", "=", program.id), ("name", "=", self.name)]
        return self.search(domain, limit=1) or self.copy({"program_id": program.id})


def _pair(records, copies):
    """Return {record: its copy}; empty where an addon made others."""
    copies = copies.sorted("id")
    if len(records) != len(copies):
        return {}
    return dict(zip(records, copies, strict=True))
