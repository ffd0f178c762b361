import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PosLoyalty from "@pos_loyalty/../tests/tours/utils/pos_loyalty_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import { registry } from "@web/core/registry";
import * as Membership from "./membership_util";

registry.category("web_tour.tours").add("loyalty_program_pos.catalogue", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Mira Member"),
            Membership.memberIs({ balance: "300" }),
            // How many points, by the button and by typing.
            Membership.openCatalogue(),
            Membership.isRefused("A cruise", "are missing"),
            Membership.chooseOffer("Trees"),
            Membership.press(".loyalty-choice-more"),
            {
                content: "two steps are worth twice as much",
                trigger: ".loyalty-choice-worth:contains('2.00')",
            },
            Membership.take("Take 40"),
            Membership.isGiven("Trees"),
            Membership.memberIs({ balance: "260" }),
            // Which date: a full one cannot be chosen.
            Membership.openCatalogue(),
            Membership.chooseOffer("An evening"),
            {
                content: "without a date nothing is taken",
                trigger: ".loyalty-catalogue-take:disabled",
            },
            {
                content: "the full date cannot be chosen",
                trigger: ".loyalty-date:disabled:contains('Full house')",
            },
            Membership.press(".loyalty-date:contains('Second night')"),
            Membership.take("Take 100"),
            Membership.isGiven("Second night"),
            Membership.memberIs({ balance: "160" }),
        ].flat(),
});

function typeCode(change) {
    return [
        ProductScreen.clickControlButton("Enter Code"),
        {
            content: "type the code",
            trigger: ".modal textarea",
            run: ({ anchor, edit }) => edit(change(anchor.ownerDocument.loyaltyCode)),
        },
        Dialog.confirm(),
    ].flat();
}

registry.category("web_tour.tours").add("loyalty_program_pos.coupon_code", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Mira Member"),
            ProductScreen.clickDisplayedProduct("Cup"),
            Membership.stampsAre(3, 9),
            Membership.openCatalogue(),
            Membership.chooseOffer("5 off"),
            Membership.take("Take 100"),
            {
                content: "remember the code",
                trigger: ".loyalty-reward-code",
                run: ({ anchor }) => {
                    anchor.ownerDocument.loyaltyCode = anchor.textContent.trim();
                },
            },
            Membership.press(".loyalty-reward-done"),
            Membership.memberIs({ balance: "50" }),
            ProductScreen.clickDisplayedProduct("Record"),
            PosLoyalty.orderTotalIs("123.00"),
            // One slip is told as one; lower case and spaces are none.
            typeCode((code) => code.slice(0, -1) + (code.endsWith("2") ? "3" : "2")),
            {
                content: "the till says that it is a slip",
                trigger: ".o_notification:contains('typing error')",
            },
            typeCode((code) => ` ${code.toLowerCase().replaceAll("-", " ")} `),
            PosLoyalty.orderTotalIs("118.00"),
            typeCode((code) => code.toLowerCase()),
            {
                content: "it is on the order already",
                trigger: ".o_notification:contains('on the order already')",
            },
            PosLoyalty.orderTotalIs("118.00"),
            // A promotion that is worth less than what is on is no secret either.
            typeCode(() => "welcome 1"),
            {
                content: "it gives nothing beside the coupon",
                trigger: ".o_notification:contains('do not add up')",
            },
            PosLoyalty.orderTotalIs("118.00"),
            Membership.pay(),
            Membership.stampsAre(4, 9),
            ReceiptScreen.clickNextOrder(),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Mira Member"),
            ProductScreen.clickDisplayedProduct("Record"),
            typeCode((code) => code),
            {
                content: "it is used",
                trigger: ".o_notification:contains('already been used')",
            },
            PosLoyalty.orderTotalIs("120.00"),
        ].flat(),
});
