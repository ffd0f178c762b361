import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PosLoyalty from "@pos_loyalty/../tests/tours/utils/pos_loyalty_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import { registry } from "@web/core/registry";
import * as Membership from "./membership_util";

registry.category("web_tour.tours").add("loyalty_program_pos.join_and_earn", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Stan Stranger"),
            ProductScreen.clickDisplayedProduct("Record"),
            Membership.isInvited("Record Club"),
            Membership.join(),
            Membership.memberIs({ tier: "Bronze", balance: "0", earned: "+120" }),
            Membership.pay(),
            Membership.receiptSays({ tier: "Silver", earned: "120", balance: "120" }),
            ReceiptScreen.clickNextOrder(),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Stan Stranger"),
            Membership.memberIs({ tier: "Silver", balance: "120" }),
        ].flat(),
});

registry.category("web_tour.tours").add("loyalty_program_pos.claim_reward", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Mira Member"),
            ProductScreen.clickDisplayedProduct("Record"),
            Membership.memberIs({ balance: "150" }),
            PosLoyalty.claimReward("5 off"),
            PosLoyalty.orderTotalIs("115.00"),
            Membership.memberIs({ earned: "+115", spent: "-100" }),
            Membership.pay(),
            Membership.receiptSays({ earned: "115", spent: "100", balance: "165" }),
        ].flat(),
});

registry.category("web_tour.tours").add("loyalty_program_pos.free_cup", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Mira Member"),
            ProductScreen.clickDisplayedProduct("Cup"),
            Membership.stampsAre(8, 9),
            // The first cup fills the card: the till gives the second one for it.
            ProductScreen.clickDisplayedProduct("Cup"),
            PosLoyalty.orderTotalIs("3.00"),
            ProductScreen.clickDisplayedProduct("Cup"),
            PosLoyalty.orderTotalIs("6.00"),
            Membership.memberIs({ earned: "+2", spent: "-9" }),
            Membership.pay(),
            Membership.stampsAre(1, 9),
        ].flat(),
});

registry.category("web_tour.tours").add("loyalty_program_pos.tier_prices", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.clickDisplayedProduct("Record"),
            PosLoyalty.orderTotalIs("120.00"),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Sara Silver"),
            Membership.memberIs({ tier: "Silver" }),
            PosLoyalty.orderTotalIs("84.00"),
            ProductScreen.clickPartnerButton(),
            Membership.unselectCustomer(),
            PosLoyalty.orderTotalIs("120.00"),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Mira Member"),
            Membership.memberIs({ tier: "Bronze" }),
            PosLoyalty.orderTotalIs("120.00"),
            Membership.pay(),
            Membership.receiptSays({
                tier: "Silver",
                words: "80 points instead of 100 points = $ 5.00 off.",
            }),
            ReceiptScreen.clickNextOrder(),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Mira Member"),
            Membership.memberIs({ tier: "Silver" }),
            ProductScreen.clickDisplayedProduct("Record"),
            PosLoyalty.orderTotalIs("84.00"),
        ].flat(),
});

registry.category("web_tour.tours").add("loyalty_program_pos.free_record", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Mira Member"),
            Membership.memberIs({ balance: "250" }),
            ProductScreen.clickDisplayedProduct("Record"),
            PosLoyalty.orderTotalIs("120.00"),
            // The points are there for it, and stay: nobody asked.
            ProductScreen.clickDisplayedProduct("Record"),
            PosLoyalty.orderTotalIs("240.00"),
            PosLoyalty.claimReward("for 100 points"),
            PosLoyalty.orderTotalIs("240.00"),
            Membership.memberIs({ spent: "-100" }),
            Membership.pay(),
            Membership.receiptSays({ spent: "100" }),
        ].flat(),
});
