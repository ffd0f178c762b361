import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {
    getMemberCard,
    getPointName,
    getStrictPrograms,
    isStrict,
    ownPointsSpendable,
} from "@loyalty_program_pos/app/utils/membership";
import { formatPoints } from "@loyalty_program_pos/app/utils/format_points";
import { setupMembership } from "../utils";

definePosModels();

test("only strict programmes have members", async () => {
    const { store, program, card, partner } = await setupMembership();
    expect(getStrictPrograms(store.models)).toEqual([program]);
    expect(getMemberCard(store.models, program, partner)).toBe(card);
    expect(getMemberCard(store.models, program, undefined)).toBe(undefined);
    expect(isStrict(undefined)).toBe(false);
});

test("a card of somebody who did not join or left is no membership", async () => {
    const { store, program, card, partner } = await setupMembership();
    for (const member_state of ["none", "left"]) {
        card.update({ member_state });
        expect(getMemberCard(store.models, program, partner)).toBe(undefined);
    }
});

test("own points are spendable only without a return window", () => {
    expect(ownPointsSpendable({ ledger_policy: "strict", hold_days: 14 })).toBe(false);
    expect(ownPointsSpendable({ ledger_policy: "strict", hold_days: 0 })).toBe(true);
    expect(ownPointsSpendable({ ledger_policy: "stock", hold_days: 14 })).toBe(true);
});

test("points have the programme's name and decimals", () => {
    const program = { portal_visible: true, portal_point_name: "stars" };
    expect(getPointName(program, "points")).toBe("stars");
    expect(getPointName({ ...program, portal_visible: false }, "points")).toBe(
        "points"
    );
    expect(formatPoints(1234, 0)).toBe("1,234");
    expect(formatPoints(1.5, 2)).toBe("1.50");
    expect(formatPoints(undefined, 0)).toBe("0");
});
