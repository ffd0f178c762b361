import { patch } from "@web/core/utils/patch";
import { PosStore } from "@point_of_sale/app/services/pos_store";
// Stock's patch first: this one builds on it, whatever the order of loading.
import "@pos_loyalty/app/services/pos_store";
import { applyServerResult } from "../utils/membership_stats";
import { loadMembership } from "./membership_loader";

patch(PosStore.prototype, {
    async setup() {
        this.loadedMembershipIds = new Set();
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
    async postProcessLoyalty(order) {
        applyServerResult(order);
        return super.postProcessLoyalty(...arguments);
    },
});
