import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {
    applyServerResult,
    getMembershipStats,
} from "@loyalty_program_pos/app/utils/membership_stats";
import { figuresOf, setupMembership, sumIncluded } from "../utils";

definePosModels();

test("a customer who is no member has no figures", async () => {
    const { order } = await setupMembership();
    expect(getMembershipStats(order)).toEqual([]);
});

test("before payment the till estimates", async () => {
    const { order, partner } = await setupMembership();
    order.setPartner(partner);
    const [stat] = getMembershipStats(order);
    expect(stat.earned).toBe(Math.floor(sumIncluded(order)));
    expect(stat.balance).toBe(40);
    expect(stat.pending).toBe(7);
    expect(stat.tier).toBe("Bronze");
    expect(stat.number).toBe("M0001");
    expect(stat.isOffline).toBe(false);
});

test("a paid order that the server has not seen is marked", async () => {
    const { order, partner } = await setupMembership();
    order.setPartner(partner);
    order.state = "paid";
    expect(getMembershipStats(order)[0].isOffline).toBe(true);
});

test("the server's figures replace the estimate and the till's balance", async () => {
    const { order, partner, card } = await setupMembership();
    order.setPartner(partner);
    order.update({ loyalty_result: [figuresOf(card)] });
    const stats = getMembershipStats(order);
    expect(stats).toHaveLength(1);
    expect(stats[0].earned).toBe(30);
    expect(stats[0].isOffline).toBe(false);
    expect(stats[0].availableOn).toMatch("2030");
    applyServerResult(order);
    expect([card.points, card.points_pending, card.tier_id.name]).toEqual([
        60,
        5,
        "Silver",
    ]);
});
