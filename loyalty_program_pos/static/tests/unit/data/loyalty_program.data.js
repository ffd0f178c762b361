import { patch } from "@web/core/utils/patch";
import { LoyaltyProgram } from "@pos_loyalty/../tests/unit/data/loyalty_program.data";

patch(LoyaltyProgram.prototype, {
    _load_pos_data_fields() {
        return [
            ...super._load_pos_data_fields(),
            "audience_terms",
            "debt_policy",
            "earn_basis",
            "earn_on_gift_cards",
            "hold_days",
            "house_program_id",
            "is_tier_discount",
            "ledger_policy",
            "order_cap",
            "points_rounding",
            "points_scale",
            "rounding_scope",
            "stamp_surplus",
            "stamps_needed",
            "takes_check_ins",
            "shared_card_id",
        ];
    },
});
