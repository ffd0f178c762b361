import { registry } from "@web/core/registry";

const number = ".o_lp_choice .o_lp_choice_number";
const money = ".o_lp_choice_money .oe_currency_value";

registry.category("web_tour.tours").add("loyalty_website_points_choice", {
    url: "/shop/cart",
    steps: () => [
        {
            content: "All that fit are offered first",
            trigger: `.o_lp_choice:has(${money}:contains(25.00))`,
        },
        {
            content: "Choose fewer points",
            trigger: number,
            run: "edit 120",
        },
        {
            content: "Slider and money follow",
            trigger: `.o_lp_choice:has(${money}:contains(6.00))`,
            run() {
                const slider = document.querySelector(".o_lp_choice_slider");
                if (slider.value !== "120") {
                    throw new Error(`the slider says ${slider.value}`);
                }
                slider.value = "200";
                slider.dispatchEvent(new Event("input", { bubbles: true }));
            },
        },
        {
            content: "Number and money follow the slider",
            trigger: `.o_lp_choice:has(${money}:contains(10.00))`,
            run() {
                const { value } = document.querySelector(".o_lp_choice_number");
                if (value !== "200") {
                    throw new Error(`the number says ${value}`);
                }
            },
        },
        {
            content: "Claim",
            trigger: "form[name='claim_reward'] button[name='o_loyalty_claim']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The reward takes what was chosen",
            trigger: "tr[name='o_order_total'] .oe_currency_value:contains(30.00)",
        },
    ],
});
