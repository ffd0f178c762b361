import { expect, test } from "@odoo/hoot";
import { onRpc } from "@web/../tests/web_test_helpers";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { setupMembership } from "../utils";

definePosModels();

async function setupAsked() {
    const till = await setupMembership();
    onRpc("pos.order", "validate_coupon_programs", ({ kwargs }) => {
        expect.step(kwargs.context.loyalty_order || "nobody");
        return { successful: true, payload: {} };
    });
    return { ...till, ask: () => askFor(till) };
}

function askFor({ store, card }) {
    const args = [[], { [card.id]: -10 }, []];
    return store.data.call("pos.order", "validate_coupon_programs", args);
}

test("before any payment the points are asked for in nobody's name", async () => {
    const { ask } = await setupAsked();
    await ask();
    expect.verifySteps(["nobody"]);
});

test("the sale that is paid names itself when its points are asked for", async () => {
    const { store, order, ask } = await setupAsked();
    const validation = new OrderPaymentValidation({
        pos: store,
        orderUuid: order.uuid,
    });
    // What follows is Odoo's own; that the name is known by then is ours.
    validation.isOrderValid = async () => false;
    await validation.validateOrder(false);
    await ask();
    expect.verifySteps([order.uuid]);
});

test("other questions of the till are left as they are", async () => {
    const { store, order } = await setupAsked();
    store.data.loyaltyOrder = order.uuid;
    onRpc("pos.order", "read", ({ kwargs }) => {
        expect.step("loyalty_order" in (kwargs.context || {}));
        return [];
    });
    await store.data.call("pos.order", "read", [[1], ["name"]]);
    expect.verifySteps([false]);
});
