import { expect, test } from "@odoo/hoot";
import { delay } from "@odoo/hoot-dom";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupMembership, sumIncluded } from "../utils";

definePosModels();

/** Programme 1 becomes the promotion of Silver: 10 % off, with a card of id 900. */
async function setupBenefit() {
    const setup = await setupMembership({
        ledger_policy: "stock",
        program_type: "promotion",
        applies_on: "current",
        is_nominative: false,
        is_tier_discount: true,
        audience_terms: { tiers: [2], segments: [], both: false },
    });
    const { store, program, rule, partner } = setup;
    program.update({
        shared_card_id: store.models["loyalty.card"].create({ id: 900, points: 0 }),
    });
    rule.update({ reward_point_mode: "order", reward_point_amount: 1 });
    const reward = store.models["loyalty.reward"].get(1);
    reward.update({
        program_id: program,
        required_points: 1,
        discount_line_product_id: store.models["product.product"].get(18),
    });
    partner.loyalty_standing = { tiers: [2], segments: [] };
    store.loadedMembershipIds.add(partner.id);
    return { ...setup, reward };
}

async function update(store) {
    store.updateRewards();
    // A second look waits for the first: they run one after another.
    await store.orderUpdateLoyaltyPrograms();
    await delay(50);
}

test("the discount of a tier claims itself, by the card of all orders", async () => {
    const { store, order, partner } = await setupBenefit();
    const before = sumIncluded(order);
    await update(store);
    expect(order._get_reward_lines()).toHaveLength(0);
    order.setPartner(partner);
    await update(store);
    expect(order.priceIncl).toBeWithin(before * 0.9 - 0.02, before * 0.9 + 0.02);
    const ids = order._get_reward_lines().map((line) => line.coupon_id.id);
    expect([...new Set(ids)]).toEqual([900]);
});

test("the discount leaves with the customer", async () => {
    const { store, order, partner } = await setupBenefit();
    const before = sumIncluded(order);
    order.setPartner(partner);
    await update(store);
    expect(order._get_reward_lines().length).toBeGreaterThan(0);
    order.setPartner(false);
    await update(store);
    expect(order._get_reward_lines()).toHaveLength(0);
    expect(order.priceIncl).toBe(before);
});

test("a better discount in money takes its place", async () => {
    const { store, order, partner, reward, program } = await setupBenefit();
    order.setPartner(partner);
    await update(store);
    const total = sumIncluded(order);
    const tenth = order._getGlobalDiscountLines()[0].reward_id;
    expect(tenth.id).toBe(reward.id);
    const other = store.models["loyalty.reward"].create({
        id: 77,
        program_id: program,
        reward_type: "discount",
        discount_mode: "per_order",
        discount_applicability: "order",
        is_global_discount: true,
        discount: 1,
        required_points: 0,
        discount_line_product_id: reward.discount_line_product_id,
        reward_product_domain: "null",
    });
    expect(order._hasBetterDiscount(other)).toBe(total / 0.9 > 10);
    other.discount = total;
    expect(order._hasBetterDiscount(other)).toBe(false);
    expect(order._applyReward(other, 900)).toBe(true);
    const applied = new Set(order._getGlobalDiscountLines().map((l) => l.reward_id.id));
    expect([...applied]).toEqual([77]);
    expect(order._hasBetterDiscount(reward)).toBe(true);
});
