import { patch } from "@web/core/utils/patch";
import { PosOrderLine } from "@point_of_sale/../tests/unit/data/pos_order_line.data";

patch(PosOrderLine.prototype, {
    _load_pos_data_fields() {
        return [
            ...super._load_pos_data_fields(),
            "care_item_line_id",
            "care_item_model",
            "care_item_name",
            "loyalty_points_chosen",
            "loyalty_reward_product_id",
        ];
    },
});
