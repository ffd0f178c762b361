import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { hasCatalogue } from "@loyalty_program_pos/app/services/catalogue";
import { setupMembership } from "../utils";

definePosModels();

async function setupReward(values = {}) {
    const data = await setupMembership();
    const { order, program, card, store } = data;
    const reward = store.models["loyalty.reward"].get(1);
    reward.update({
        discount_line_product_id: order.lines[0].product_id,
        required_points: 1,
        ...values,
    });
    order.setPartner(card.partner_id);
    order.uiState.couponPointChanges = {
        [card.id]: { coupon_id: card.id, program_id: program.id, points: 0 },
    };
    return { ...data, reward };
}

const offered = (order) => order.getClaimableRewards().map(({ reward }) => reward.id);

test("a reward of the catalogue is offered as a claim, not as a line", async () => {
    const { order, reward, card } = await setupReward();
    expect(offered(order)).toInclude(reward.id);
    expect(hasCatalogue(card)).toBe(false);
    reward.update({ is_claimed_ahead: true });
    expect(offered(order)).not.toInclude(reward.id);
    expect(hasCatalogue(card)).toBe(true);
    expect(order._applyReward(reward, card.id)).toMatch(/catalogue/);
    expect(order._get_reward_lines().length).toBe(0);
});
