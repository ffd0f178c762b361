import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { ConnectionLostError } from "@web/core/network/rpc";
import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { setupMembership } from "../utils";

definePosModels();

const NOTE = "60 points of “Club” already spent";
const LINE_ID = 901;

/** A till with an order that brings something back. */
async function setupRefund(policy, answer) {
    const { store, order, program } = await setupMembership({ debt_policy: policy });
    const calls = [];
    patchWithCleanup(store.data, {
        call(model, method, args) {
            calls.push([method, args]);
            return answer(store);
        },
    });
    const [kept, back] = order.lines;
    const sold = store.models["pos.order.line"].create({
        id: LINE_ID,
        product_id: back.product_id,
        qty: 2,
    });
    order.is_refund = true;
    back.refunded_orderline_id = sold;
    back.setQuantity(-2);
    return { store, order, program, kept, calls };
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
    await store.takeOffSpentPoints(order);
    expect(calls).toEqual([]);
});

test("the server is told what comes back", async () => {
    const { store, order, calls } = await setupRefund("refuse", () => ({
        refused: "No",
        lines: [],
    }));
    expect((await store.askAboutReturns(order, "refuse")).refused).toBe("No");
    expect(calls).toEqual([["loyalty_check_refund", [[[LINE_ID, 2]]]]]);
});

test("a refund that is refused is not paid out", async () => {
    const { store, order } = await setupRefund("refuse", () => ({
        refused: "60 points are missing.",
        lines: [],
    }));
    const shown = [];
    patchWithCleanup(store.dialog, { add: (_dialog, props) => shown.push(props.body) });
    const validation = new OrderPaymentValidation({
        pos: store,
        orderUuid: order.uuid,
    });
    await validation.validateOrder(false);
    expect(shown).toEqual(["60 points are missing."]);
    expect(order.state).toBe("draft");
});

test("the value of missing points is a line of the refund, once", async () => {
    const { store, order } = await setupRefund("value", offer);
    await store.takeOffSpentPoints(order);
    await store.takeOffSpentPoints(order);
    const notes = order.lines.filter((line) => line.customer_note === NOTE);
    expect(notes.length).toBe(1);
    expect([notes[0].qty, notes[0].price_unit]).toEqual([1, 3]);
});

test("the way from the list of orders to the payment takes it off too", async () => {
    const { store, order } = await setupRefund("value", offer);
    const screen = Object.assign(Object.create(TicketScreen.prototype), { pos: store });
    await screen.addAdditionalRefundInfo(order, order);
    expect(order.lines.at(-1).customer_note).toBe(NOTE);
});

test("the line goes where nothing is missing any more", async () => {
    let answers = 0;
    const { store, order } = await setupRefund("value", (till) => ({
        ...offer(till),
        ...(answers++ ? { lines: [] } : {}),
    }));
    const count = order.lines.length;
    await store.takeOffSpentPoints(order);
    expect(order.lines.length).toBe(count + 1);
    await store.takeOffSpentPoints(order);
    expect(order.lines.length).toBe(count);
});

test("without a connection goods come back all the same", async () => {
    const { store, order } = await setupRefund("refuse", () => {
        throw new ConnectionLostError("/");
    });
    expect((await store.askAboutReturns(order, "refuse")).refused).toBe(false);
});

test("what the server does not know yet is not asked about", async () => {
    const { store, order, kept, calls } = await setupRefund("value", offer);
    order.lines[1].refunded_orderline_id = kept;
    await store.takeOffSpentPoints(order);
    expect(calls).toEqual([]);
});
