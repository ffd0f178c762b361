import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
// Stock's patch first: this one builds on it, whatever the order of loading.
import "@pos_loyalty/app/models/pos_order";
import { isFor } from "../utils/audience";
import { estimatePoints } from "../utils/estimate_points";
import {
    getMemberCard,
    isStrict,
    maySpend,
    ownPointsSpendable,
} from "../utils/membership";

patch(PosOrder.prototype, {
    _programIsApplicable(program) {
        if (!isFor(program, this.getPartner())) {
            return false;
        }
        if (isStrict(program)) {
            const card = getMemberCard(this.models, program, this.getPartner());
            if (!card || card.may_earn === false) {
                return false;
            }
        }
        return super._programIsApplicable(...arguments);
    },
    getClaimableRewards() {
        // A coupon that was scanned is not asked by stock whether it applies.
        const partner = this.getPartner();
        return super
            .getClaimableRewards(...arguments)
            .filter(({ reward }) => isFor(reward.program_id, partner));
    },
    pointsForPrograms(programs) {
        const result = super.pointsForPrograms(...arguments);
        for (const program of programs.filter(isStrict)) {
            const card = getMemberCard(this.models, program, this.getPartner());
            const points = estimatePoints(this, program, card);
            result[program.id] = points ? [{ points }] : [];
        }
        return result;
    },
    _getRealCouponPoints(coupon_id) {
        if (!maySpend(this.models["loyalty.card"].get(coupon_id))) {
            return 0;
        }
        const points = super._getRealCouponPoints(...arguments);
        const change = this.uiState.couponPointChanges[coupon_id];
        const program = this.models["loyalty.program"].get(change?.program_id);
        return ownPointsSpendable(program) ? points : points - change.points;
    },
    _isRewardProductPartOfRules(reward) {
        // Points that wait cannot pay for a reward here: no feedback to correct.
        return (
            ownPointsSpendable(reward.program_id) &&
            super._isRewardProductPartOfRules(...arguments)
        );
    },
    _getRewardLineValuesProduct(args) {
        const values = super._getRewardLineValuesProduct(...arguments);
        if (Array.isArray(values)) {
            for (const line of values) {
                line.loyalty_reward_product_id = line._reward_product_id;
            }
        }
        return values;
    },
    _resetPrograms() {
        super._resetPrograms(...arguments);
        this.loyalty_codes = false;
    },
    /** Keep the codes that were entered with the order: the server checks them. */
    noteLoyaltyCodes() {
        const rules = this.uiState.codeActivatedProgramRules.map((id) =>
            this.models["loyalty.rule"].get(id)
        );
        const codes = new Set((this.loyalty_codes || "").split("\n").filter(Boolean));
        rules.filter((rule) => rule?.code).forEach((rule) => codes.add(rule.code));
        const text = [...codes].join("\n");
        if (text !== (this.loyalty_codes || "")) {
            this.loyalty_codes = text;
        }
    },
    getLoyaltyPoints() {
        // Memberships have their own panel and their own lines on the receipt.
        return super.getLoyaltyPoints().filter(({ program }) => !isStrict(program));
    },
});
