import { expect, test } from "@odoo/hoot";
import {
    findExcluded,
    getLimitedClaims,
    isOnOffer,
} from "@loyalty_program_pos/app/utils/reward_limits";

const { DateTime } = luxon;
const day = (text) => DateTime.fromISO(text);

test("an offer has its days, the last one included", () => {
    const reward = { claim_from: day("2026-07-01"), claim_to: day("2026-07-31") };
    expect(isOnOffer(reward, day("2026-06-30T23:59"))).toBe(false);
    expect(isOnOffer(reward, day("2026-07-01T00:00"))).toBe(true);
    expect(isOnOffer(reward, day("2026-07-31T23:59"))).toBe(true);
    expect(isOnOffer(reward, day("2026-08-01T00:00"))).toBe(false);
    expect(isOnOffer({}, day("2026-08-01"))).toBe(true);
});

test("rewards of one group exclude each other, not themselves", () => {
    const one = { id: 1, exclusion_key: "3,7" };
    const two = { id: 2, exclusion_key: "7" };
    const free = { id: 3, exclusion_key: "" };
    expect(findExcluded(one, [free, two])).toBe(two);
    expect(findExcluded(one, [one, free])).toBe(undefined);
    expect(findExcluded(free, [one, two])).toBe(undefined);
});

test("only limited rewards are counted, by card and reward", () => {
    const card = { id: 5, reward_prices: { 4: { price: 12, share: 0.4 } } };
    const gift = {
        id: 1,
        limit_member: 2,
        required_points: 30,
        reward_type: "product",
    };
    const cheaper = { ...gift, id: 4 };
    const money = { id: 6, limit_member: 2, required_points: 10 };
    const points = { id: 2, limit_total: 9, discount_mode: "per_point" };
    const open = { id: 3 };
    const claims = getLimitedClaims([
        { reward_id: gift, coupon_id: card, points_cost: 30 },
        { reward_id: gift, coupon_id: card, points_cost: 60 },
        { reward_id: points, coupon_id: card, points_cost: 250 },
        { reward_id: open, coupon_id: card, points_cost: 10 },
        { reward_id: cheaper, coupon_id: card, points_cost: 36 },
        { reward_id: money, coupon_id: card, points_cost: 20 },
        { reward_id: gift, coupon_id: { id: -1 }, points_cost: 30 },
    ]);
    expect(claims).toEqual([
        { card_id: 5, reward_id: 1, times: 3 },
        { card_id: 5, reward_id: 2, times: 1 },
        { card_id: 5, reward_id: 4, times: 3 },
        { card_id: 5, reward_id: 6, times: 1 },
    ]);
});
