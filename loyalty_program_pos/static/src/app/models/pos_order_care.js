import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";
// Stock's patches first: these build on them, whatever the order of loading.
import "@pos_loyalty/app/models/pos_order";
import "@pos_loyalty/app/models/pos_order_line";
import { NO_CARE_ITEM, isBound } from "../utils/care";

patch(PosOrder.prototype, {
    setPartner(partner) {
        const before = this.getPartner()?.id;
        const result = super.setPartner(...arguments);
        if (partner?.id !== before) {
            // What one customer bought, no plan of another one covers.
            this.lines.filter(isBound).forEach((line) => line.update(NO_CARE_ITEM));
        }
        return result;
    },
});

patch(PosOrderline.prototype, {
    canBeMergedWith(line) {
        // Plans for two items are two lines.
        return (
            (this.care_item_line_id || 0) === (line.care_item_line_id || 0) &&
            (this.care_item_model || "") === (line.care_item_model || "") &&
            super.canBeMergedWith(...arguments)
        );
    },
});
