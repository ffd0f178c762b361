import { describe, expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { estimatePoints } from "@loyalty_program_pos/app/utils/estimate_points";
import { setupMembership, sumIncluded } from "../utils";

definePosModels();

describe("estimate_points", () => {
    test("points are rounded the programme's way", async () => {
        const { order, program, rule } = await setupMembership();
        rule.update({ reward_point_mode: "order", reward_point_amount: 1.5 });
        expect(estimatePoints(order, program)).toBe(1);
        program.update({ points_rounding: "up" });
        expect(estimatePoints(order, program)).toBe(2);
        program.update({ points_scale: 2 });
        expect(estimatePoints(order, program)).toBe(1.5);
    });

    test("points can rest on the prices without tax", async () => {
        const { order, program } = await setupMembership({ earn_basis: "untaxed" });
        const untaxed = order.lines.reduce((s, l) => s + l.prices.total_excluded, 0);
        expect(estimatePoints(order, program)).toBe(Math.floor(untaxed));
    });

    test("the limits of order and member hold", async () => {
        const { order, program, card } = await setupMembership({ order_cap: 5 });
        expect(estimatePoints(order, program, card)).toBe(5);
        card.update({ cap_room: 3 });
        expect(estimatePoints(order, program, card)).toBe(3);
    });

    test("the multiplier of the tier is part of the estimate", async () => {
        const { order, program, card, rule } = await setupMembership();
        rule.update({ reward_point_mode: "order", reward_point_amount: 37.5 });
        card.update({ earn_factor: 1.5 });
        expect(estimatePoints(order, program, card)).toBe(56);
        program.update({ order_cap: 50 });
        expect(estimatePoints(order, program, card)).toBe(50);
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

    test("a rule that needs a code waits for it, and the order keeps it", async () => {
        const { order, program, rule } = await setupMembership();
        rule.update({ mode: "with_code", code: "SUMMER26" });
        expect(estimatePoints(order, program)).toBe(0);
        order.uiState.codeActivatedProgramRules.push(rule.id);
        order.noteLoyaltyCodes();
        order.noteLoyaltyCodes();
        expect(estimatePoints(order, program)).toBe(Math.floor(sumIncluded(order)));
        expect(order.loyalty_codes).toBe("SUMMER26");
        order._resetPrograms();
        expect(Boolean(order.loyalty_codes)).toBe(false);
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
