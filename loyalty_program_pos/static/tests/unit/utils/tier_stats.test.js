import { expect, test } from "@odoo/hoot";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { MemberPanel } from "@loyalty_program_pos/app/components/member_panel/member_panel";
import {
    applyServerResult,
    getMembershipStats,
} from "@loyalty_program_pos/app/utils/membership_stats";
import { figuresOf, setupMembership, sumIncluded } from "../utils";

definePosModels();

/** Bronze from the start, Silver from what this order is worth and a bit more. */
async function setupTiers(extra, values = {}) {
    const setup = await setupMembership();
    const total = sumIncluded(setup.order);
    setup.card.tier_figures = {
        joined: "all",
        levels: [
            { tier: 1, enter: [0] },
            { tier: 2, enter: [100 + total + extra] },
        ],
        metrics: ["spend"],
        amounts: [100],
        countsAtOnce: true,
        hasVisited: false,
        isLocked: false,
        keep: "To stay: purchases",
        benefits: ["Coffee on us."],
        ...values,
    };
    setup.order.setPartner(setup.partner);
    return setup;
}

test("the way to the next tier counts the running sale", async () => {
    const { order } = await setupTiers(25);
    const [stat] = getMembershipStats(order);
    expect(stat.projectedTier).toBe("");
    expect(stat.nextTier).toBe("Silver");
    expect(stat.nextMissing).toMatch("25.00");
    expect(String(stat.nextWords)).toMatch(/25\.00.* more for Silver/);
});

test("a sale that is enough shows the tier it leads to", async () => {
    const { order } = await setupTiers(0);
    await mountWithCleanup(MemberPanel, { props: { order } });
    expect(".loyalty-member-projected").toHaveText(/Silver/);
    expect(".loyalty-member-benefits").toHaveText("Coffee on us.");
    expect(".loyalty-member-keep").toHaveText(/To stay/);
});

test("points that wait project nothing", async () => {
    const { order } = await setupTiers(0, { countsAtOnce: false });
    expect(getMembershipStats(order)[0].projectedTier).toBe("");
});

test("a locked tier stays", async () => {
    const { order } = await setupTiers(0, { isLocked: true });
    expect(getMembershipStats(order)[0].projectedTier).toBe("");
});

test("a booked sale counts once, until the card is loaded anew", async () => {
    const { order, card } = await setupTiers(25);
    const total = sumIncluded(order);
    order.update({ loyalty_result: [figuresOf(card, { tierId: 1, tier: "Bronze" })] });
    applyServerResult(order);
    applyServerResult(order);
    expect(card.tier_figures.amounts[0]).toBeCloseTo(100 + total);
    expect(getMembershipStats(order)[0].nextMissing).toMatch("25.00");
});
