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
        return super.orderUpdateLoyaltyPrograms(...arguments);
    },
    async postProcessLoyalty(order) {
        applyServerResult(order);
        return super.postProcessLoyalty(...arguments);
    },
});
