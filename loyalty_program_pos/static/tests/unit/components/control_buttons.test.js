import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { ControlButtons } from "@point_of_sale/app/screens/product_screen/control_buttons/control_buttons";
import { setupMembership } from "../utils";

definePosModels();

/** @returns {number} how many free products the list of rewards adds to the order */
async function addFreeProduct({ order, program }, potentialQty) {
    const [product] = order.lines.map((line) => line.product_id);
    const reward = {
        id: -1,
        program_id: program,
        reward_type: "product",
        reward_product_ids: [product],
        reward_product_qty: 1,
    };
    let quantity;
    const buttons = {
        pos: {
            getOrder: () => order,
            claimingAsked: (_reward, claim) => claim(),
            addLineToCurrentOrder: async ({ qty }) => (quantity = qty),
        },
    };
    await ControlButtons.prototype._applyReward.call(buttons, reward, 1, potentialQty);
    return quantity;
}

test("a member's free product is taken once, whatever all the points buy", async () => {
    const setup = await setupMembership({ applies_on: "both" });
    expect(await addFreeProduct(setup, 11)).toBe(1);
    setup.program.update({ ledger_policy: "stock" });
    expect(await addFreeProduct(setup, 11)).toBe(11);
});
