import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
// Stock's patches first: these build on them, whatever the order of loading.
import "@pos_loyalty/app/services/pos_store";
import "@pos_loyalty/app/utils/order_payment_validation";
import { getReturns } from "../utils/returns";

/** Before money is given back: points that came with the goods may be spent already. */
patch(PosStore.prototype, {
    async pay() {
        await this.takeOffSpentPoints(this.getOrder());
        return super.pay(...arguments);
    },
    /** Take the value of missing points off a refund, where a programme says so. */
    async takeOffSpentPoints(order) {
        const answer = await this.askAboutReturns(order, "value");
        // A till that was opened before does not know it: the points are owed then.
        const product = this.models["product.product"].get(answer.product_id);
        if (!product) {
            return;
        }
        order.lines
            .filter((line) => line.product_id.id === product.id)
            .forEach((line) => order.removeOrderline(line));
        for (const { name, price } of answer.lines) {
            await this.addLineToOrder(
                {
                    product_id: product,
                    product_tmpl_id: product.product_tmpl_id,
                    price_unit: price,
                    customer_note: name,
                    qty: 1,
                },
                order,
                // Stock allows no sale beside a refund; this is none.
                { force: true },
                false
            );
        }
    },
    /**
     * Without a connection goods come back all the same: the points are owed then.
     *
     * @param {PosOrder} order
     * @param {string} policy the debt policy that is asked for
     * @returns {Promise<Object>} see loyalty_check_refund
     */
    async askAboutReturns(order, policy) {
        const nothing = { refused: false, product_id: false, lines: [] };
        const programs = this.models["loyalty.program"].getAll();
        const returns = getReturns(order);
        if (!returns.length || !programs.some((own) => own.debt_policy === policy)) {
            return nothing;
        }
        try {
            return await this.data.call("pos.order", "loyalty_check_refund", [returns]);
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                return nothing;
            }
            throw error;
        }
    },
});

patch(TicketScreen.prototype, {
    async addAdditionalRefundInfo(order, destinationOrder) {
        await super.addAdditionalRefundInfo(...arguments);
        // From here the cashier comes to the payment without pressing "Payment".
        await this.pos.takeOffSpentPoints(destinationOrder);
    },
});

patch(OrderPaymentValidation.prototype, {
    async validateOrder() {
        const { refused } = await this.pos.askAboutReturns(this.order, "refuse");
        if (refused) {
            this.pos.dialog.add(AlertDialog, {
                title: _t("Points of this purchase are spent already"),
                body: refused,
            });
            return;
        }
        return super.validateOrder(...arguments);
    },
});
