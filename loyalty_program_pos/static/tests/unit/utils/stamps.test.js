import { expect, globals, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { MemberPanel } from "@loyalty_program_pos/app/components/member_panel/member_panel";
import { MemberReceipt } from "@loyalty_program_pos/app/components/member_receipt/member_receipt";
import { estimatePoints } from "@loyalty_program_pos/app/utils/estimate_points";
import { getFreeQuantity } from "@loyalty_program_pos/app/utils/free_product";
import { getRoom, layOut } from "@loyalty_program_pos/app/utils/stamps";
import { figuresOf, setupMembership } from "../utils";

definePosModels();

const { fetch: realFetch } = globals;
const CASES = "/loyalty_program_pos/static/tests/unit/cases/stamps.json";

test("the till answers the cases of the engine alike", async () => {
    const cases = await (await realFetch(CASES)).json();
    expect(cases.layout.length).toBeGreaterThan(10);
    for (const { name, points, pending, needed, card } of cases.layout) {
        const shown = layOut(Number(points), Number(pending), needed);
        expect(shown).toEqual({ needed, ...card }, { message: name });
    }
    for (const { name, held, needed, spent, room } of cases.room) {
        const left = getRoom(Number(held), needed, Number(spent));
        expect(left).toBe(Number(room), { message: name });
    }
});

test("the panel draws the stamps and says them", async () => {
    const { order, partner, card } = await setupMembership(
        { stamps_needed: 9, stamp_surplus: "kept" },
        { points: 7, points_pending: 1 }
    );
    order.setPartner(partner);
    await mountWithCleanup(MemberPanel, { props: { order } });
    expect(".o_lp_stamp").toHaveCount(9);
    expect(".o_lp_stamp_filled").toHaveCount(7);
    expect(".o_lp_stamp_pending").toHaveCount(1);
    expect(".o_lp_stamps").toHaveAttribute("aria-label", "7 of 9 stamps");
    expect(".loyalty-stamps-ready").toHaveCount(0);
    // The stamps say it already.
    expect(".loyalty-member-balance").toHaveCount(0);
    card.update({ points: -2 });
    await animationFrame();
    expect(".loyalty-member-balance").toHaveText("-2");
});

test("the receipt shows the stamps that the server booked", async () => {
    const { order, card } = await setupMembership();
    order.update({
        loyalty_result: [
            figuresOf(card, {
                balance: 9,
                pending: 0,
                stampsNeeded: 9,
                words: ["9 stamps = 1 Coffee for free."],
            }),
        ],
    });
    await mountWithCleanup(MemberReceipt, { props: { order } });
    expect(".o_lp_stamp_filled").toHaveCount(9);
    expect(".loyalty-stamps-ready").toHaveText(/1 × full/);
    expect(".loyalty-receipt-words").toHaveText("9 stamps = 1 Coffee for free.");
});

test("points have no stamps", async () => {
    const { order, partner } = await setupMembership();
    order.setPartner(partner);
    await mountWithCleanup(MemberPanel, { props: { order } });
    expect(".o_lp_stamp").toHaveCount(0);
});

test("the till promises no stamps that a full card will not take", async () => {
    const { order, program, card, rule } = await setupMembership(
        { stamps_needed: 9, stamp_surplus: "dropped" },
        { points: 8, points_pending: 0 }
    );
    rule.update({ reward_point_mode: "unit" });
    expect(estimatePoints(order, program, card)).toBe(1);
    program.update({ stamp_surplus: "kept" });
    expect(estimatePoints(order, program, card)).toBeGreaterThan(1);
});

test("stamps of before and of this order buy the free one together", async () => {
    const { order, program, card, rule } = await setupMembership(
        { stamps_needed: 9, stamp_surplus: "kept" },
        { points_pending: 0 }
    );
    rule.update({ reward_point_mode: "unit" });
    const units = order.lines.reduce((total, line) => total + line.getQuantity(), 0);
    const product = order.lines[0].product_id;
    const reward = {
        id: -1,
        program_id: program,
        reward_product_ids: [product],
        reward_product_qty: 1,
        required_points: 9,
    };
    // The free one gives no stamp, so that one more is needed from before.
    card.update({ points: 9 - units });
    expect(getFreeQuantity(order, reward, card, product)).toBe(0);
    card.update({ points: 10 - units });
    expect(getFreeQuantity(order, reward, card, product)).toBe(1);
    program.update({ hold_days: 14 });
    expect(getFreeQuantity(order, reward, card, product)).toBe(0);
});
