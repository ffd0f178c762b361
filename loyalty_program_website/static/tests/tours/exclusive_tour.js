import * as tourUtils from "@website_sale/js/tours/tour_utils";
import { registry } from "@web/core/registry";

const LOCKED = "Test Locked Pressing";
const HIDDEN = "Test Hidden Pressing";

function listShows(name) {
    return {
        content: `${name} is in the list`,
        trigger: `.oe_product_cart .o_wsale_products_item_title:contains("${name}")`,
    };
}

function listHides(name) {
    return {
        content: `${name} is not in the list`,
        trigger: `#products_grid:not(:has(.oe_product_cart:contains("${name}")))`,
    };
}

function open(name) {
    return {
        content: `open ${name}`,
        trigger: `.o_wsale_products_item_title a:contains("${name}")`,
        run: "click",
        expectUnloadPage: true,
    };
}

/** Steps of somebody who may not buy it: see the price, the reason and the way in. */
function isLocked(way) {
    return [
        listShows(LOCKED),
        listHides(HIDDEN),
        {
            content: "the list says for whom it is",
            trigger: `.oe_product_cart:contains("${LOCKED}") .o_lp_exclusive_locked:contains("Only for Gold")`,
        },
        {
            content: "the list has no button for it",
            trigger: `.oe_product_cart:contains("${LOCKED}"):not(:has(.a-submit))`,
        },
        open(LOCKED),
        {
            content: "the page gives the reason",
            trigger: ".o_lp_lock_reason:contains('only for these tiers: Gold')",
        },
        {
            content: "the page shows the price and no button",
            trigger:
                "#product_details:has(.product_price:contains('55')):not(:has(#add_to_cart))",
        },
        {
            content: "the page shows the way in",
            trigger: `.o_lp_lock_link:contains("${way}")`,
        },
    ];
}

const tours = registry.category("web_tour.tours");

tours.add("loyalty_website_exclusive_guest", {
    url: "/shop?search=Test",
    steps: () => isLocked("Sign in or join"),
});

tours.add("loyalty_website_exclusive_silver", {
    url: "/shop?search=Test",
    steps: () => isLocked("See how far you are"),
});

tours.add("loyalty_website_exclusive_gold", {
    url: "/shop?search=Test",
    steps: () => [
        listShows(LOCKED),
        listShows(HIDDEN),
        {
            content: "the list says that it is theirs",
            trigger: ".o_lp_exclusive_open:contains('For you: Gold')",
        },
        open(HIDDEN),
        {
            content: "put it into the cart",
            trigger: "#product_detail form #add_to_cart",
            run: "click",
        },
        tourUtils.goToCart(),
        {
            content: "it is in the cart, and nothing is wrong with it",
            trigger: `#shop_cart:has(.o_cart_product:contains("${HIDDEN}")):not(:has(.o_lp_cart_refused))`,
        },
    ],
});
