import { patch } from "@web/core/utils/patch";
import { LoyaltyCard } from "@pos_loyalty/../tests/unit/data/loyalty_card.data";

patch(LoyaltyCard.prototype, {
    _load_pos_data_fields() {
        return [
            ...super._load_pos_data_fields(),
            "cap_room",
            "earn_factor",
            "may_earn",
            "may_spend",
            "member_number",
            "member_state",
            "points_pending",
            "reward_prices",
            "tier_figures",
            "tier_id",
        ];
    },
});
