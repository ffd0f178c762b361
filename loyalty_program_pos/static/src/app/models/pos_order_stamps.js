import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
// Stock's patch first: this one builds on it, whatever the order of loading.
import "@pos_loyalty/app/models/pos_order";
import { getFreeQuantity } from "../utils/free_product";
import { isStrict } from "../utils/membership";

patch(PosOrder.prototype, {
    _computeUnclaimedFreeProductQty(reward, coupon_id, product) {
        const program = reward.program_id;
        const card = this.models["loyalty.card"].get(coupon_id);
        const isStampCard = isStrict(program) && program.stamps_needed && card;
        if (!isStampCard || reward.clear_wallet) {
            return super._computeUnclaimedFreeProductQty(...arguments);
        }
        return getFreeQuantity(this, reward, card, product);
    },
});
