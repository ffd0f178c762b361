import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
// Stock's patch first: this one builds on it, whatever the order of loading.
import "@pos_loyalty/app/utils/order_payment_validation";
import { getCareLines, getUncovered } from "../utils/care";

/**
 * A care plan is sold with its item and to a customer.
 *
 * @returns {string|false} what the cashier has to do first
 */
export function findCareRefusal(order) {
    const lines = getCareLines(order.lines);
    if (!lines.length) {
        return false;
    }
    if (!order.getPartner()) {
        return _t("A care plan belongs to a customer. Choose the customer first.");
    }
    const uncovered = getUncovered(order.lines);
    if (uncovered.length) {
        return _t(
            "%(plans)s: there is no item for it in this sale. Add the item, or sell the care plan for an earlier purchase on a quotation.",
            { plans: uncovered.map((plan) => plan.display_name).join(", ") }
        );
    }
    return false;
}

patch(OrderPaymentValidation.prototype, {
    async isOrderValid() {
        const reason = findCareRefusal(this.order);
        if (reason) {
            this.pos.dialog.add(AlertDialog, {
                title: _t("This care plan cannot be sold yet"),
                body: reason,
            });
            return false;
        }
        return super.isOrderValid(...arguments);
    },
});
