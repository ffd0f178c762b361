import { patch } from "@web/core/utils/patch";
import { OrderReceipt } from "@point_of_sale/app/screens/receipt_screen/receipt/order_receipt";
import { MemberReceipt } from "../components/member_receipt/member_receipt";

patch(OrderReceipt, {
    components: { ...OrderReceipt.components, MemberReceipt },
});
