import { expect, test } from "@odoo/hoot";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupMembership } from "../utils";

definePosModels();

function changeOf(card, program, points) {
    return { [card.id]: { coupon_id: card.id, program_id: program.id, points } };
}

test("a strict programme applies to members only", async () => {
    const { order, program, partner, card } = await setupMembership();
    expect(order._programIsApplicable(program)).toBe(false);
    order.setPartner(partner);
    expect(order._programIsApplicable(program)).toBe(true);
    card.update({ member_state: "left" });
    expect(order._programIsApplicable(program)).toBe(false);
});

test("a programme for some tiers follows the customer", async () => {
    const { order, program, partner } = await setupMembership({
        ledger_policy: "stock",
        is_nominative: false,
        audience_terms: { tiers: [2], segments: [], both: false },
    });
    expect(order._programIsApplicable(program)).toBe(false);
    order.setPartner(partner);
    expect(order._programIsApplicable(program)).toBe(false);
    partner.loyalty_standing = { tiers: [2], segments: [] };
    expect(order._programIsApplicable(program)).toBe(true);
});

test("a frozen member collects by setting and spends nothing", async () => {
    const { order, program, partner, card } = await setupMembership(
        {},
        { member_state: "frozen", may_spend: false }
    );
    order.setPartner(partner);
    expect(order._programIsApplicable(program)).toBe(true);
    expect(order._getRealCouponPoints(card.id)).toBe(0);
    card.update({ may_earn: false });
    expect(order._programIsApplicable(program)).toBe(false);
});

test("a non-member gets no local card and no points", async () => {
    const { store, order, card, partner } = await setupMembership(
        {},
        { member_state: "none" }
    );
    order.setPartner(partner);
    store.loadedMembershipIds.add(partner.id);
    await store.updatePrograms();
    const programs = Object.values(order.uiState.couponPointChanges).map(
        (pe) => pe.program_id
    );
    expect(programs).not.toInclude(card.program_id.id);
});

test("points that wait are not spendable in the order that earns them", async () => {
    const { order, program, card } = await setupMembership({ hold_days: 14 });
    order.uiState.couponPointChanges = changeOf(card, program, 500);
    expect(order._getRealCouponPoints(card.id)).toBe(40);
    program.update({ hold_days: 0 });
    expect(order._getRealCouponPoints(card.id)).toBe(540);
    program.update({ hold_days: 14, ledger_policy: "stock" });
    expect(order._getRealCouponPoints(card.id)).toBe(540);
});

test("points that wait do not correct the count of free products", async () => {
    const { order, program } = await setupMembership({ hold_days: 14 });
    const product = order.lines[0].product_id;
    expect(order._isRewardProductPartOfRules({ program_id: program }, product)).toBe(
        false
    );
    program.update({ hold_days: 0 });
    expect(order._isRewardProductPartOfRules({ program_id: program }, product)).toBe(
        true
    );
});

test("memberships are left out of stock's rows of points", async () => {
    const { order, program, card } = await setupMembership();
    order.uiState.couponPointChanges = changeOf(card, program, 5);
    expect(order.getLoyaltyPoints()).toHaveLength(0);
    program.update({ ledger_policy: "stock" });
    expect(order.getLoyaltyPoints()).toHaveLength(1);
});
