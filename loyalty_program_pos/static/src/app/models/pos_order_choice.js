import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
// These patches first: this one builds on them, whatever the order of loading.
import "./pos_order";
import { fitChoice, getChoiceTerms, getRange } from "../utils/points_choice";

/**
 * The member says how many points a reward of money per point takes. The choice lives
 * on the reward's line, so that it outlasts a reload of the till; without one, all
 * points that fit are taken.
 */
patch(PosOrder.prototype, {
    initState() {
        super.initState();
        this.uiState = { ...this.uiState, pointsChoices: {}, pointsCeiling: null };
    },
    /** Remember how many points the reward shall take when it is applied next. */
    choosePoints(reward, points) {
        this.uiState.pointsChoices[reward.id] = points;
    },
    /** @returns {Object} what may be chosen, see `getRange` */
    getChoiceRange(reward, coupon_id) {
        const measure = {
            order: "_getDiscountableOnOrder",
            cheapest: "_getDiscountableOnCheapest",
            specific: "_getDiscountableOnSpecific",
        }[reward.discount_applicability];
        const { discountable } = this[measure](reward);
        const worth = Math.min(
            this.priceIncl,
            discountable,
            reward.discount_max_amount || Infinity
        );
        const balance = this._getRealCouponPoints(coupon_id);
        return getRange(getChoiceTerms(reward), balance, worth);
    },
    _updateRewardLines() {
        this.uiState.pointsChoices = {};
        for (const line of this._get_reward_lines()) {
            if (line.loyalty_points_chosen) {
                const id = line.reward_id.id;
                this.uiState.pointsChoices[id] = line.loyalty_points_chosen;
            }
        }
        return super._updateRewardLines(...arguments);
    },
    _getRealCouponPoints(coupon_id) {
        const points = super._getRealCouponPoints(...arguments);
        const ceiling = this.uiState.pointsCeiling;
        if (!ceiling || ceiling.coupon_id !== coupon_id) {
            return points;
        }
        // Whole units are counted: a float a hair below one must not lose it.
        return Math.min(points, ceiling.points) + 1e-9;
    },
    _getRewardLineValuesDiscount(args) {
        const { reward, coupon_id } = args;
        if (!reward.has_choice) {
            return super._getRewardLineValuesDiscount(...arguments);
        }
        const range = this.getChoiceRange(reward, coupon_id);
        const chosen = this.uiState.pointsChoices[reward.id];
        const points = fitChoice(range, chosen ?? range.highest);
        if (!points) {
            return _t("This order and these points are not enough for the reward.");
        }
        this.uiState.pointsCeiling = { coupon_id, points };
        let lines;
        try {
            lines = super._getRewardLineValuesDiscount(...arguments);
        } finally {
            this.uiState.pointsCeiling = null;
        }
        if (Array.isArray(lines) && lines.length) {
            lines[0].points_cost = points;
            lines[0].loyalty_points_chosen = chosen ? points : 0;
        }
        return lines;
    },
});
