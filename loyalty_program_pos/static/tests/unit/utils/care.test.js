import { expect, globals, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { findCareRefusal } from "@loyalty_program_pos/app/services/care";
import {
    assign,
    countFree,
    findUnbound,
    getCareValues,
    getOutdated,
    getUncovered,
    isCareFor,
} from "@loyalty_program_pos/app/utils/care";
import { setupMembership } from "../utils";

const { fetch: realFetch } = globals;
const CASES = "/loyalty_program_pos/static/tests/unit/cases/care.json";

definePosModels();

async function setupCare() {
    const found = await setupMembership();
    const [item, plan] = found.order.lines;
    const covered = item.product_id.product_tmpl_id;
    Object.assign(plan.product_id.product_tmpl_id, {
        is_care_plan: true,
        care_terms: { templates: [covered.id], categories: [] },
    });
    item.setQuantity(1);
    plan.setQuantity(1);
    return { ...found, item, plan, covered };
}

test("the till binds plans to items as the engine does", async () => {
    const cases = await (await realFetch(CASES)).json();
    expect(cases.length).toBeGreaterThan(5);
    for (const { name, wants, free, found } of cases) {
        expect(assign(wants, free)).toEqual(found, { message: name });
    }
});

test("a plan covers named products and goods of its categories", () => {
    const plan = {
        is_care_plan: true,
        care_terms: { templates: [7], categories: [3] },
    };
    const goods = { id: 1, type: "consu", categ_id: { id: 3 } };
    expect(isCareFor(plan, { id: 7, type: "service" })).toBe(true);
    expect(isCareFor(plan, goods)).toBe(true);
    expect(isCareFor(plan, { ...goods, type: "service" })).toBe(false);
    expect(isCareFor(plan, { ...goods, categ_id: { id: 4 } })).toBe(false);
    expect(isCareFor(plan, { ...goods, is_care_plan: true })).toBe(false);
});

test("a plan needs a customer and as many items", async () => {
    const { order, plan, item, partner } = await setupCare();
    order.partner_id = undefined;
    expect(String(findCareRefusal(order))).toMatch(/Choose the customer first/);
    order.setPartner(partner);
    expect(findCareRefusal(order)).toBe(false);
    plan.setQuantity(2);
    expect(getUncovered(order.lines)).toHaveLength(1);
    expect(String(findCareRefusal(order))).toMatch(/no item for it in this sale/);
    item.setQuantity(2);
    expect(findCareRefusal(order)).toBe(false);
    plan.setQuantity(-1);
    expect(findCareRefusal(order)).toBe(false);
});

test("a plan for an earlier purchase needs no item here, and goes with the customer", async () => {
    const { store, order, plan, item, partner } = await setupCare();
    const offer = {
        product_id: plan.product_id.id,
        item_model: "pos.order",
        item_line_id: 9,
        item: "Drone",
        document: "Shop/1",
        free: 1,
    };
    order.setPartner(partner);
    item.setQuantity(2);
    plan.setQuantity(3);
    expect(findUnbound(order.lines, offer.product_id)).toBe(plan);
    plan.setQuantity(1);
    item.delete();
    expect(findUnbound(order.lines, offer.product_id)).toBe(plan);
    plan.update(getCareValues(offer));
    expect(plan.care_item_name).toBe("Drone (Shop/1)");
    expect(findCareRefusal(order)).toBe(false);
    expect(findUnbound(order.lines, offer.product_id)).toBe(undefined);
    expect(countFree(offer, order.lines)).toBe(0);
    expect(getOutdated(order.lines, [offer])).toEqual([]);
    expect(getOutdated(order.lines, [])).toEqual([plan]);
    plan.setQuantity(2);
    expect(getOutdated(order.lines, [offer])).toEqual([plan]);
    const other = store.models["res.partner"].find((own) => own.id !== partner.id);
    order.setPartner(other);
    expect(plan.care_item_line_id).toBe(0);
    expect(String(findCareRefusal(order))).toMatch(/no item for it in this sale/);
});

test("plans for two items are two lines", async () => {
    const { store, order, plan } = await setupCare();
    const other = store.models["pos.order.line"].create({
        order_id: order,
        product_id: plan.product_id,
        price_unit: plan.price_unit,
        price_type: plan.price_type,
        qty: 1,
    });
    const isAlike = plan.canBeMergedWith(other);
    plan.update({ care_item_model: "pos.order", care_item_line_id: 9 });
    expect(isAlike).toBe(true);
    expect(plan.canBeMergedWith(other)).toBe(false);
    expect(order.lines).toInclude(plan);
});
