import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
// Stock's patch first: this one builds on it, whatever the order of loading.
import "@pos_loyalty/app/models/pos_order";
import { isFor, openRulesOf } from "../utils/audience";
import { estimatePoints } from "../utils/estimate_points";
import {
    cutCost,
    getPrice,
    getShare,
    getSmallestShares,
    showPoints,
    showingPoints,
} from "../utils/reward_price";
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
        const cards = this.models["loyalty.card"];
        const shares = getSmallestShares(cards.getAll());
        return showingPoints(shares, () => super.getClaimableRewards(...arguments))
            .filter(
                ({ reward }) =>
                    isFor(reward.program_id, partner) && isFor(reward, partner)
            )
            .map((offer) => this._priceOffer(offer, shares))
            .filter(Boolean);
    },
    /** What is offered at the smallest share, at its own price; nothing if too dear. */
    _priceOffer(offer, shares) {
        const { reward, coupon_id } = offer;
        if (!(coupon_id in shares)) {
            return offer;
        }
        const card = this.models["loyalty.card"].get(coupon_id);
        if (this._getRealCouponPoints(coupon_id) < getPrice(reward, card)) {
            return undefined;
        }
        if (reward.reward_type !== "product" || reward.multi_product) {
            return offer;
        }
        const potentialQty = showingPoints(
            { [coupon_id]: getShare(reward, card) },
            () =>
                this._computeUnclaimedFreeProductQty(
                    reward,
                    coupon_id,
                    reward.reward_product_id,
                    this._getRealCouponPoints(coupon_id)
                )
        );
        return potentialQty > 0 ? { ...offer, potentialQty } : undefined;
    },
    _applyReward(reward, coupon_id) {
        if (!isFor(reward, this.getPartner())) {
            return _t("This reward is not for this customer.");
        }
        const card = this.models["loyalty.card"].get(coupon_id);
        return showingPoints({ [coupon_id]: getShare(reward, card) }, () =>
            super._applyReward(...arguments)
        );
    },
    _getRewardLineValues(args) {
        const { reward, coupon_id } = args;
        const card = this.models["loyalty.card"].get(coupon_id);
        const share = getShare(reward, card);
        // What a line costs already is cut; stock compares it with the usual price.
        const usual = { ...args, cost: args.cost && args.cost / share };
        const values = showingPoints({ [coupon_id]: share }, () =>
            super._getRewardLineValues(share < 1 ? usual : args)
        );
        if (share < 1 && Array.isArray(values)) {
            const points = showingPoints({}, () =>
                this._getRealCouponPoints(coupon_id)
            );
            for (const line of values.filter((line) => line.points_cost)) {
                line.points_cost = reward.clear_wallet
                    ? points
                    : cutCost(line.points_cost, share, reward.program_id.points_scale);
            }
        }
        return values;
    },
    pointsForPrograms(programs) {
        const partner = this.getPartner();
        const open = programs.map((program) => openRulesOf(program, partner));
        const result = super.pointsForPrograms(open);
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
        const own = ownPointsSpendable(program) ? points : points - change.points;
        return showPoints(own, coupon_id);
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
