import { expect, test } from "@odoo/hoot";
import { click, edit } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { ConnectionLostError } from "@web/core/network/rpc";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { CareDialog } from "@loyalty_program_pos/app/components/care_dialog/care_dialog";
import { setupMembership } from "../utils";

definePosModels();

const PLAN = {
    id: 1,
    name: "CP0001",
    product: "Drone Care",
    item: "Drone",
    serial: "SN-1",
    state: "active",
    label: "Active",
    ends_on: "2030-01-31",
    claims_left: 2,
    claims_included: 2,
    fee: "$ 49.00",
    refusal: false,
    claims: [],
};
const OFFER = {
    product_id: 5,
    plan: "Drone Care",
    item_model: "pos.order",
    item_line_id: 9,
    item: "Drone",
    serials: [],
    document: "Shop/0001",
    sold_on: "2029-12-24",
    free: 1,
    last: "2030-01-23",
};

async function showCare(values = {}) {
    await setupMembership();
    await mountWithCleanup(CareDialog, {
        props: {
            customerName: "Ada",
            fetchCare: async () => ({
                plans: [PLAN],
                more: 0,
                offers: [OFFER],
                more_offers: false,
            }),
            countFree: (offer) => offer.free,
            getPrice: () => "$ 90.00",
            sell: async (offer) => expect.step(`sell ${offer.item_line_id}`),
            fileClaim: async () => {},
            close: () => expect.step("close"),
            ...values,
        },
    });
}

async function describe(text) {
    await click(".loyalty-care-claim");
    await animationFrame();
    await click(".loyalty-care-description");
    await edit(text);
    await animationFrame();
}

test("a claim needs words and the agreement to its fee, and is filed", async () => {
    const claims = [
        { name: "CC1", label: "New", filed_on: "2030-01-02", description: "Fell" },
    ];
    await showCare({
        fileClaim: async (plan, wish) => {
            expect.step(wish);
            return { name: "CC1", plan: { ...plan, claims_left: 1, claims } };
        },
    });
    expect(".loyalty-care-left").toHaveText("2 of 2 claims left, $ 49.00 each");
    await describe("Fell");
    expect(".loyalty-care-file").not.toBeEnabled();
    await click(".loyalty-care-agrees");
    await animationFrame();
    await click(".loyalty-care-file");
    await click(".loyalty-care-file");
    await animationFrame();
    expect.verifySteps([{ description: "Fell", agrees: true }]);
    expect(".loyalty-care-success").toHaveText("The claim CC1 is filed.");
    expect(".loyalty-care-left").toHaveText("1 of 2 claims left, $ 49.00 each");
    expect(".loyalty-care-filed").toHaveText(/CC1 .* New\s+Fell/);
});

test("a try after a lost connection files the same claim", async () => {
    const tokens = [];
    await showCare({
        fetchCare: async () => ({
            plans: [{ ...PLAN, fee: "" }],
            more: 0,
            offers: [],
            more_offers: false,
        }),
        fileClaim: async (plan, wish, token) => {
            tokens.push(token);
            throw new ConnectionLostError("/");
        },
    });
    await describe("Fell");
    await click(".loyalty-care-file");
    await animationFrame();
    expect(".loyalty-care-refusal").toHaveText(/nothing is filed twice/);
    await click(".loyalty-care-file");
    await animationFrame();
    expect(tokens).toHaveLength(2);
    expect(tokens[0]).toBe(tokens[1]);
});

test("an earlier purchase is covered once", async () => {
    await showCare();
    expect(".loyalty-care-offer").toHaveText(/Drone.*12\/24\/2029.*\$ 90\.00/s);
    await click(".loyalty-care-offer");
    await animationFrame();
    expect.verifySteps(["sell 9", "close"]);
});

test("what this sale covers already is not offered again", async () => {
    await showCare({ countFree: () => 0 });
    expect(".loyalty-care-offer").toHaveCount(0);
    expect(".loyalty-care-plan").toHaveCount(1);
});

test("of many plans the one that is needed is searched for", async () => {
    await showCare({
        fetchCare: async (words) => {
            expect.step(`fetch ${words}`);
            const found = { "": [PLAN], "SN-9": [{ ...PLAN, id: 9, serial: "SN-9" }] };
            return {
                plans: found[words] || [],
                more: words ? 0 : 7,
                offers: [],
                more_offers: false,
            };
        },
    });
    expect(".loyalty-care-more").toHaveText(/Plans not shown: 7/);
    await click(".loyalty-care-words");
    await edit(" SN-9 ", { confirm: "enter" });
    await animationFrame();
    expect(".loyalty-care-plan").toHaveCount(1);
    expect(".loyalty-care-plan").toHaveText(/SN-9/);
    expect(".loyalty-care-more").toHaveCount(0);
    await click(".loyalty-care-words");
    await edit("Teapot");
    await click(".loyalty-care-find");
    await animationFrame();
    expect(".loyalty-care-more").toHaveText("No plan found for “Teapot”.");
    await click(".loyalty-care-words");
    await edit("", { confirm: "enter" });
    await animationFrame();
    expect(".loyalty-care-more").toHaveText(/Plans not shown: 7/);
    expect.verifySteps(["fetch ", "fetch SN-9", "fetch Teapot", "fetch "]);
});

test("few plans need no search, and older purchases are told of", async () => {
    await showCare({
        fetchCare: async () => ({
            plans: [PLAN],
            more: 0,
            offers: [OFFER],
            more_offers: true,
        }),
    });
    expect(".loyalty-care-search").toHaveCount(0);
    expect(".loyalty-care-older").toHaveCount(1);
});
