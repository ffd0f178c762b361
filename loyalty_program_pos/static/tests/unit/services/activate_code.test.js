import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { explainIdleCode } from "@loyalty_program_pos/app/services/activate_code";
import { setupMembership } from "../utils";

definePosModels();

const CARD = 77;
const program = { reward_ids: [{ required_points: 1 }] };

/** An order with 10 % for Gold, on which a code was just entered. */
function fakeOrder(facts = {}) {
    return {
        lines: [{}],
        _get_reward_lines: () => facts.rewardLines || [],
        _hasBetterDiscount: () => facts.isWorse ?? true,
        _getRealCouponPoints: () => facts.points ?? 1,
        _canGenerateRewards: () => facts.isAllowed ?? true,
        _getGlobalDiscountLines: () => [
            { reward_id: { description: "10 % for Gold" } },
        ],
    };
}

function explain(facts, offers = [], cardId = CARD) {
    return explainIdleCode(fakeOrder(facts), program, cardId, offers);
}

test("a code that gives something, or may be chosen from, needs no words", () => {
    expect(explain({ rewardLines: [{ coupon_id: { id: CARD } }] })).toBe(undefined);
    expect(explain({}, [{ coupon_id: CARD }])).toBe(undefined);
    const empty = { ...fakeOrder(), lines: [] };
    expect(explainIdleCode(empty, program, CARD, [])).toBe(undefined);
});

test("a code that gives nothing says why", async () => {
    // The words of a till that has opened.
    await setupMembership();
    expect(String(explain({}))).toMatch(/10 % for Gold.*do not add up/);
    const others = { rewardLines: [{ coupon_id: { id: 5 } }, {}] };
    expect(String(explain(others, [{ coupon_id: 5 }]))).toMatch(/do not add up/);
    for (const facts of [{ isWorse: false }, { points: 0 }, { isAllowed: false }]) {
        expect(String(explain(facts))).toMatch(/nothing for this order yet/);
    }
    expect(String(explain({ points: 0 }, [{}], undefined))).toMatch(/nothing/);
});

test("a code that is on the order is not entered again in another spelling", async () => {
    const { store, order, card } = await setupMembership({}, { code: "044-AB CD" });
    order._code_activated_coupon_ids = [["link", card]];
    expect(String(await store.activateCode("044ab-cd"))).toMatch(/already/);
});
