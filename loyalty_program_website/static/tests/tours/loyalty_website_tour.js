import * as tourUtils from "@website_sale/js/tours/tour_utils";
import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("loyalty_website_join_and_buy", {
    url: "/shop",
    steps: () => [
        ...tourUtils.searchProduct("Test Album", { select: true }),
        {
            content: "Put the album into the cart",
            trigger: "#product_detail form #add_to_cart",
            run: "click",
        },
        tourUtils.goToCart(),
        {
            content: "Read what members collect",
            trigger: ".o_total_card .o_lp_cart:contains(Members collect 40 points)",
        },
        {
            content: "Follow the invitation",
            trigger: ".o_total_card .o_lp_cart a:contains(Join Test Club)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Agree to the terms",
            trigger: ".o_lp_join input[name='consent']",
            run: "check",
        },
        {
            content: "Join",
            trigger: ".o_lp_join button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Back in the cart, as a member",
            trigger: ".o_total_card .o_lp_cart:contains(You earn 40 points)",
        },
        tourUtils.goToCheckout(),
        ...tourUtils.payWithTransfer({
            redirect: true,
            expectUnloadPage: true,
            waitFinalizeYourPayment: true,
        }),
    ],
});

registry.category("web_tour.tours").add("loyalty_website_see_points", {
    url: "/my/home",
    steps: () => [
        {
            content: "Open the programme from the portal's home",
            trigger: "a[href^='/my/loyalty#']:contains(40 points)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Read the balance",
            trigger: ".o_lp_points:contains(40 points)",
        },
        {
            content: "Ask why",
            trigger: ".o_lp_why summary:contains(Why 40 points?)",
            run: "click",
        },
        {
            content: "Read why",
            trigger: ".o_lp_why[open] div:contains(40)",
        },
    ],
});
