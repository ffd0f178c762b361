import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
// Stock's patch first: this one builds on it, whatever the order of loading.
import "@pos_loyalty/app/models/pos_order";
import { isFor } from "../utils/audience";
import { staysBest } from "../utils/global_discount";

/** While true, stock sees no discount on the order: it would compare bare numbers. */
let hidden = false;

function hiding(callback) {
    const before = hidden;
    hidden = true;
    try {
        return callback();
    } finally {
        hidden = before;
    }
}

patch(PosOrder.prototype, {
    _getGlobalDiscountLines() {
        return hidden ? [] : super._getGlobalDiscountLines(...arguments);
    },
    getClaimableRewards() {
        const claimable = hiding(() => super.getClaimableRewards(...arguments));
        return claimable.filter(({ reward }) => !this._hasBetterDiscount(reward));
    },
    _applyReward(reward, couponId) {
        if (this._hasBetterDiscount(reward)) {
            return _t("A better global discount is already applied.");
        }
        const affordable =
            this._getRealCouponPoints(couponId) >= reward.required_points;
        if (reward.is_global_discount && affordable) {
            this._getGlobalDiscountLines().forEach((line) => line.delete());
        }
        return hiding(() => super._applyReward(...arguments));
    },
    /** Tell whether a discount on the order is applied that is not worse. */
    _hasBetterDiscount(reward) {
        const lines = reward.is_global_discount ? this._getGlobalDiscountLines() : [];
        if (!lines.length) {
            return false;
        }
        const taken = lines.reduce((sum, line) => sum + line.prices.total_included, 0);
        const { currency } = this;
        const compare = (a, b) => (currency.isZero(a - b) ? 0 : a - b);
        return staysBest(lines[0].reward_id, reward, this.priceIncl - taken, compare);
    },
    /** Drop the discount of a tier that the customer does not, or no longer, hold. */
    dropForeignBenefits() {
        const partner = this.getPartner();
        this._get_reward_lines()
            .filter(({ reward_id: { program_id } }) => program_id.is_tier_discount)
            .filter(({ reward_id: { program_id } }) => !isFor(program_id, partner))
            .forEach((line) => line.delete());
    },
});
