import { expect, test } from "@odoo/hoot";
import { isSameCode, readTypedCode } from "@loyalty_program_pos/app/utils/typed_code";

test("a code is the same in lower case, with spaces and without hyphens", () => {
    expect(isSameCode(" 044-abcde fghjk", "044-ABCDE-FGHJK")).toBe(true);
    expect(isSameCode("044-abcdf fghjk", "044-ABCDE-FGHJK")).toBe(false);
    expect(isSameCode("", "")).toBe(false);
    expect(isSameCode("x", undefined)).toBe(false);
});

test("a promotion's code is found as it is stored, unless two are meant", () => {
    expect(readTypedCode("welcome 10", ["WELCOME10", "BYE"])).toBe("WELCOME10");
    expect(readTypedCode("welcome10", ["WELCOME10", "Welcome-10"])).toBe("welcome10");
    expect(readTypedCode("Welcome-10", ["WELCOME10", "Welcome-10"])).toBe("Welcome-10");
    expect(readTypedCode("other", ["WELCOME10"])).toBe("other");
});
