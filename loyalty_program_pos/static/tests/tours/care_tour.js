import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as PosLoyalty from "@pos_loyalty/../tests/tours/utils/pos_loyalty_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import { registry } from "@web/core/registry";
import * as Membership from "./membership_util";

registry.category("web_tour.tours").add("loyalty_program_pos.care_plan", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            // The item alone: its plan comes in another sale.
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Mira Member"),
            ProductScreen.clickDisplayedProduct("Record"),
            Membership.pay(),
            ReceiptScreen.clickNextOrder(),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Mira Member"),
            ProductScreen.clickDisplayedProduct("Warranty"),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Bank"),
            PaymentScreen.clickValidate(),
            {
                content: "the till asks what the plan covers",
                trigger: ".loyalty-care-reason:contains('no item for it in this sale')",
            },
            Membership.press(".loyalty-care-offer:contains('Record')"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.isShown(),
            {
                content: "the receipt says what the plan covers",
                trigger: ".pos-receipt .loyalty-care-item:contains('Record')",
            },
            ReceiptScreen.clickNextOrder(),
            // The claim, in front of the cashier.
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Mira Member"),
            PosLoyalty.customerIs("Mira Member"),
            ProductScreen.clickControlButton("Care plans"),
            {
                content: "what is covered is not offered again",
                trigger: ".loyalty-care:not(:has(.loyalty-care-offer))",
            },
            Membership.press(".loyalty-care-claim"),
            {
                content: "say what happened",
                trigger: ".loyalty-care-description",
                run: "edit It jumps.",
            },
            Membership.press(".loyalty-care-agrees"),
            Membership.press(".loyalty-care-file:enabled"),
            {
                content: "the claim is filed",
                trigger: ".loyalty-care-success:contains('is filed')",
            },
            {
                content: "one claim is left",
                trigger: ".loyalty-care-left:contains('1 of 2')",
            },
            Membership.press(".loyalty-care-close"),
        ].flat(),
});
