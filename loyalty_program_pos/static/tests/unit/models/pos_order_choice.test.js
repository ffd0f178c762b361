import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupMembership } from "../utils";

definePosModels();

async function setupChoice(values = {}) {
    const data = await setupMembership({ hold_days: 14 });
    const { order, program, card, store } = data;
    const reward = store.models["loyalty.reward"].get(1);
    reward.update({
        discount_mode: "per_point",
        discount: 0.1,
        required_points: 1,
        is_global_discount: false,
        discount_line_product_id: order.lines[0].product_id,
        has_choice: true,
        choice_minimum: 0,
        choice_step: 0,
        choice_maximum: 0,
        ...values,
    });
    order.setPartner(card.partner_id);
    order.uiState.couponPointChanges = {
        [card.id]: { coupon_id: card.id, program_id: program.id, points: 0 },
    };
    return { ...data, reward };
}

function claimed(order) {
    const lines = order._get_reward_lines();
    return {
        points: lines.reduce((sum, line) => sum + line.points_cost, 0),
        chosen: lines[0]?.loyalty_points_chosen,
    };
}

test("the till takes the points that were chosen, and their money", async () => {
    const { order, reward, card } = await setupChoice();
    expect(order.getChoiceRange(reward, card.id).highest).toBe(40);
    const before = order.priceIncl;
    order.choosePoints(reward, 25);
    expect(order._applyReward(reward, card.id)).toBe(true);
    const { points, chosen } = claimed(order);
    expect(points).toBe(25);
    expect(chosen).toBe(25);
    expect(before - order.priceIncl).toBeCloseTo(2.5, { margin: 0.011 });
});

test("a choice outlasts the next look at the rewards", async () => {
    const { order, reward, card } = await setupChoice();
    order.choosePoints(reward, 25);
    order._applyReward(reward, card.id);
    order.uiState.pointsChoices = {};
    order._updateRewardLines();
    expect(claimed(order).points).toBe(25);
});

test("without a choice all points that fit are taken", async () => {
    const { order, reward, card } = await setupChoice({ choice_step: 15 });
    order._applyReward(reward, card.id);
    // From 1 on, in steps of 15: 1, 16, 31.
    expect(claimed(order).points).toBe(31);
    expect(claimed(order).chosen).toBe(0);
});

test("a reward that needs more than there is refuses", async () => {
    const { order, reward, card } = await setupChoice({ choice_minimum: 50 });
    expect(order._applyReward(reward, card.id)).toBeOfType("string");
    expect(order._get_reward_lines()).toHaveLength(0);
});
