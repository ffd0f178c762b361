import { patch } from "@web/core/utils/patch";
import { hootPosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { models } from "@web/../tests/web_test_helpers";

export class LoyaltyTier extends models.ServerModel {
    _name = "loyalty.tier";

    _load_pos_data_fields() {
        return ["name", "color", "gives_pricelist", "write_date"];
    }

    _records = [
        { id: 1, name: "Bronze", color: 3 },
        { id: 2, name: "Silver", color: 8 },
    ];
}

patch(hootPosModels, [...hootPosModels, LoyaltyTier]);
