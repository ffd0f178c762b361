import { describe, expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {
    estimatePoints,
    roundPoints,
} from "@loyalty_program_pos/app/utils/estimate_points";
import { setupMembership, sumIncluded } from "../utils";

definePosModels();

describe("estimate_points", () => {
    test("points are rounded down to the programme's scale", () => {
        expect(roundPoints(29.999, 0)).toBe(29);
        expect(roundPoints(29.999, 2)).toBe(29.99);
        expect(roundPoints(28.999999999999996, 0)).toBe(29);
        expect(roundPoints(0, 0)).toBe(0);
    });

    test("money earns by what is paid, tax included", async () => {
        const { order, program } = await setupMembership();
        expect(estimatePoints(order, program)).toBe(Math.floor(sumIncluded(order)));
    });

    test("units and orders earn by their count", async () => {
        const { order, program, rule } = await setupMembership();
        rule.update({ reward_point_mode: "unit", reward_point_amount: 2 });
        expect(estimatePoints(order, program)).toBe(10);
        rule.update({ reward_point_mode: "order", reward_point_amount: 3 });
        expect(estimatePoints(order, program)).toBe(3);
    });

    test("a rule counts its own products only", async () => {
        const { order, program, rule } = await setupMembership();
        rule.update({ any_product: false });
        rule.validProductIds = new Set([5]);
        const line = order.lines.find((line) => line.product_id.id === 5);
        expect(estimatePoints(order, program)).toBe(
            Math.floor(line.prices.total_included)
        );
    });

    test("below the rule's minimum nothing is earned", async () => {
        const { order, program, rule } = await setupMembership();
        rule.update({ minimum_qty: 6 });
        expect(estimatePoints(order, program)).toBe(0);
        rule.update({ minimum_qty: 0, minimum_amount: 100000 });
        expect(estimatePoints(order, program)).toBe(0);
    });

    test("a rule that needs a code earns nothing", async () => {
        const { order, program, rule } = await setupMembership();
        rule.update({ mode: "with_code" });
        expect(estimatePoints(order, program)).toBe(0);
    });

    test("a discount makes all goods cheaper", async () => {
        const { order, program } = await setupMembership();
        order.lines[1].update({ price_unit: -1, qty: 1 });
        expect(estimatePoints(order, program)).toBe(Math.floor(sumIncluded(order)));
    });

    test("returned goods and items of a combo are not counted", async () => {
        const { order, program } = await setupMembership();
        const [first, second] = order.lines;
        second.update({ refunded_orderline_id: first });
        expect(estimatePoints(order, program)).toBe(
            Math.floor(first.prices.total_included)
        );
    });

    test("tips earn nothing in a strict programme", async () => {
        const { order, program } = await setupMembership();
        const [first, second] = order.lines;
        order.config.update({ tip_product_id: second.product_id });
        expect(second.ignoreLoyaltyPoints({ program })).toBe(true);
        expect(estimatePoints(order, program)).toBe(
            Math.floor(first.prices.total_included)
        );
        program.update({ ledger_policy: "stock" });
        expect(Boolean(second.ignoreLoyaltyPoints({ program }))).toBe(false);
    });
});
