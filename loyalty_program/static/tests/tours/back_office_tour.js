import { registry } from "@web/core/registry";

const MENU = "nav.o_main_navbar";

/** Steps that open an entry of the Loyalty app's menu. */
function openMenu(name) {
    return [
        {
            content: `Open ${name}`,
            trigger: `${MENU} .o_menu_sections a:contains(${name})`,
            run: "click",
        },
    ];
}

/** Steps that make a customer a member through the wizard. */
function joinAs(customer) {
    return [
        {
            trigger: "button:contains(New member)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=partner_id] input",
            run: `edit ${customer}`,
        },
        {
            trigger: `.modal .o-autocomplete--dropdown-item:contains(${customer})`,
            run: "click",
        },
        {
            content: "Without consent nobody joins",
            trigger: ".modal button[name=action_join]:disabled",
        },
        {
            trigger: ".modal .o_field_widget[name=consent] input",
            run: "check",
        },
        {
            trigger: ".modal button[name=action_join]:enabled",
            run: "click",
        },
        {
            content: "The new member starts in the lowest tier",
            trigger: ".o_form_view .o_field_widget[name=tier_id]:contains(Bronze)",
        },
    ];
}

registry.category("web_tour.tours").add("loyalty_program_create_in_clicks", {
    url: "/odoo/loyalty-members",
    steps: () => [
        ...openMenu("Programmes"),
        {
            trigger: "button:contains(New programme)",
            run: "click",
        },
        {
            content: "Two clicks made a programme with a name",
            trigger:
                ".o_form_view .o_field_widget[name=name] input:value(Loyalty programme)",
        },
        {
            trigger: ".nav-link[name=tiers]",
            run: "click",
        },
        {
            content: "and with tiers",
            trigger: ".o_field_widget[name=tier_ids] td:contains(Platinum)",
        },
    ],
});

registry.category("web_tour.tours").add("loyalty_program_back_office", {
    url: "/odoo/loyalty-members",
    steps: () => [
        ...joinAs("Tilda Tour"),
        {
            content: "Open the first quotation",
            trigger: MENU,
            run: () => {
                window.location = "/odoo/action-sale.action_quotations";
            },
            expectUnloadPage: true,
        },
        {
            trigger: "td.o_data_cell:contains(FIRST)",
            run: "click",
        },
        {
            trigger: "button[name=action_confirm]:visible",
            run: "click",
        },
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains(Sales Order)",
        },
        {
            trigger:
                ".o_breadcrumb a:contains(Quotations), .breadcrumb a:contains(Quotations)",
            run: "click",
        },
        {
            trigger: "td.o_data_cell:contains(SECOND)",
            run: "click",
        },
        {
            content: "Claim the reward that the points of the first order buy",
            trigger: "button[name=action_open_reward_wizard]:visible",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=order_line] td:contains(off)",
        },
        {
            trigger: "button[name=action_confirm]:visible",
            run: "click",
        },
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains(Sales Order)",
        },
        {
            trigger: MENU,
            run: () => {
                window.location = "/odoo/loyalty-members";
            },
            expectUnloadPage: true,
        },
        {
            trigger: "td.o_data_cell:contains(Tilda Tour)",
            run: "click",
        },
        {
            content: "The ledger shows what was earned and what was spent",
            trigger: ".o_field_widget[name=entry_ids] td:contains(Redeemed)",
        },
        {
            trigger: ".o_field_widget[name=entry_ids] td:contains(Earned)",
        },
        {
            content: "120 for the first order, 115 for the second, 100 spent",
            trigger: ".o_stat_value:contains(135)",
        },
    ],
});
