import { patch } from "@web/core/utils/patch";
import { PosStore } from "@point_of_sale/app/services/pos_store";
// Stock's patch first: this one builds on it, whatever the order of loading.
import "@pos_loyalty/app/services/pos_store";
import { isFor } from "../utils/audience";
import { getPrice, getSmallestShares, showingPoints } from "../utils/reward_price";
import { applyServerResult } from "../utils/membership_stats";
import { isStrict } from "../utils/membership";
import { loadMembership } from "./membership_loader";

patch(PosStore.prototype, {
    async setup() {
        this.loadedMembershipIds = new Set();
        this.linesBeingAdded = 0;
        this.askedRewardIds = new Set();
        await super.setup(...arguments);
    },
    setPartnerToCurrentOrder(partner) {
        // Another till may have changed the balance: look again.
        this.loadedMembershipIds.delete(partner?.id);
        return super.setPartnerToCurrentOrder(...arguments);
    },
    async orderUpdateLoyaltyPrograms() {
        this.getOrder()?.noteLoyaltyCodes();
        await loadMembership(this, this.getOrder()?.getPartner());
        this.getOrder()?.dropForeignBenefits();
        return super.orderUpdateLoyaltyPrograms(...arguments);
    },
    async couponForProgram(program) {
        // The orders of a tier's promotion share a card, which has no balance.
        if (!program.is_tier_discount) {
            return super.couponForProgram(...arguments);
        }
        // No till loads cards at its opening: the first order makes it known.
        const id = program.shared_card_id?.id || program.raw.shared_card_id;
        const cards = this.models["loyalty.card"];
        return (
            cards.get(id) ||
            cards.create({ id, program_id: program, code: null, points: 0 })
        );
    },
    /** While a product is added, stock gives it for points: only who asked wants that. */
    async addLineToCurrentOrder() {
        this.linesBeingAdded += 1;
        try {
            return await super.addLineToCurrentOrder(...arguments);
        } finally {
            this.linesBeingAdded -= 1;
        }
    },
    /** Let a reward be taken that somebody chose from the list. */
    async claimingAsked(reward, claim) {
        this.askedRewardIds.add(reward.id);
        try {
            return await claim();
        } finally {
            this.askedRewardIds.delete(reward.id);
        }
    },
    /** A full stamp card is there for its product; points are kept until asked for. */
    isUnasked(reward) {
        return (
            this.linesBeingAdded > 0 &&
            isStrict(reward.program_id) &&
            !reward.program_id.stamps_needed &&
            !this.askedRewardIds.has(reward.id)
        );
    },
    getPotentialFreeProductRewards() {
        const partner = this.getOrder()?.getPartner();
        const shares = getSmallestShares(this.models["loyalty.card"].getAll());
        return showingPoints(shares, () =>
            super.getPotentialFreeProductRewards(...arguments)
        ).filter(
            ({ reward, coupon_id }) =>
                isFor(reward, partner) &&
                !this.isUnasked(reward) &&
                (!(coupon_id in shares) ||
                    this.getOrder()._getRealCouponPoints(coupon_id) >=
                        getPrice(reward, this.models["loyalty.card"].get(coupon_id)))
        );
    },
    async postProcessLoyalty(order) {
        applyServerResult(order);
        return super.postProcessLoyalty(...arguments);
    },
});
