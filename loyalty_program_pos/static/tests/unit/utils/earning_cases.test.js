import { expect, globals, test } from "@odoo/hoot";
import { evaluate } from "@loyalty_program_pos/app/utils/earning";

const { fetch: realFetch } = globals;
const CASES = "/loyalty_program_pos/static/tests/unit/cases/earning.json";

test("the till answers the cases of the engine alike", async () => {
    const response = await realFetch(CASES);
    const cases = await response.json();
    expect(cases.length).toBeGreaterThan(50);
    for (const { name, lines, codes, due, vouchers, ...rest } of cases) {
        const basket = { lines, codes, due, vouchers };
        const points = evaluate(basket, rest.rules, rest.terms || {}, rest.room);
        expect(points).toBe(Number(rest.points), { message: name });
    }
});
