import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import { setupMembership, sumIncluded } from "../utils";

definePosModels();

/** An order that was sold with 10 % off each of its lines' mix of taxes. */
async function setupSale(isTierDiscount = true) {
    const setup = await setupMembership({ is_tier_discount: isTierDiscount });
    const { store, program, order: sale } = setup;
    const reward = store.models["loyalty.reward"].get(1);
    reward.update({ program_id: program });
    const goods = [...sale.lines];
    goods[0].setQuantity(3);
    goods.forEach((line) => line.setUnitPrice(19.99));
    const taxes = new Map(goods.map((line) => [key(line), line.tax_ids]));
    for (const [mix, tax_ids] of taxes) {
        const alike = goods.filter((line) => key(line) === mix);
        const price = alike.reduce((sum, line) => sum + line.qty * 19.99, 0);
        store.models["pos.order.line"].create({
            order_id: sale,
            product_id: store.models["product.product"].get(18),
            qty: 1,
            price_unit: -sale.currency.round(price / 10),
            tax_ids: tax_ids.map((tax) => ["link", tax]),
            is_reward_line: true,
            reward_id: reward,
        });
    }
    sale.state = "paid";
    const discounts = sale.lines.filter((line) => line.is_reward_line);
    return { ...setup, sale, goods, discounts };
}

function key(line) {
    return line.tax_ids.map(({ id }) => id).join();
}

/** A refund of so much of some lines, as the list of orders makes it. */
function giveBack(store, quantities) {
    const refund = store.addNewOrder();
    refund.is_refund = true;
    for (const [line, qty] of quantities) {
        store.models["pos.order.line"].create({
            order_id: refund,
            product_id: line.product_id,
            qty: -qty,
            price_unit: line.price_unit,
            tax_ids: line.tax_ids.map((tax) => ["link", tax]),
            refunded_orderline_id: line,
        });
    }
    store.takeDiscountsBack(refund);
    return refund;
}

function pay(refund) {
    refund.state = "paid";
    return -sumIncluded(refund);
}

test("a line comes back for what was paid for it", async () => {
    const { store, goods } = await setupSale();
    const refund = giveBack(store, [[goods[0], 1]]);
    const paid = (goods[0].prices.total_included / 3) * 0.9;
    expect(-sumIncluded(refund)).toBeWithin(paid - 0.02, paid + 0.02);
});

test("line by line no more comes back than was paid", async () => {
    const { store, sale, goods } = await setupSale();
    let returned = 0;
    for (const line of [goods[0], goods[1], goods[0], goods[0]]) {
        returned += pay(giveBack(store, [[line, 1]]));
    }
    returned += pay(giveBack(store, [[goods[1], goods[1].qty - 1]]));
    // Taxes are rounded line by line, as Odoo does without any discount.
    const paid = sumIncluded(sale);
    expect(returned).toBeWithin(paid - 0.03, paid + 0.03);
    for (const line of sale.lines.filter((own) => own.is_reward_line)) {
        const back = line.refund_orderline_ids.reduce(
            (sum, own) => sum - own.qty * own.price_unit,
            0
        );
        expect(back).toBeWithin(line.price_unit - 0.001, line.price_unit + 0.001);
    }
});

test("a discount that the cashier took along is taken back once", async () => {
    const { store, sale, goods, discounts } = await setupSale();
    const all = [...goods, ...discounts].map((line) => [line, line.qty]);
    const refund = giveBack(store, all);
    store.takeDiscountsBack(refund);
    const back = refund.lines.filter((line) =>
        discounts.includes(line.refunded_orderline_id)
    );
    expect(back.length).toBe(discounts.length);
    const paid = sumIncluded(sale);
    expect(pay(refund)).toBeWithin(paid - 0.005, paid + 0.005);
});

test("a discount that comes back alone is left as it is", async () => {
    const { store, discounts } = await setupSale();
    const refund = giveBack(store, [[discounts[0], 1]]);
    expect(refund.lines.map((line) => line.price_unit)).toEqual([
        discounts[0].price_unit,
    ]);
});

test("other promotions come back as Odoo has it", async () => {
    const { store, goods } = await setupSale(false);
    expect(giveBack(store, [[goods[0], 1]]).lines.length).toBe(1);
});

test("the way from the list of orders to the payment takes it back too", async () => {
    const { store, goods } = await setupSale();
    const refund = giveBack(store, [[goods[0], 1]]);
    const count = refund.lines.length;
    refund.lines.at(-1).delete();
    const screen = Object.assign(Object.create(TicketScreen.prototype), { pos: store });
    await screen.addAdditionalRefundInfo(refund, refund);
    expect(refund.lines.length).toBe(count);
    expect(count).toBe(2);
});
