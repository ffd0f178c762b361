import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";

/** Shows a coupon that was just issued: the customer takes a picture of it. */
export class CouponDialog extends Component {
    static template = "loyalty_program_pos.CouponDialog";
    static components = { Dialog };
    static props = {
        code: String,
        svg: Object,
        reward: String,
        until: { type: [String, Boolean], optional: true },
        close: Function,
    };
}
