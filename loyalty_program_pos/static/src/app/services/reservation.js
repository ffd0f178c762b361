import { patch } from "@web/core/utils/patch";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { PosData } from "@point_of_sale/app/services/data_service";

/** Name the sale when the till asks for its points: the server keeps them for it. */
patch(PosData.prototype, {
    async call(model, method, ...rest) {
        if (method !== "validate_coupon_programs" || !this.loyaltyOrder) {
            return super.call(...arguments);
        }
        const [args, kwargs, ...options] = rest;
        const context = { ...kwargs?.context, loyalty_order: this.loyaltyOrder };
        return super.call(model, method, args, { ...kwargs, context }, ...options);
    },
});

patch(OrderPaymentValidation.prototype, {
    async validateOrder() {
        this.pos.data.loyaltyOrder = this.order.uuid;
        return super.validateOrder(...arguments);
    },
});
