import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { PosStore } from "@point_of_sale/app/services/pos_store";
// Stock's patch first: this one builds on it, whatever the order of loading.
import "@pos_loyalty/app/services/pos_store";
import { getReturns } from "../utils/returns";

/** Before money is given back: points that came with the goods may be spent already. */
patch(PosStore.prototype, {
    async pay() {
        const refused = await this.settleSpentPoints(this.getOrder());
        if (refused) {
            this.dialog.add(AlertDialog, {
                title: _t("Points of this purchase are spent already"),
                body: refused,
            });
            return;
        }
        return super.pay(...arguments);
    },
    /**
     * Take the value of missing points off a refund, where the programme says so.
     *
     * @param {PosOrder} order
     * @returns {Promise<string|false>} why the refund is refused
     */
    async settleSpentPoints(order) {
        const returns = getReturns(order, this.models["loyalty.program"].getAll());
        if (!returns.length) {
            return false;
        }
        const answer = await this.askAboutReturns(returns);
        // A till that was opened before does not know it: the points are owed then.
        const product = this.models["product.product"].get(answer.product_id);
        if (!product) {
            return answer.refused;
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
        return answer.refused;
    },
    /** Without a connection goods come back all the same: the points are owed then. */
    async askAboutReturns(returns) {
        try {
            return await this.data.call("pos.order", "loyalty_check_refund", [returns]);
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                return { refused: false, lines: [] };
            }
            throw error;
        }
    },
});
