import { patch } from "@web/core/utils/patch";
import { LoyaltyReward } from "@pos_loyalty/../tests/unit/data/loyalty_reward.data";

patch(LoyaltyReward.prototype, {
    _load_pos_data_fields() {
        return [
            ...super._load_pos_data_fields(),
            "audience_terms",
            "choice_maximum",
            "choice_minimum",
            "choice_step",
            "claim_from",
            "claim_to",
            "exclusion_key",
            "has_choice",
            "is_claimed_ahead",
            "issues_coupon",
            "limit_member",
            "limit_total",
        ];
    },
});
