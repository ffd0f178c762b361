import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import { registry } from "@web/core/registry";

const PRODUCT = "Exclusive Pressing";
const REASON = "only for these tiers: Gold";

function isRefused(title) {
    return [
        Dialog.is({ title }),
        Dialog.bodyIs(PRODUCT),
        Dialog.bodyIs(REASON),
        Dialog.confirm("Ok"),
        Dialog.isNot(),
    ];
}

function choose(customer) {
    return [
        ProductScreen.clickPartnerButton(),
        ProductScreen.clickCustomer(customer),
    ].flat();
}

registry.category("web_tour.tours").add("loyalty_program_pos.exclusive_product", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            // A guest: it may be added, and not be paid.
            ProductScreen.clickDisplayedProduct(PRODUCT, true, "1"),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Bank"),
            PaymentScreen.clickValidate(),
            isRefused("Not for everybody"),
            PaymentScreen.clickBack(),
            // Silver, chosen later.
            choose("Sita Silver"),
            isRefused("Not for Sita Silver"),
            // Gold, chosen later.
            choose("Gosia Gold"),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Bank"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.isShown(),
            ReceiptScreen.clickNextOrder(),
            // Silver, chosen first: it is not added.
            choose("Sita Silver"),
            ProductScreen.clickDisplayedProduct(PRODUCT),
            isRefused("Not for Sita Silver"),
            ProductScreen.orderIsEmpty(),
            // Gold, chosen first.
            choose("Gosia Gold"),
            ProductScreen.clickDisplayedProduct(PRODUCT, true, "1"),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Bank"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.isShown(),
        ].flat(),
});
