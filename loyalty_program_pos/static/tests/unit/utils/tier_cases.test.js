import { expect, globals, test } from "@odoo/hoot";
import {
    getNextStep,
    getProjectedTier,
} from "@loyalty_program_pos/app/utils/tier_progress";

const { fetch: realFetch } = globals;
const CASES = "/loyalty_program_pos/static/tests/unit/cases/tiers.json";

test("the till tells the way to the next tier as the engine does", async () => {
    const response = await realFetch(CASES);
    const cases = await response.json();
    expect(cases.length).toBeGreaterThan(50);
    for (const { name, levels, either, tier, amounts, sale, ...rest } of cases) {
        const ladder = { levels, joined: either ? "any" : "all" };
        const step = getNextStep(ladder, tier, amounts);
        const told = step && {
            tier: step.tier,
            index: step.index,
            missing: step.missing,
        };
        const wanted = rest.next && {
            ...rest.next,
            missing: Number(rest.next.missing),
        };
        expect(told).toEqual(wanted || undefined, { message: name });
        const projected = getProjectedTier(ladder, tier, amounts, sale);
        // The till does not ask where the tier is locked.
        expect(rest.is_locked ? tier : projected).toBe(rest.projected, {
            message: name,
        });
    }
});
