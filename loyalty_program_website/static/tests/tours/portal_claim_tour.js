import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const donation = ".o_lp_reward:contains(Test donation)";

function has(selector, property, value) {
    const found = document.querySelector(selector)[property];
    if (found !== value) {
        throw new Error(`${selector} says ${found}, not ${value}`);
    }
}

tours.add("loyalty_website_claim", {
    url: "/my/loyalty",
    steps: () => [
        {
            content: "Say how many points",
            trigger: `${donation} .o_lp_choice_number`,
            run: "edit 140",
        },
        {
            content: "The money follows",
            trigger: `${donation} .o_lp_choice_money:contains(7.00)`,
            run: () => has(".o_lp_choice_slider", "value", "140"),
        },
        {
            content: "Press twice",
            trigger: `${donation} button[type='submit']`,
            // Two clicks at once, as of an impatient finger.
            run({ anchor }) {
                anchor.click();
                anchor.click();
            },
            expectUnloadPage: true,
        },
        {
            content: "One reward",
            trigger: ".o_lp_message:contains(7.00)",
            run() {
                const claims = document.querySelectorAll(".o_lp_claimed").length;
                if (claims !== 1) {
                    throw new Error(`${claims} claims`);
                }
            },
        },
        {
            content: "The points are gone once",
            trigger: ".o_lp_points:contains(110 points)",
        },
    ],
});

tours.add("loyalty_website_care_claim", {
    url: "/my/home",
    steps: () => [
        {
            content: "Open the care plans",
            trigger: "a[href='/my/care']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Open the plan",
            trigger: ".o_lp_care_plan:contains(Test Album)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Say what happened",
            trigger: ".o_lp_care_form textarea",
            run: "edit It fell into the water.",
        },
        {
            content: "Agree to the fee",
            trigger: ".o_lp_care_form input[name='agrees']",
            run: "check",
        },
        {
            content: "Send it",
            trigger: ".o_lp_care_form button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It has arrived",
            trigger: ".o_lp_message:contains(has arrived)",
        },
        {
            content: "Take it back",
            trigger: ".o_lp_care_claim:contains(fell into the water) button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is taken back",
            trigger: ".o_lp_message:contains(is taken back)",
        },
    ],
});
