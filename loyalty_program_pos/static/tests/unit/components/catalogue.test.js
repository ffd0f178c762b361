import { expect, test } from "@odoo/hoot";
import { click, edit, queryOne } from "@odoo/hoot-dom";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { CatalogueDialog } from "@loyalty_program_pos/app/components/catalogue_dialog/catalogue_dialog";
import { setupMembership } from "../utils";

definePosModels();

const DONATION = {
    id: 1,
    name: "Trees",
    kind: "donation",
    words: "1 point = 0.05 for Trees.",
    points: 20,
    refusal: false,
    choice: { lowest: 20, highest: 140, step: 20, value: 0.05 },
    dates: [],
};
const EVENING = {
    id: 2,
    name: "An evening",
    kind: "experience",
    words: "100 points = An evening.",
    points: 100,
    refusal: false,
    choice: false,
    dates: [
        { id: 7, name: "1 May", left: 3, refusal: false },
        { id: 8, name: "2 May", left: 0, refusal: "All 5 places are taken." },
        { id: 9, name: "3 May", left: 1, refusal: false },
    ],
};
const DEAR = { ...EVENING, id: 3, name: "A cruise", refusal: "900 are missing." };

function refuse(message) {
    const error = new RPCError(message);
    error.exceptionName = "odoo.exceptions.UserError";
    error.data = { message };
    return error;
}

async function showCatalogue(takeReward = () => {}) {
    await setupMembership();
    await mountWithCleanup(CatalogueDialog, {
        props: {
            memberName: "Ada",
            pointName: "points",
            scale: 0,
            getBalance: () => 150,
            formatMoney: (money) => money.toFixed(2),
            fetchOffers: async () => [DONATION, EVENING, DEAR],
            takeReward,
            onTaken: (given) => expect.step(`taken ${given}`),
            close: () => expect.step("close"),
        },
    });
}

async function press(selector) {
    await click(selector);
    await animationFrame();
}

test("what cannot be had says why, and cannot be chosen", async () => {
    await showCatalogue();
    expect(".loyalty-offer").toHaveCount(3);
    expect(".loyalty-offer:eq(2)").not.toBeEnabled();
    expect(".loyalty-offer:eq(2) .loyalty-offer-refusal").toHaveText(
        "900 are missing."
    );
    expect(".loyalty-offer:eq(0) .loyalty-offer-price").toHaveText("from 20 points");
});

test("the member chooses how many points, within the range and its steps", async () => {
    await showCatalogue(async (offer, token, wish) => {
        expect.step(wish);
        return "it";
    });
    await press(".loyalty-offer:eq(0)");
    expect(".loyalty-choice-less").not.toBeEnabled();
    await press(".loyalty-choice-more");
    expect(".loyalty-choice-worth").toHaveText("2.00");
    await click(".loyalty-choice-points");
    await edit("133", { confirm: "blur" });
    await animationFrame();
    expect(queryOne(".loyalty-choice-points").value).toBe("120");
    await click(".loyalty-choice-points");
    await edit("9999", { confirm: "blur" });
    await animationFrame();
    expect(queryOne(".loyalty-choice-points").value).toBe("140");
    expect(".loyalty-choice-more").not.toBeEnabled();
    await press(".loyalty-catalogue-take");
    expect.verifySteps([{ points: 140 }, "close", "taken it"]);
});

test("of several dates one is chosen, and not a full one", async () => {
    await showCatalogue(async (offer, token, wish) => {
        expect.step(wish);
        return "it";
    });
    await press(".loyalty-offer:eq(1)");
    expect(".loyalty-catalogue-take").not.toBeEnabled();
    expect(".loyalty-date:eq(1)").not.toBeEnabled();
    await press(".loyalty-date:eq(2)");
    await press(".loyalty-catalogue-take");
    expect.verifySteps([{ date: 9 }, "close", "taken it"]);
});

test("a second click takes nothing", async () => {
    const answer = new Deferred();
    await showCatalogue(() => {
        expect.step("take");
        return answer;
    });
    await press(".loyalty-offer:eq(0)");
    await click(".loyalty-catalogue-take");
    await click(".loyalty-catalogue-take");
    await animationFrame();
    expect(".loyalty-catalogue-take").not.toBeEnabled();
    expect(".loyalty-catalogue-back").not.toBeEnabled();
    answer.resolve("it");
    await animationFrame();
    expect.verifySteps(["take", "close", "taken it"]);
});

test("a try after a lost connection is the same click, another wish is not", async () => {
    const tokens = [];
    await showCatalogue(async (offer, token) => {
        tokens.push(token);
        throw new ConnectionLostError("/");
    });
    await press(".loyalty-offer:eq(0)");
    await press(".loyalty-catalogue-take");
    expect(".loyalty-catalogue-refusal").toHaveText(/nothing is taken twice/);
    await press(".loyalty-catalogue-take");
    expect(tokens[1]).toBe(tokens[0]);
    await press(".loyalty-choice-more");
    await press(".loyalty-catalogue-take");
    expect(tokens[2]).not.toBe(tokens[0]);
    expect.verifySteps([]);
});

test("the server's refusal is shown, and the dialog stays", async () => {
    await showCatalogue(async () => {
        throw refuse("The last one is gone.");
    });
    await press(".loyalty-offer:eq(0)");
    await press(".loyalty-catalogue-take");
    expect(".loyalty-catalogue-refusal").toHaveText("The last one is gone.");
    expect(".loyalty-catalogue-take").toBeEnabled();
    await press(".loyalty-catalogue-back");
    expect(".loyalty-offer").toHaveCount(3);
    expect(".loyalty-catalogue-refusal").toHaveCount(0);
});
