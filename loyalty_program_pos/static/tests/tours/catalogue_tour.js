import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
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
