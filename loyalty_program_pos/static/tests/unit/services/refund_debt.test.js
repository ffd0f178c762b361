import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { ConnectionLostError } from "@web/core/network/rpc";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { setupMembership } from "../utils";

definePosModels();

const NOTE = "60 points of “Club” already spent";

/** A till where the first line of the order comes back. */
async function setupRefund(policy, answer) {
    const { store, order, program } = await setupMembership({ debt_policy: policy });
    const calls = [];
    patchWithCleanup(store.data, {
        call(model, method, args) {
            calls.push([method, args]);
            return answer(store);
        },
    });
    const [sold, other] = order.lines;
    order.is_refund = true;
    other.refunded_orderline_id = sold;
    other.setQuantity(-2);
    return { store, order, program, sold, calls };
}

function offer(store) {
    const goods = store.getOrder().lines.map((line) => line.product_id.id);
    const products = store.models["product.product"].getAll();
    const product = products.findLast(
        ({ id }) => !goods.includes(id) || goods.indexOf(id) > 1
    );
    const lines = [{ name: NOTE, price: 3 }];
    return { refused: false, product_id: product.id, lines };
}

test("a programme that lets points be owed is not asked about", async () => {
    const { store, order, calls } = await setupRefund("allow", offer);
    expect(await store.settleSpentPoints(order)).toBe(false);
    expect(calls).toEqual([]);
});

test("the server is told what comes back", async () => {
    const { store, order, sold, calls } = await setupRefund("refuse", () => ({
        refused: "No",
        lines: [],
    }));
    expect(await store.settleSpentPoints(order)).toBe("No");
    expect(calls).toEqual([["loyalty_check_refund", [[[sold.id, 2]]]]]);
});

test("the value of missing points is a line of the refund, once", async () => {
    const { store, order } = await setupRefund("value", offer);
    await store.settleSpentPoints(order);
    await store.settleSpentPoints(order);
    const notes = order.lines.filter((line) => line.customer_note === NOTE);
    expect(notes.length).toBe(1);
    expect([notes[0].qty, notes[0].price_unit]).toEqual([1, 3]);
});

test("the line goes where nothing is missing any more", async () => {
    let answers = 0;
    const { store, order } = await setupRefund("value", (till) => ({
        ...offer(till),
        ...(answers++ ? { lines: [] } : {}),
    }));
    const count = order.lines.length;
    await store.settleSpentPoints(order);
    expect(order.lines.length).toBe(count + 1);
    await store.settleSpentPoints(order);
    expect(order.lines.length).toBe(count);
});

test("without a connection goods come back all the same", async () => {
    const { store, order } = await setupRefund("refuse", () => {
        throw new ConnectionLostError("/");
    });
    expect(await store.settleSpentPoints(order)).toBe(false);
});
