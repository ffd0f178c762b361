import * as tourUtils from "@website_sale/js/tours/tour_utils";
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// The test starts it at the member's link.
tours.add("loyalty_website_friend_comes", {
    steps: () => [
        {
            content: "Read who invites, and for what",
            trigger: ".o_lp_referral h1:contains(Mia invites you)",
        },
        {
            content: "Join: a guest signs up first",
            trigger: ".o_lp_referral_join",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "Name", trigger: "input[name='name']", run: "edit Nora New" },
        {
            content: "E-mail",
            trigger: "input[name='login']",
            run: "edit nora.new@example.com",
        },
        {
            content: "Password",
            trigger: "input[name='password']",
            run: "edit nora-new-nora",
        },
        {
            content: "Password again",
            trigger: "input[name='confirm_password']",
            run: "edit nora-new-nora",
        },
        {
            content: "The friend's code is there already",
            trigger: "input[name='friend_code'][value*='-']",
        },
        {
            content: "Sign up",
            trigger: ".oe_signup_form button[type='submit']",
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
            content: "A member",
            trigger: ".o_lp_message:contains(Welcome to Test Club)",
        },
    ],
});

tours.add("loyalty_website_friend_orders", {
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
            content: "The cart is the friend's own",
            trigger: ".o_total_card .o_lp_cart:contains(You earn 40 points)",
        },
    ],
});

tours.add("loyalty_website_friend_rewarded", {
    url: "/my/loyalty",
    steps: () => [
        {
            content: "The friend's reward has come",
            trigger: ".o_lp_points:contains(70 points)",
        },
        {
            content: "And is explained",
            trigger: ".o_lp_entry:contains(Bonus) .o_lp_entry_points:contains(+30)",
        },
    ],
});
