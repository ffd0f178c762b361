import { patch } from "@web/core/utils/patch";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";
// Stock's patch first: this one builds on it, whatever the order of loading.
import "@pos_loyalty/app/models/pos_order_line";
import { isStrict } from "../utils/membership";

patch(PosOrderline.prototype, {
    ignoreLoyaltyPoints({ program }) {
        const tip = this.order_id?.config.tip_product_id;
        const isTip = Boolean(tip) && tip.id === this.product_id.id;
        return (isStrict(program) && isTip) || super.ignoreLoyaltyPoints(...arguments);
    },
});
