import { expect, globals, test } from "@odoo/hoot";
import { admits, isFor } from "@loyalty_program_pos/app/utils/audience";

const { fetch: realFetch } = globals;
const CASES = "/loyalty_program_pos/static/tests/unit/cases/audience.json";

test("the till admits whom the engine admits", async () => {
    const cases = await (await realFetch(CASES)).json();
    expect(cases.length).toBeGreaterThan(10);
    for (const { name, held, in: inside, admitted, ...audience } of cases) {
        expect(admits(audience, held, inside)).toBe(admitted, { message: name });
    }
});

test("what names nobody is for everybody, the rest not for guests", () => {
    const named = { audience_terms: { tiers: [2], segments: [], both: false } };
    const silver = { loyalty_standing: { tiers: [2], segments: [] } };
    expect(isFor({ audience_terms: false }, undefined)).toBe(true);
    expect(isFor(named, undefined)).toBe(false);
    expect(isFor(named, { loyalty_standing: false })).toBe(false);
    expect(isFor(named, silver)).toBe(true);
});
