import { expect, globals, test } from "@odoo/hoot";
import {
    fitChoice,
    getRange,
    isChoice,
} from "@loyalty_program_pos/app/utils/points_choice";

const { fetch: realFetch } = globals;
const CASES = "/loyalty_program_pos/static/tests/unit/cases/points_choice.json";

test("the till offers the choices that the engine allows", async () => {
    const response = await realFetch(CASES);
    const cases = await response.json();
    expect(cases.length).toBeGreaterThan(10);
    for (const { name, balance, worth, lowest, highest, limit, ...rest } of cases) {
        const terms = Object.fromEntries(
            ["value", "minimum", "step", "maximum", "scale"].map((key) => [
                key,
                Number(rest[key] || 0),
            ])
        );
        const range = getRange(terms, Number(balance), Number(worth));
        expect(range.lowest).toBe(lowest, { message: name });
        expect(range.highest).toBe(highest, { message: name });
        expect(range.limit).toBe(limit, { message: name });
    }
});

test("what is no choice is told from what is one", () => {
    const range = { lowest: 50, highest: 90, step: 20, scale: 0 };
    for (const points of [50, 70, 90]) {
        expect(isChoice(range, points)).toBe(true);
    }
    for (const points of [NaN, -70, 0, 49, 60, 70.5, 110, 1e300, Infinity]) {
        expect(isChoice(range, points)).toBe(false);
    }
    expect(fitChoice(range, 500)).toBe(90);
    expect(fitChoice(range, 69)).toBe(50);
    expect(fitChoice(range, 49)).toBe(undefined);
});
