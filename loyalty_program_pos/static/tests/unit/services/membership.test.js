import { expect, test } from "@odoo/hoot";
import { contains, onRpc } from "@web/../tests/web_test_helpers";
import { ConnectionLostError } from "@web/core/network/rpc";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { dialogActions } from "@point_of_sale/../tests/unit/utils";
import { click, waitForNone } from "@odoo/hoot-dom";
import { loadMembership } from "@loyalty_program_pos/app/services/membership_loader";
import { joinProgram } from "@loyalty_program_pos/app/services/join_program";
import { figuresOf, setupMembership } from "../utils";

definePosModels();

test("the customer's cards are asked for once, and again after a new selection", async () => {
    const { store, partner } = await setupMembership();
    let calls = 0;
    store.fetchCoupons = async () => calls++;
    await loadMembership(store, undefined);
    expect(calls).toBe(0);
    await loadMembership(store, partner);
    await loadMembership(store, partner);
    expect(calls).toBe(1);
    store.setPartnerToCurrentOrder(partner);
    await loadMembership(store, partner);
    expect(calls).toBe(2);
});

test("the customer's standing is asked for where something is not for everybody", async () => {
    const { store, program, partner } = await setupMembership();
    onRpc("res.partner", "read", ({ args }) => {
        expect.step(args);
        return [{ id: partner.id, loyalty_standing: { tiers: [2], segments: [] } }];
    });
    await loadMembership(store, partner);
    expect.verifySteps([]);
    store.loadedMembershipIds.clear();
    program.update({ audience_terms: { tiers: [2], segments: [], both: false } });
    await loadMembership(store, partner);
    expect.verifySteps([[[partner.id], ["loyalty_standing"]]]);
    expect(partner.loyalty_standing.tiers).toEqual([2]);
});

test("a price list of the tier is asked for and taken", async () => {
    const { store, order, partner } = await setupMembership();
    const [usual, trade] = store.models["product.pricelist"].getAll();
    partner.property_product_pricelist = usual;
    order.setPartner(partner);
    onRpc("res.partner", "read", ({ args }) => {
        expect.step(args[1]);
        return [{ id: partner.id, property_product_pricelist: trade.id }];
    });
    store.config.use_pricelist = true;
    store.config.use_presets = false;
    await loadMembership(store, partner);
    expect.verifySteps([]);
    store.loadedMembershipIds.clear();
    store.models["loyalty.tier"].get(1).gives_pricelist = true;
    await loadMembership(store, partner);
    expect.verifySteps([["property_product_pricelist"]]);
    expect(partner.property_product_pricelist.id).toBe(trade.id);
    expect(order.pricelist_id.id).toBe(trade.id);
});

test("a product that is added takes no points unasked", async () => {
    const { store, program } = await setupMembership();
    const reward = { id: 99, program_id: program };
    expect(store.isUnasked(reward)).toBe(false);
    store.linesBeingAdded = 1;
    expect(store.isUnasked(reward)).toBe(true);
    await store.claimingAsked(reward, () => expect.step(store.isUnasked(reward)));
    expect.verifySteps([false]);
    expect(store.isUnasked(reward)).toBe(true);
    program.stamps_needed = 9;
    expect(store.isUnasked(reward)).toBe(false);
});

test("without a connection the customer stays unknown", async () => {
    const { store, partner } = await setupMembership();
    store.fetchCoupons = async () => {
        throw new ConnectionLostError("/web");
    };
    await loadMembership(store, partner);
    expect(store.loadedMembershipIds.has(partner.id)).toBe(false);
});

test("other errors are not swallowed", async () => {
    const { store, partner } = await setupMembership();
    store.fetchCoupons = async () => {
        throw new Error("broken");
    };
    await expect(loadMembership(store, partner)).rejects.toThrow("broken");
});

test("joining sends the consent to the terms that were shown", async () => {
    const { store, program, partner, card } = await setupMembership(
        {},
        { member_state: "none" }
    );
    onRpc("pos.config", "loyalty_get_terms", () => ({
        html: "<p>Be nice.</p>",
        version: "3",
    }));
    onRpc("pos.config", "loyalty_join", ({ args }) => {
        expect.step(args.slice(1));
        return {
            "loyalty.card": [{ id: card.id, member_state: "joined", points: 40 }],
        };
    });
    await dialogActions(
        () => joinProgram(store, partner, program),
        [
            async () => {
                expect(".loyalty-terms p").toHaveText("Be nice.");
                await click(".loyalty-consent");
            },
            () => click(".loyalty-join-confirm"),
            () => waitForNone(".o_dialog"),
        ]
    );
    expect.verifySteps([
        [program.id, partner.id, { consent: true, terms_version: "3" }],
    ]);
    expect(card.member_state).toBe("joined");
});

test("the code of a friend goes along with the consent", async () => {
    const { store, program, partner, card } = await setupMembership(
        {},
        { member_state: "none" }
    );
    onRpc("pos.config", "loyalty_get_terms", () => ({
        html: "",
        version: "3",
        takes_referrals: true,
    }));
    onRpc("pos.config", "loyalty_join", ({ args }) => {
        expect.step(args[3].friend_code);
        return { "loyalty.card": [{ id: card.id, member_state: "joined" }] };
    });
    await dialogActions(
        () => joinProgram(store, partner, program),
        [
            () => contains(".loyalty-friend-code").edit(" K7M2-XWPD "),
            () => click(".loyalty-consent"),
            () => click(".loyalty-join-confirm"),
            () => waitForNone(".o_dialog"),
        ]
    );
    expect.verifySteps(["K7M2-XWPD"]);
});

test("a booked order brings the cards up to date", async () => {
    const { store, order, card } = await setupMembership();
    order.update({ loyalty_result: [figuresOf(card)] });
    order.uiState.couponPointChanges = {};
    await store.postProcessLoyalty(order);
    expect(card.points).toBe(60);
});
