import { patch } from "@web/core/utils/patch";
import { LoyaltyRule } from "@pos_loyalty/../tests/unit/data/loyalty_rule.data";

patch(LoyaltyRule.prototype, {
    _load_pos_data_fields() {
        return [...super._load_pos_data_fields(), "audience_terms"];
    },
});
