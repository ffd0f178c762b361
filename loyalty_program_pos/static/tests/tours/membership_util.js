/** Steps and checks of the membership tours. */

import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";

export function pay() {
    return [
        ProductScreen.clickPayButton(),
        PaymentScreen.clickPaymentMethod("Bank"),
        PaymentScreen.clickValidate(),
        ReceiptScreen.isShown(),
    ].flat();
}

export function press(trigger) {
    return [{ content: `press ${trigger}`, trigger, run: "click" }];
}

export function isInvited(programName) {
    return [
        {
            content: "the customer is invited to join",
            trigger: `.loyalty-invitation:contains("${programName}")`,
        },
    ];
}

export function join() {
    return [
        {
            content: "open the dialog",
            trigger: ".loyalty-join",
            run: "click",
        },
        {
            content: "without consent there is no joining",
            trigger: ".modal .loyalty-join-confirm:disabled",
        },
        {
            content: "the customer agrees",
            trigger: ".modal .loyalty-consent",
            run: "click",
        },
        {
            content: "join",
            trigger: ".modal .loyalty-join-confirm:enabled",
            run: "click",
        },
        {
            content: "the dialog is gone",
            trigger: "body:not(:has(.modal))",
        },
    ];
}

function shows(place, part, text) {
    return {
        content: `${part} is ${text}`,
        trigger: `.loyalty-${place}-${part}:contains("${text}")`,
    };
}

/** @param {Object} facts e.g. {tier: "Bronze", balance: "30"} */
export function memberIs(facts) {
    return Object.entries(facts).map(([part, text]) => shows("member", part, text));
}

/** @param {Object} facts e.g. {tier: "Bronze", earned: "30"} */
export function receiptSays(facts) {
    return Object.entries(facts).map(([part, text]) => shows("receipt", part, text));
}

/** The stamp card on the screen, or on the receipt. */
export function stampsAre(filled, needed) {
    return [
        {
            content: `${filled} of ${needed} stamps are drawn`,
            trigger: `.o_lp_stamps[aria-label="${filled} of ${needed} stamps"]`,
        },
    ];
}

/** In the list of customers: the order is nobody's again. */
export function unselectCustomer() {
    return [
        {
            content: "unselect the customer",
            trigger: ".partner-list .unselect-tag",
            run: "click",
        },
        {
            content: "the list is closed, and nobody is selected",
            trigger: "body:not(:has(.modal)):not(:has(.loyalty-member))",
        },
    ];
}

// === The catalogue of rewards ===

export function openCatalogue() {
    return press(".loyalty-open-catalogue");
}

export function isRefused(name, reason) {
    return [
        {
            content: `${name} cannot be had`,
            trigger: `.loyalty-offer:disabled:contains("${name}"):contains("${reason}")`,
        },
    ];
}

export function chooseOffer(name) {
    return press(`.loyalty-offer:enabled:contains("${name}")`);
}

export function take(words) {
    return press(`.loyalty-catalogue-take:enabled:contains("${words}")`);
}

/** The till tells what the member got; the cashier closes the dialog. */
export function isGiven(text) {
    return [
        {
            content: `the member got ${text}`,
            trigger: `.loyalty-reward-given:contains("${text}")`,
        },
        press(".loyalty-reward-done"),
        {
            content: "the dialog is gone",
            trigger: "body:not(:has(.modal))",
        },
    ].flat();
}
