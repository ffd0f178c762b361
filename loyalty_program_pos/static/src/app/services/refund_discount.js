import { patch } from "@web/core/utils/patch";
import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import { PosStore } from "@point_of_sale/app/services/pos_store";
// Stock's patches first: these build on them, whatever the order of loading.
import "@pos_loyalty/app/services/pos_store";
import "./refund_debt";
import { getReturnedDiscounts, isTierDiscount } from "../utils/returned_discount";

/** Goods come back for what was paid for them: a tier's percentage goes with them. */
patch(PosStore.prototype, {
    async pay() {
        this.takeDiscountsBack(this.getOrder());
        return super.pay(...arguments);
    },
    /** Bring the lines that take discounts back in step with the goods of a refund. */
    takeDiscountsBack(order) {
        const returns = order.lines.filter((line) => line.refunded_orderline_id);
        const own = returns.filter((line) =>
            isTierDiscount(line.refunded_orderline_id)
        );
        if (own.length === returns.length) {
            // No goods: whoever takes back a discount alone knows why.
            return;
        }
        own.forEach((line) => line.delete());
        for (const { line, price } of getReturnedDiscounts(returns)) {
            this.models["pos.order.line"].create({
                qty: -line.qty,
                price_unit: price,
                product_id: line.product_id,
                order_id: order,
                discount: line.discount,
                tax_ids: line.tax_ids.map((tax) => ["link", tax]),
                refunded_orderline_id: line,
                price_type: "automatic",
            });
        }
    },
});

patch(TicketScreen.prototype, {
    async addAdditionalRefundInfo(order, destinationOrder) {
        // Before points are looked at: they follow from what is given back.
        this.pos.takeDiscountsBack(destinationOrder);
        return super.addAdditionalRefundInfo(...arguments);
    },
});
