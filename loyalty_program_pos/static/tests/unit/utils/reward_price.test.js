import { describe, expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { cutCost } from "@loyalty_program_pos/app/utils/reward_price";
import { estimatePoints } from "@loyalty_program_pos/app/utils/estimate_points";
import { setupMembership } from "../utils";

definePosModels();

const SILVER = { tiers: [2], segments: [], both: false };

/** The programme's first reward as a discount on the order for 100 points. */
async function setupReward(points, cardValues = {}) {
    const setup = await setupMembership({ hold_days: 14 }, { points, ...cardValues });
    const { order, program, card, partner } = setup;
    order.setPartner(partner);
    const reward = program.reward_ids[0];
    reward.update({
        reward_type: "discount",
        discount_mode: "per_order",
        discount: 5,
        discount_applicability: "order",
        discount_max_amount: 0,
        required_points: 100,
        is_global_discount: false,
        clear_wallet: false,
    });
    order.uiState.couponPointChanges = {
        [card.id]: { coupon_id: card.id, program_id: program.id, points: 0 },
    };
    const offered = () =>
        order
            .getClaimableRewards(card.id)
            .some((offer) => offer.reward.id === reward.id);
    return { ...setup, reward, offered };
}

function cheaper(reward) {
    return { [reward.id]: { price: 80, share: 0.8 } };
}

describe("reward_price", () => {
    test("a cost is cut in the member's favour", () => {
        expect(cutCost(100, 0.8, 0)).toBe(80);
        expect(cutCost(300, 0.8, 0)).toBe(240);
        expect(cutCost(10, 2 / 3, 0)).toBe(6);
        expect(cutCost(10, 2 / 3, 2)).toBe(6.66);
    });

    test("a cheaper reward is offered and charged at its price", async () => {
        const { order, card, reward, offered } = await setupReward(80);
        expect(offered()).toBe(false);
        card.update({ reward_prices: cheaper(reward) });
        expect(offered()).toBe(true);
        expect(order._applyReward(reward, card.id)).toBe(true);
        const [line] = order._getRewardLineValues({ reward, coupon_id: card.id });
        expect(line.points_cost).toBe(80);
        // Outside of the computation the points are what they are.
        expect(order._getRealCouponPoints(card.id)).toBe(80);
    });

    test("a point short is short", async () => {
        const { order, card, reward, offered } = await setupReward(79);
        card.update({ reward_prices: cheaper(reward) });
        expect(offered()).toBe(false);
        expect(order._applyReward(reward, card.id)).not.toBe(true);
    });

    test("an exclusive reward is neither offered nor given to others", async () => {
        const { order, card, reward, partner, offered } = await setupReward(100);
        expect(offered()).toBe(true);
        reward.update({ audience_terms: SILVER });
        expect(offered()).toBe(false);
        expect(order._applyReward(reward, card.id)).not.toBe(true);
        partner.loyalty_standing = { tiers: [2], segments: [] };
        expect(offered()).toBe(true);
        expect(order._applyReward(reward, card.id)).toBe(true);
    });

    test("a rule for others earns nothing at the till", async () => {
        const { order, program, rule, partner, card } = await setupMembership({
            ledger_policy: "stock",
        });
        order.setPartner(partner);
        const points = () => {
            const earned = order.pointsForPrograms([program]);
            return earned[program.id].reduce((sum, { points }) => sum + points, 0);
        };
        expect(points()).toBeGreaterThan(0);
        rule.update({ audience_terms: SILVER });
        expect(points()).toBe(0);
        expect(estimatePoints(order, program, card)).toBe(0);
        partner.loyalty_standing = { tiers: [2], segments: [] };
        expect(points()).toBeGreaterThan(0);
        expect(estimatePoints(order, program, card)).toBeGreaterThan(0);
    });
});
